//! The parts of what an instruction costs add up to what it takes, and gas by opcode to what the transaction uses.

use crate::programs::Case;
use evm_core::fork::Fork;
use evm_core::trace::explain::Explainer;
use evm_core::trace::stats::Stats;

#[test]
fn parts_add_up() {
    let (mut steps, mut failed) = (0, 0);
    for seed in 20_000..26_000 {
        let case = Case::random(seed);
        let mut explainer = Explainer::new(20_000);
        if case.run(&mut explainer).is_err() {
            continue;
        }
        for step in explainer.into_explanations() {
            let sum = step.cost.parts.iter().fold(0u64, |sum, part| sum.saturating_add(part.gas));
            assert_eq!(sum, step.cost.total);
            let stopped = step.failure.as_ref().is_some_and(|why| !why.starts_with("the contract reverted"))
                && step.outputs.is_empty();
            if stopped {
                failed += 1;
            } else {
                assert_eq!(
                    step.taken,
                    step.cost.total.saturating_sub(step.cost.returned),
                    "{:?} {step:?}",
                    case.rules.fork
                );
            }
            steps += 1;
        }
    }
    assert!(steps > 50_000 && failed > 500, "{steps} {failed}");
}

#[test]
fn statistics_add_up() {
    for seed in 30_000..34_000 {
        let case = Case::random(seed);
        let mut stats = Stats::new();
        if case.run(&mut stats).is_err() {
            continue;
        }
        let own: u64 = stats.calls.iter().map(|call| call.own_gas).sum();
        let top = &stats.calls[0];
        assert_eq!(own - stats.stipends - stats.returned, top.gas_used, "{:?}", case.rules.fork);
        assert!(stats.returned == 0 || case.rules.fork >= Fork::Amsterdam);
        let opcodes = stats.opcodes(Fork::Osaka);
        let by_opcode: u64 = opcodes.iter().map(|row| row.total.gas + row.total.lost).sum();
        let by_place: u64 =
            stats.codes.iter().flat_map(|code| &code.places).map(|used| used.gas + used.lost).sum();
        assert_eq!(by_opcode, by_place);
        assert!(by_opcode <= own);
        let steps: u64 = stats.calls.iter().map(|call| call.steps).sum();
        assert_eq!(steps, opcodes.iter().map(|row| row.total.count).sum::<u64>());
    }
}
