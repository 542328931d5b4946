//! What is refused, and where the error is.

use super::programs::{protected_machine, real_machine};
use super::*;

#[test]
fn every_field_names_its_error() {
    let base = StopSpec::default;
    let cases = [
        (StopSpec { kind: "fetch".into(), ..base() }, "kind", 0),
        (stop("execute", ""), "at", 0),
        (stop("execute", "12x4"), "at", 2),
        (stop("execute", "0x12g"), "at", 4),
        (stop("execute", "100000000"), "at", 0),
        (stop("execute", "7c0:"), "at", 4),
        (stop("execute", "12345:0"), "at", 0),
        (stop("execute", "phys:1000000000"), "at", 5),
        (StopSpec { length: 0, ..stop("write", "0") }, "length", 0),
        (StopSpec { length: 2, ..stop("write", "ffffffff") }, "length", 0),
        (StopSpec { length: 2 << 20, ..stop("change", "0") }, "length", 0),
        (stop("port", "10000"), "at", 0),
        (stop("port", "3ff-3f8"), "at", 4),
        (stop("interrupt", "100"), "at", 0),
        (stop("exception", "zz"), "at", 0),
        (StopSpec { error: "10000".into(), ..stop("exception", "PF") }, "error", 0),
        (stop("mode", "long"), "at", 0),
        (stop("cpl", "4"), "at", 0),
        (stop("control", "cr1"), "at", 0),
        (stop("screen", ""), "text", 0),
        (StopSpec { text: "x".into(), ..stop("serial", "com5") }, "at", 0),
        (stop("instructions", "0x10"), "at", 0),
        (stop("time", "99999999999999999999"), "at", 0),
        (StopSpec { condition: "eax ==".into(), ..at(0) }, "condition", 6),
        (StopSpec { log: "{ax:q}".into(), ..at(0) }, "log", 4),
        (StopSpec { log: "ax={ax".into(), ..at(0) }, "log", 3),
        (StopSpec { log: "a } b".into(), ..at(0) }, "log", 2),
        (StopSpec { log: "{1 + nope}".into(), ..at(0) }, "log", 5),
        (StopSpec { log: "{ax:99x}".into(), ..at(0) }, "log", 4),
        (StopSpec { from: 0, ..at(0) }, "from", 0),
    ];
    for (spec, field, column) in cases {
        let mut bench = Bench::with(real_machine(), &[at(0x7C00)]);
        let given = vec![at(1), spec.clone()];
        let errors = bench.debugger.set_stops(&mut bench.machine, given).expect_err("refused");
        assert_eq!(errors.len(), 1, "{spec:?}");
        assert_eq!(
            (errors[0].stop, errors[0].field, errors[0].column),
            (1, field, column),
            "{spec:?}: {errors:?}"
        );
        // The old ones stay.
        assert_eq!(bench.debugger.stops()[0].spec, at(0x7C00));
    }
}

#[test]
fn a_selector_must_have_a_descriptor() {
    let mut bench = Bench::new(protected_machine());
    assert_eq!(bench.done(Command::Mode), super::programs::protected::FAR_JUMP);
    bench.done(Command::Into);
    for (selector, good) in [("10:600", true), ("48:600", false), ("14:600", false)] {
        let result = bench.debugger.set_stops(&mut bench.machine, vec![stop("write", selector)]);
        assert_eq!(result.is_ok(), good, "{selector}");
    }
}

#[test]
fn commands_by_name() {
    assert_eq!(
        Command::parse("to", "7c0:10"),
        Ok(Command::To(crate::debugger::Address::Segmented(0x7C0, 0x10)))
    );
    assert_eq!(Command::parse("over", ""), Ok(Command::Over));
    assert!(Command::parse("to", "").is_err());
    assert!(Command::parse("back", "").is_err());
}

fn symbols() -> crate::inspect::symbols::Symbols {
    let mut symbols = crate::inspect::symbols::Symbols::new();
    let map = "00007c00 T start\n00007c20 T handler\n00005678 T add\n";
    symbols.load("map", map.as_bytes(), 0).expect("a good map");
    symbols
}

#[test]
fn stops_stand_on_symbols() {
    let mut machine = real_machine();
    let mut debugger = Debugger::new();
    let names = ["handler", "start+4", "add", "0xadd", "7c0:4", "phys:7c00"];
    let specs = names.map(|name| stop("execute", name)).to_vec();
    debugger.set_named_stops(&mut machine, specs, &symbols()).expect("all are known");
    let set: Vec<_> = debugger.stops().into_iter().map(|view| (view.spec.at, view.spec.symbol)).collect();
    let wanted = [
        ("7c20", "handler"),
        ("7c04", "start+4"),
        // What is a symbol and a number is the symbol.
        ("5678", "add"),
        ("0xadd", ""),
        ("7c0:4", ""),
        ("phys:7c00", ""),
    ];
    assert_eq!(set, wanted.map(|(at, symbol)| (at.to_owned(), symbol.to_owned())));
}

#[test]
fn a_wrong_name_is_told_with_a_near_one() {
    let mut machine = real_machine();
    let mut debugger = Debugger::new();
    let specs = vec![stop("execute", "start"), stop("write", " handlr")];
    let errors = debugger.set_named_stops(&mut machine, specs, &symbols()).expect_err("not known");
    let [error] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!((error.stop, error.field), (1, "at"));
    assert!(error.message.contains("did you mean handler?"), "{}", error.message);
    assert!(debugger.stops().is_empty(), "none is set then");
    // Numbers that are wrong are told as ever, and ports are no places.
    for (spec, field) in [(stop("execute", "12x4"), "at"), (stop("port", "handler"), "at")] {
        let errors = debugger.set_named_stops(&mut machine, vec![spec], &symbols()).expect_err("wrong");
        assert!(errors[0].field == field && !errors[0].message.contains("mean"), "{errors:?}");
    }
}

#[test]
fn stops_follow_their_symbols() {
    let mut machine = real_machine();
    let mut debugger = Debugger::new();
    let mut symbols = symbols();
    let specs = vec![stop("execute", "handler"), stop("execute", "7c01")];
    debugger.set_named_stops(&mut machine, specs, &symbols).expect("known");
    assert!(!debugger.rename_stops(&mut machine, &symbols), "nothing changed");
    symbols.load("map", b"00007c30 T handler\n", 0).expect("a good map");
    assert!(debugger.rename_stops(&mut machine, &symbols));
    let at = |debugger: &Debugger| debugger.stops().into_iter().map(|view| view.spec.at).collect::<Vec<_>>();
    assert_eq!(at(&debugger), ["7c30", "7c01"]);
    symbols.remove("map");
    assert!(!debugger.rename_stops(&mut machine, &symbols), "where nothing is known it stays");
    assert_eq!(at(&debugger), ["7c30", "7c01"]);
}
