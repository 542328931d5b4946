//! The instructions of the vectors: those recorded on an 80286, and those recorded on the host.

use glassbox_tests::host_cpu::archive::Reader;
use glassbox_tests::iced::Oracle;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

fn bytes(text: &str) -> Vec<u8> {
    let digits = |n| u8::from_str_radix(&text[n..n + 2], 16).expect("hexadecimal digits");
    (0..text.len() / 2).map(|n| digits(2 * n)).collect()
}

/// The instruction with enough behind it that nothing is cut off.
fn padded(mut code: Vec<u8>) -> Vec<u8> {
    code.resize(code.len() + 16, 0x90);
    code
}

fn folder_286() -> PathBuf {
    let shared = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/vectors");
    std::env::var_os("GLASSBOX_VECTORS").map_or_else(|| PathBuf::from(shared), PathBuf::from).join("x86-286")
}

/// What differs in one file of the 80286's vectors, one a form; how many instructions there were.
fn compare_286(path: &Path, oracle: &mut Oracle, wrong: &mut Vec<String>) -> u64 {
    let file = BufReader::new(flate2::read::GzDecoder::new(File::open(path).expect("the file")));
    let (mut count, mut found) = (0, None);
    for line in file.lines() {
        let line = line.expect("text");
        let Some(code) = line.split_once("\"bytes\":\"").and_then(|(_, rest)| rest.split('"').next()) else {
            panic!("no bytes in {line}");
        };
        found = found.or(oracle.compare(&padded(bytes(code)), false).err());
        count += 1;
    }
    wrong.extend(found);
    count
}

#[test]
fn forms_of_the_80286_are_what_iced_says() {
    let Ok(entries) = std::fs::read_dir(folder_286()) else {
        println!("skipped: no vectors in {} (set GLASSBOX_VECTORS)", folder_286().display());
        return;
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "gz"));
    files.sort();
    let (mut oracle, mut wrong) = (Oracle::new(), Vec::new());
    let count: u64 = files.iter().map(|path| compare_286(path, &mut oracle, &mut wrong)).sum();
    println!("{count} vectors, {} instructions that exist", oracle.compared);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(oracle.compared > 0);
}

#[test]
fn instructions_recorded_on_the_host_are_what_iced_says() {
    let mut oracle = Oracle::new();
    for file in ["stack.txt", "simd.txt", "mxcsr.txt"] {
        let path = format!("{}/host-fpu/{file}", env!("CARGO_MANIFEST_DIR"));
        for line in std::fs::read_to_string(path).expect("the vectors").lines() {
            let code = line.split(' ').next().expect("a field");
            oracle.check(&padded(bytes(code)), true);
            oracle.check(&padded(bytes(code)), false);
        }
    }
    assert!(oracle.compared > 1000);
}

#[test]
fn instructions_of_every_form_of_user_mode_are_what_iced_says() {
    let file =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/host-cpu/vectors.bin")).expect("the vectors");
    let mut reader = Reader::new(&file).expect("a file of vectors");
    let mut oracle = Oracle::new();
    while let Some((_, cases)) = reader.form().expect("a form") {
        for (test, _) in cases {
            let code = padded(test.code.to_vec());
            oracle.check(&code, true);
            oracle.check(&code, false);
        }
    }
    assert!(oracle.compared > 50_000);
}
