//! The layers of the design: who may see whom. Imports go one way, and the two engines never meet. The page's rooms are
//! checked by `www/src/rooms.test.ts`.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `emu-core` and what each may see beside itself.
const ROOMS: &[(&str, &str)] = &[
    ("time", ""),
    ("host", ""),
    ("mem", "time"),
    ("bus", "time mem host"),
    ("devices", "time mem bus host"),
    ("x86", "time mem bus"),
    ("machine", "time mem bus host devices x86"),
    ("inspect", "time mem bus host devices x86 machine"),
    ("snapshot", "time mem bus machine"),
    ("debugger", "time mem bus host devices x86 machine inspect"),
];

/// The rooms of `evm-core`. What computes, encodes and describes knows nothing of what executes; what executes knows
/// nothing of chains, files, assembler and tracers; who traces, judges or runs is seen by nobody below.
const EVM_ROOMS: &[(&str, &str)] = &[
    ("word", ""),
    ("keccak", ""),
    ("json", ""),
    ("fork", ""),
    ("rlp", ""),
    ("opcode", "fork"),
    ("asm", "fork keccak opcode word"),
    ("disasm", "asm fork opcode"),
    ("trie", "keccak rlp state word"),
    ("state", "json keccak trie word"),
    ("precompiles", "rules word"),
    ("rules", "fork opcode precompiles transaction"),
    ("transaction", "json keccak precompiles rlp rules word"),
    ("interpreter", "execution inspector instructions opcode rules state word"),
    ("instructions", "block execution interpreter keccak rules state transaction word"),
    ("inspector", "execution interpreter rules state"),
    ("execution", "block inspector instructions interpreter precompiles rules state transaction word"),
    ("block", "chain execution fork inspector json keccak precompiles rlp rules state transaction trie word"),
    ("chain", "block fork json opcode precompiles rules state trie"),
    ("ethash", "block keccak"),
    (
        "trace",
        "block disasm execution fork inspector instructions interpreter keccak opcode precompiles rules state transaction word",
    ),
    (
        "suite",
        "block chain ethash execution fork inspector interpreter json keccak precompiles rlp rules state trace transaction trie word",
    ),
    (
        "t8n",
        "block chain execution fork inspector interpreter json keccak precompiles rlp rules state suite trace transaction trie word",
    ),
    (
        "run",
        "asm block chain execution fork inspector interpreter json keccak opcode precompiles rules state trace transaction trie word",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
}

/// Tests drive a room from outside: files named for them, and what follows `#[cfg(test)]`.
fn without_tests(path: &Path, text: &str) -> String {
    const TESTS: [&str; 5] = ["tests", "tests.rs", "host_test.rs", "host_vectors.rs", "bench.rs"];
    let is_test = path.iter().any(|part| TESTS.iter().any(|name| part == *name));
    if is_test {
        String::new()
    } else {
        text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("").to_owned()
    }
}

/// Names that follow `prefix` in a text.
fn names_after<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = String> + 'a {
    text.match_indices(prefix).map(move |(at, _)| {
        text[at + prefix.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    })
}

/// Names used in a room that it may not see; and how many imports were looked at.
fn strangers(source: &Path, rooms: &[(&str, &str)]) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut seen = 0;
    for (room, allowed) in rooms {
        let mut paths = vec![source.join(format!("{room}.rs"))];
        files(&source.join(room), "rs", &mut paths);
        for path in paths.iter().filter(|p| p.is_file()) {
            let text = without_tests(path, &fs::read_to_string(path).expect("a source file"));
            let code: String =
                text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            for name in names_after(&code, "crate::") {
                // What the façade itself gives is everybody's.
                let is_room = name.starts_with(|c: char| c.is_ascii_lowercase());
                if is_room && name != *room && !allowed.split(' ').any(|room| room == name) {
                    found.push(format!("{}: {room} may not see {name}", path.display()));
                }
                seen += 1;
            }
        }
    }
    (found, seen)
}

#[test]
fn rooms_see_only_what_lies_before_them() {
    for (source, rooms) in [("emu-core/src", ROOMS), ("evm-core/src", EVM_ROOMS)] {
        let (found, seen) = strangers(&root().join(source), rooms);
        assert!(found.is_empty(), "{}", found.join("\n"));
        assert!(seen > 100, "{source}: the rooms were not found: {seen} imports");
        let mut paths = Vec::new();
        files(&root().join(source), "rs", &mut paths);
        let known = |name: &str| {
            name == "lib.rs" || rooms.iter().any(|(room, _)| name.trim_end_matches(".rs") == *room)
        };
        for path in paths {
            let inner = path.strip_prefix(root().join(source)).expect("a path below");
            let first = inner.iter().next().and_then(|part| part.to_str()).unwrap_or_default().to_owned();
            assert!(known(&first), "{}: {first} is no room", path.display());
        }
    }
}

#[test]
fn the_engines_never_meet() {
    let mut paths = Vec::new();
    files(&root().join("evm-core"), "rs", &mut paths);
    assert!(!paths.is_empty());
    for path in &paths {
        assert!(!fs::read_to_string(path).expect("a source file").contains("emu_core"), "{}", path.display());
    }
    files(&root().join("emu-core"), "rs", &mut paths);
    let manifest = fs::read_to_string(root().join("emu-core/Cargo.toml")).expect("the manifest");
    assert!(!manifest.contains("evm-core"));
}

/// Determinism: nothing in the engines asks the host for time, randomness, threads or files.
#[test]
fn the_engines_ask_the_host_for_nothing() {
    for engine in ["emu-core/src", "evm-core/src"] {
        let mut paths = Vec::new();
        files(&root().join(engine), "rs", &mut paths);
        for path in paths {
            let text = without_tests(&path, &fs::read_to_string(&path).expect("a source file"));
            for banned in [
                "std::time",
                "std::thread",
                "std::fs",
                "std::net",
                "std::env",
                " static mut",
                "\nstatic mut",
                "RandomState",
            ] {
                assert!(!text.contains(banned), "{}: {banned}", path.display());
            }
        }
    }
}
