//! Random bytes as boot sectors, disks, ROMs and option ROMs: no machine panics, none hangs the host.

use glassbox_tests::fuzz::{Outcome, STEPS, fuzz};

fn check(outcome: &Outcome) {
    let Outcome { machines, instructions, lives, starts, failures } = outcome;
    println!(
        "{machines} machines, {instructions} instructions, {lives} images of random bytes, {starts} starts"
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // Random code must really run, not stop at its first mistake.
    assert!(*instructions >= machines * STEPS, "{instructions} instructions of {machines} machines");
}

#[test]
fn two_thousand_random_machines() {
    check(&fuzz(0..2_000));
}

/// GLASSBOX_FUZZ=FIRST:COUNT chooses other seeds, for many nights.
#[test]
#[ignore = "nightly: 100,000 machines"]
fn a_hundred_thousand_random_machines() {
    let range = std::env::var("GLASSBOX_FUZZ").unwrap_or("2000:100000".into());
    let numbers = range.split_once(':').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let (first, count): (u64, u64) =
        numbers.unwrap_or_else(|| panic!("GLASSBOX_FUZZ: give FIRST:COUNT, not {range}"));
    check(&fuzz(first..first.saturating_add(count)));
}
