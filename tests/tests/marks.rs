//! What lies along a run: told beside stops at the same things, once, whichever way the past is gone through.

use emu_core::inspect::LogFilter;
use emu_core::inspect::symbols::Symbols;
use emu_core::machine::{History, Input, Machine, Mark, MarkKind, Stop, Until};
use glassbox_tests::{Guest, Random};

fn all(history: &History) -> Vec<Mark> {
    history.marks(0, u64::MAX, usize::MAX)
}

fn count(marks: &[Mark], kind: MarkKind) -> u64 {
    marks.iter().filter(|mark| mark.kind == kind).map(|mark| mark.count).sum()
}

/// Interrupts and exceptions are as many as the log has, modes as many as were entered, and going back adds none.
#[test]
fn marks_agree_with_the_log() {
    for guest in ["protected", "v86"] {
        let guest = Guest::own(guest);
        let mut machine = Machine::new(guest.config()).expect("a sound machine");
        machine.set_event_logs(true, false, 65_536);
        let mut history = History::new(&mut machine, History::BUDGET);
        history.run(&mut machine, Until::instruction(9_000_000));
        history.input(&mut machine, Input::Key { code: 0x1E, pressed: true });
        history.run(&mut machine, Until::instruction(11_000_000));
        let marks = all(&history);
        let filter = LogFilter { count: Some(65_536), ..LogFilter::default() };
        let log = machine.inspect().interrupt_log(&filter, &Symbols::new());
        assert!(log.total < 65_536 && log.total > 100);
        let exceptions = log.events.iter().filter(|event| event.source == "exception").count() as u64;
        assert_eq!(count(&marks, MarkKind::Exception), exceptions, "{}", guest.name);
        assert_eq!(count(&marks, MarkKind::Interrupt), log.total - exceptions, "{}", guest.name);
        assert_eq!(count(&marks, MarkKind::Input), 1);
        assert!(count(&marks, MarkKind::Mode) > 2 && count(&marks, MarkKind::Disk) > 0);
        // Those of single events lie where the log has them.
        for mark in marks.iter().filter(|mark| mark.kind == MarkKind::Exception && mark.count == 1) {
            let found = log.events.iter().any(|event| event.time == mark.at.time);
            assert!(found, "{}: {mark:?} is not in the log", guest.name);
        }
        machine.set_event_logs(false, false, 1);
        let mut random = Random::new(1);
        let end = history.end();
        for _ in 0..10 {
            history.go_to_time(&mut machine, random.below(end.time), u64::MAX).expect("the past");
        }
        history.run(&mut machine, Until::time(end.time));
        assert_eq!(all(&history), marks, "{}: what is replayed is not told again", guest.name);
    }
}

/// However few may be told of, they are no more, nothing is lost from the counts, and the rare are still there.
#[test]
fn few_marks_hold_all() {
    let guest = Guest::own("protected");
    let mut machine = Machine::new(guest.config()).expect("a sound machine");
    let mut history = History::new(&mut machine, History::BUDGET);
    history.run(&mut machine, Until::instruction(11_000_000));
    let marks = all(&history);
    let rare = |marks: &[Mark]| marks.iter().filter(|mark| mark.kind == MarkKind::Mode).count();
    for most in [40, 100, 1000] {
        let few = history.marks(0, u64::MAX, most);
        assert!(few.len() <= most);
        assert!(few.is_sorted_by_key(|mark| mark.at));
        for kind in [MarkKind::Interrupt, MarkKind::Disk, MarkKind::Exception, MarkKind::Mode] {
            assert_eq!(count(&few, kind), count(&marks, kind), "{most}: {kind:?}");
        }
        if rare(&marks) <= most / 2 {
            assert_eq!(rare(&few), rare(&marks), "{most}");
        }
    }
    assert!(history.marks(0, u64::MAX, 0).is_empty());
    let end = history.end().time;
    assert!(history.marks(end / 2, end, 50).iter().all(|mark| mark.at.time >= end / 2));
}

/// Branches have marks of their own.
#[test]
fn marks_of_branches() {
    let guest = Guest::own("keyboard");
    let mut machine = Machine::new(guest.config()).expect("a sound machine");
    let mut history = History::new(&mut machine, History::BUDGET);
    assert_eq!(history.run(&mut machine, Until::instruction(12_000_000)), Stop::Limit);
    let old = all(&history);
    history.go_to(&mut machine, 10_000_000, u64::MAX).expect("the past");
    history.input(&mut machine, Input::Reset);
    history.run(&mut machine, Until::instruction(10_500_000));
    let new = all(&history);
    assert_eq!(count(&new, MarkKind::Reset), 1);
    assert_eq!(count(&old, MarkKind::Reset), 0);
    history.switch_branch(&mut machine, 0).expect("all went through the history");
    assert_eq!(all(&history), old);
    history.switch_branch(&mut machine, 1).expect("all went through the history");
    assert_eq!(all(&history), new);
}
