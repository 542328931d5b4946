//! Each kind of step.

use super::programs::{machine, poke, protected, protected_machine, real, real_machine};
use super::*;
use crate::debugger::Address;
use crate::machine::Stop;

fn to(address: u32) -> Command {
    Command::To(Address::Linear(address))
}

#[test]
fn into_is_one_instruction() {
    let mut bench = Bench::new(real_machine());
    assert_eq!(bench.done(to(real::CALL)), real::CALL);
    assert_eq!(bench.done(Command::Into), real::TWICE);
    let count = bench.machine.instructions();
    bench.done(Command::Into);
    assert_eq!(bench.machine.instructions(), count + 1);
}

#[test]
fn over_takes_calls_loops_interrupts_and_repetition_whole() {
    let mut bench = Bench::new(real_machine());
    bench.done(to(real::LOOP));
    let pairs = [
        (real::LOOP, real::CALL),
        (real::CALL, real::LOAD),
        (real::MOVSB, real::INT),
        (real::INT, real::STORE_SAME),
    ];
    for (from, next) in pairs {
        if bench.ip() != from {
            bench.done(to(from));
        }
        assert_eq!(bench.done(Command::Over), next);
    }
    // A fault is not run over: it goes to its handler.
    bench.done(to(real::DIV));
    assert_eq!(bench.done(Command::Over), real::HANDLER_0);
}

#[test]
fn over_a_recursive_call_comes_back_to_the_same_frame() {
    let mut bench = Bench::new(real_machine());
    // INNER calls its own end: the same RET returns twice, from two depths.
    bench.done(to(real::INNER + 4));
    assert_eq!(bench.done(Command::Over), real::INNER + 7);
}

#[test]
fn out_and_until_return() {
    let mut bench = Bench::new(real_machine());
    bench.done(to(real::TWICE + 1));
    assert_eq!(bench.done(Command::Return), real::TWICE_RET);
    // Standing at a return, the next one out is meant: there is none.
    assert_eq!(bench.done(Command::Out), real::LOAD);
    let mut bench = Bench::new(real_machine());
    bench.done(to(real::INNER));
    let inner = bench.machine.registers().esp;
    assert_eq!(bench.done(Command::Out), real::TWICE + 7);
    assert_eq!(bench.machine.registers().esp, inner + 2);
    // From a handler.
    bench.done(to(real::HANDLER_21));
    assert_eq!(bench.done(Command::Out), real::STORE_SAME);
}

#[test]
fn until_the_mode_changes() {
    let mut bench = Bench::new(protected_machine());
    assert_eq!(bench.done(Command::Mode), protected::FAR_JUMP);
    assert_eq!(bench.done(Command::Mode), protected::PAGED);
}

#[test]
fn over_a_system_call_from_user_code() {
    let mut bench = Bench::new(protected_machine());
    bench.done(to(protected::INT));
    assert_eq!(bench.done(Command::Over), protected::FAULTS);
    assert_eq!(bench.machine.registers().cpl, 3);
    bench.done(Command::Into);
    assert_eq!((bench.ip(), bench.machine.registers().cpl), (protected::HANDLER_14, 0));
}

#[test]
fn a_stop_on_the_way_ends_a_step() {
    let mut bench = Bench::with(real_machine(), &[at(real::INNER)]);
    bench.done(to(real::CALL));
    assert!(matches!(bench.run(Command::Over), Outcome::Stopped(_)));
    // The step is over, too: nothing waits at the instruction after the call.
    assert_eq!(bench.run(Command::Continue), bench_stop(&bench));
}

fn bench_stop(bench: &Bench) -> Outcome {
    let detail = Detail::Execute { linear: real::INNER };
    let stop = Hit {
        stop: 0,
        id: String::new(),
        kind: "execute".into(),
        symbol: String::new(),
        hits: bench.debugger.stops()[0].hits,
        detail,
        by: None,
        error: None,
    };
    Outcome::Stopped(vec![stop])
}

#[test]
fn a_step_out_of_budget_goes_on() {
    let mut bench = Bench::new(real_machine());
    bench.done(to(real::CALL));
    let mut command = Command::Over;
    let mut slices = 0;
    loop {
        let until = Until::instruction(bench.machine.instructions() + 2);
        match bench.debugger.run(&mut bench.machine, command, until) {
            Outcome::OutOfBudget => slices += 1,
            outcome => {
                assert_eq!(outcome, Outcome::Done);
                break;
            }
        }
        command = Command::Resume;
    }
    assert_eq!(bench.ip(), real::LOAD);
    assert!(slices > 3);
}

/// Sets the timer to interrupt every 64 of its periods (54 us) and opens IRQ 0 at vector 8; [`AGAIN`] follows.
const COUNTS: [u8; 35] = [
    // mov al, 34h; out 43h, al; mov al, 40h; out 40h, al; mov al, 0; out 40h, al
    0xB0, 0x34, 0xE6, 0x43, 0xB0, 0x40, 0xE6, 0x40, 0xB0, 0x00, 0xE6, 0x40,
    // mov al, 11h; out 20h, al; mov al, 8; out 21h, al; mov al, 4; out 21h, al; mov al, 1; out 21h, al
    0xB0, 0x11, 0xE6, 0x20, 0xB0, 0x08, 0xE6, 0x21, 0xB0, 0x04, 0xE6, 0x21, 0xB0, 0x01, 0xE6, 0x21,
    // mov al, FEh; out 21h, al; sti; nop; nop
    0xB0, 0xFE, 0xE6, 0x21, 0xFB, 0x90, 0x90,
];
/// again: inc word [600h]; jmp again
const AGAIN: [u8; 6] = [0xFF, 0x06, 0x00, 0x06, 0xEB, 0xFA];
/// inc word [700h]; mov al, 20h; out 20h, al; iret
const HANDLER: [u8; 9] = [0xFF, 0x06, 0x00, 0x07, 0xB0, 0x20, 0xE6, 0x20, 0xCF];
const LOOP_AT: u32 = 0x7C00 + COUNTS.len() as u32;

fn counting() -> Machine {
    let mut machine = machine(&[&COUNTS[..], &AGAIN].concat());
    poke(&mut machine, 0x7D00, &HANDLER);
    poke(&mut machine, 8 * 4, &0x7D00u32.to_le_bytes());
    machine
}

fn word(bench: &Bench, at: u32) -> u32 {
    let bytes = bench.machine.read_memory(at, 2);
    u32::from(bytes[0].expect("RAM")) | u32::from(bytes[1].expect("RAM")) << 8
}

#[test]
fn steps_over_stay_out_of_interrupt_handlers() {
    let mut bench = Bench::new(counting());
    bench.done(to(LOOP_AT));
    for step in 0..400_000 {
        let ip = bench.done(Command::Over);
        assert!(ip == LOOP_AT || ip == LOOP_AT + 4, "step {step}: {ip:x}");
        if word(&bench, 0x700) > 5 {
            return;
        }
    }
    panic!("no timer interrupts");
}

#[test]
fn an_interrupt_from_a_device_stops_before_its_handler() {
    let mut bench = Bench::with(counting(), &[stop("interrupt", "8")]);
    let until = Until { instruction: 2_000_000, time: u64::MAX };
    let outcome = bench.debugger.run(&mut bench.machine, Command::Continue, until);
    let Outcome::Stopped(hits) = outcome else { panic!("{outcome:?}") };
    assert_eq!((&hits[0].detail, hits[0].by), (&Detail::Interrupt { vector: 8, external: true }, None));
    assert_eq!((bench.ip(), word(&bench, 0x700)), (0x7D00, 0));
    bench.done(Command::Into);
    assert_eq!((bench.ip(), word(&bench, 0x700)), (0x7D04, 1));
}

#[test]
fn a_sleeping_machine_says_so() {
    let mut bench = Bench::new(real_machine());
    bench.done(to(real::HLT));
    bench.done(Command::Into);
    assert_eq!(bench.run(Command::Into), Outcome::Machine(Stop::HaltedForever));
}
