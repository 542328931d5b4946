//! How the vectors recorded on a real processor (`tests/host-fpu`) are read and compared.

use std::collections::BTreeMap;

/// The committed file of vectors, or the one that an environment variable names.
pub fn vectors(variable: &str, committed: &str) -> String {
    let path = std::env::var(variable)
        .unwrap_or(format!("{}/../tests/host-fpu/{committed}", env!("CARGO_MANIFEST_DIR")));
    std::fs::read_to_string(&path).expect("the vector file")
}

/// Fails if any line differs; `difference` tells how.
pub fn check(vectors: &str, difference: impl Fn(&str) -> Option<String>) {
    let wrong: Vec<String> = vectors.lines().filter_map(difference).collect();
    let mut per_operation = BTreeMap::new();
    for line in &wrong {
        *per_operation.entry(line.split(' ').next()).or_insert(0) += 1;
    }
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    let total = vectors.lines().count();
    assert!(wrong.is_empty(), "{} of {total} cases differ: {per_operation:?}\n{shown}", wrong.len());
    assert!(total > 100);
}
