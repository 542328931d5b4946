//! EIP-3155 lines beside revm's `TracerEip3155`, after the normalisation that `evm_core::trace::eip3155` documents.

use evm_core::fork::Fork;
use evm_core::trace::eip3155::{Dialect, Options};
use evm_peer::fuzz::{FORKS, Scene, our_lines, revm_lines};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The documented normalisation.
fn normal(line: &str) -> Value {
    let mut value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let fields = value.as_object_mut().unwrap();
    if fields.contains_key("pass") {
        fields.remove("gasUsed");
    }
    let error = fields.get("error").and_then(Value::as_str).unwrap_or("Stop").to_owned();
    if !["Stop", "Return", "SelfDestruct", "Revert"].contains(&error.as_str()) {
        fields.remove("gasCost");
        let error = match error.as_str() {
            "MemoryOOG" | "MemoryLimitOOG" | "InvalidOperandOOG" | "ReentrancySentryOOG" => "OutOfGas",
            "CallNotAllowedInsideStatic" => "StateChangeDuringStaticCall",
            error => error,
        };
        fields.insert("error".into(), error.into());
    }
    value
}

/// A creation under Amsterdam after which no frame begins: the next line is of the same one.
fn refused(fork: Fork, lines: &[String], n: usize) -> bool {
    let depth = |line: &str| normal(line).get("depth").cloned();
    let creates = [r#""op":240,"#, r#""op":245,"#].iter().any(|op| lines[n].contains(op));
    fork >= Fork::Amsterdam && creates && lines.get(n + 1).is_some_and(|next| depth(next) == depth(&lines[n]))
}

/// Line by line: how many. Where an instruction breaks two rules, the names that the two EVMs have for that.
fn compare(scene: &Scene, memory: bool, failures: &mut BTreeSet<String>) -> usize {
    let options = Options { dialect: Dialect::Revm, memory, return_data: false };
    let (ours, theirs) = (our_lines(scene, options), revm_lines(scene, memory));
    assert_eq!(ours.is_some(), theirs.is_some(), "one refuses the transaction: {scene:?}");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return 0 };
    for (n, (our, their)) in ours.iter().zip(&theirs).enumerate() {
        if our == their {
            continue;
        }
        let (mut a, mut b) = (normal(our), normal(their));
        let reverted = n > 0 && ours[n - 1].contains(r#""error":"Revert""#);
        if a["pass"] == false && !reverted {
            b["output"] = "0x".into();
        }
        if refused(scene.fork, &ours, n) {
            (a["gasCost"], b["gasCost"]) = (Value::Null, Value::Null);
        }
        if a != b && a.get("error").is_some() && b.get("error").is_some() {
            failures.insert(format!("{} {}", a["error"], b["error"]).replace('"', ""));
            a["error"] = "?".into();
            b["error"] = "?".into();
        }
        assert_eq!(a, b, "line {n}, {:?}; before: {}", scene.fork, ours[n.saturating_sub(1)]);
    }
    // EIP-8037: gas that does not suffice for the transaction's own state gas; there is no frame.
    let nothing = ours.len() == 1 && theirs.is_empty() && scene.fork >= Fork::Amsterdam;
    assert!(ours.len() == theirs.len() || nothing, "{:?}", scene.fork);
    ours.len()
}

#[test]
fn random_programs_trace_like_revm() {
    let mut lines: BTreeMap<Fork, usize> = BTreeMap::new();
    let mut failures = BTreeSet::new();
    for seed in 0..3000 {
        let scene = Scene::new(seed);
        *lines.entry(scene.fork).or_default() += compare(&scene, seed % 4 == 0, &mut failures);
    }
    let known =
        ["OutOfGas", "NotActivated", "StateChangeDuringStaticCall", "StackUnderflow", "StackOverflow"];
    for names in &failures {
        assert!(names.split(' ').all(|name| known.contains(&name)), "{names}");
    }
    for fork in FORKS {
        assert!(lines[&fork] > 3000, "{fork:?}: only {} lines compared", lines[&fork]);
    }
}
