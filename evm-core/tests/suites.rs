//! The runner of test suites: on suites, where they are, and on small ones of our own that are always there.

#[path = "../examples/statetest/arguments.rs"]
#[allow(dead_code)]
mod arguments;
#[path = "../examples/statetest/sources.rs"]
mod sources;
#[path = "../examples/statetest/workers.rs"]
mod workers;

use arguments::Arguments;
use std::path::{Path, PathBuf};

/// Passed and failed cases of paths.
fn run(arguments: &[&str]) -> (u64, u64) {
    workers::run(&Arguments::parse(arguments.iter().map(|text| text.to_string())).expect("arguments"))
}

fn here(folder: &str) -> String {
    format!("{}/tests/{folder}", env!("CARGO_MANIFEST_DIR"))
}

/// A suite that is not part of the repository: in `GLASSBOX_VECTORS`, or where it is beside the repository.
fn vectors(name: &str) -> Option<String> {
    let folder = std::env::var_os("GLASSBOX_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"), PathBuf::from);
    let path = folder.join("evm").join(name);
    if !path.exists() {
        println!("skipped: no {} (set GLASSBOX_VECTORS)", path.display());
    }
    path.exists().then(|| path.display().to_string())
}

#[test]
fn execution_spec_state_tests_pass() {
    if let Some(path) = vectors("eest-v5.4.0-state_tests.tar.zst") {
        assert_eq!(run(&[&path]), (32_939, 0));
    }
}

/// Some forks', to keep it short; all of them by `statetest --as-blocks`.
#[test]
fn execution_spec_state_tests_pass_as_blocks() {
    if let Some(path) = vectors("eest-v5.4.0-state_tests.tar.zst") {
        let forks = "Frontier,Byzantium,London,Shanghai";
        assert_eq!(run(&["--as-blocks", "--fork", forks, &path]), (115 + 204 + 595 + 783, 0));
    }
}

#[test]
fn vm_tests_pass() {
    if let Some(path) = vectors("VMTests.tar.zst") {
        assert_eq!(run(&[&path]), (609, 0));
    }
}

#[test]
fn blocks_of_the_specifications_pass() {
    assert_eq!(run(&[&here("blocks")]), (10, 0));
}

#[test]
fn states_of_the_specifications_pass() {
    assert_eq!(run(&["--as-blocks", &here("states")]), (8, 0));
}

#[test]
fn cases_are_selected_by_fork_and_name() {
    assert_eq!(run(&["--fork", "SpuriousDragon", &here("states")]), (1, 0));
    assert_eq!(run(&["--filter", "Istanbul", &here("states")]), (1, 0));
    assert_eq!(run(&["--fork", "BerlinToLondonAt5", &here("blocks")]), (1, 0));
    assert_eq!(run(&["--fork", "Amsterdam", &here("blocks")]), (0, 0));
}

#[test]
fn files_that_are_no_tests_are_failures() {
    assert_eq!(run(&[&here("blocks/make.py")]), (0, 1));
    assert_eq!(run(&[&here("nowhere.json")]), (0, 1));
}
