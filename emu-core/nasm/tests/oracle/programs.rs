//! Programs for directives, macros, data, sections and sizes: `programs.txt`, with a line `----` between them.

use crate::nasm::{compare, demand_none};

#[test]
fn programs_are_equal() {
    let mut differences = Vec::new();
    let mut count = 0;
    for program in include_str!("programs.txt").split("----\n") {
        match compare(program) {
            Ok(true) => count += 1,
            Ok(false) => differences.push(format!("both refuse\n{program}")),
            Err(difference) => differences.push(difference),
        }
    }
    demand_none(&differences);
    assert!(count >= 90, "only {count} programs");
}
