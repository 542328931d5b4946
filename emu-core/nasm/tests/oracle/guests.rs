//! Our own guests: real programs of several hundred lines. Those of `faults` are left out: images of thousands of macro
//! calls, made by NASM for the CPU's tests, with which this one would take half a minute.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use glassbox_nasm::{Options, assemble};

use crate::nasm::nasm;

/// All sources below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.ends_with("faults") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "asm" || e == "inc") {
            found.push(path);
        }
    }
}

#[test]
fn the_guests_are_equal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let mut includes = BTreeMap::new();
    for path in &paths {
        let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
        let name = name.strip_prefix("include/").map_or(name.clone(), str::to_owned);
        includes.insert(name, fs::read_to_string(path).expect("a text"));
    }
    let options = Options { includes, ..Options::default() };
    let mut count = 0;
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "asm")) {
        let text = fs::read_to_string(path).expect("a text");
        let theirs = nasm(&text, &[&root.join("include"), &root]).expect("NASM takes it");
        let ours =
            assemble(&text, &options).unwrap_or_else(|errors| panic!("{}: {}", path.display(), errors[0]));
        assert!(ours.code == theirs, "{}", path.display());
        // The map covers the output without a gap.
        let mut end = 0;
        let mut spans: Vec<_> = ours.map.iter().filter_map(|s| Some((s.offset?, s.length))).collect();
        spans.sort();
        for (offset, length) in spans {
            assert!(offset <= end, "{}: nothing says what made byte {end}", path.display());
            end = end.max(offset + length);
        }
        assert_eq!(end as usize, ours.code.len());
        count += 1;
    }
    assert!(count >= 15, "{count} guests");
}
