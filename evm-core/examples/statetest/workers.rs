//! Threads that run tests.

use crate::arguments::Arguments;
use crate::sources::{self, Source};
use evm_core::suite::{self, Verdict};
use evm_precompiles::Native;
use serde_json::json;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Files read ahead.
const AHEAD: usize = 4;

/// Numbers of cases, or of files that are none.
#[derive(Default)]
struct Counts {
    passed: AtomicU64,
    failed: AtomicU64,
}

/// Runs all tests: how many passed, how many failed.
pub fn run(arguments: &Arguments) -> (u64, u64) {
    let counts = Counts::default();
    let (sender, receiver) = sync_channel::<Source>(arguments.threads * AHEAD);
    let receiver = Mutex::new(receiver);
    thread::scope(|scope| {
        for _ in 0..arguments.threads {
            scope.spawn(|| work(&receiver, arguments, &counts));
        }
        for path in &arguments.paths {
            sources::read(path, &mut |source| sender.send(source).is_ok());
        }
        drop(sender);
    });
    (counts.passed.into_inner(), counts.failed.into_inner())
}

fn work(receiver: &Mutex<Receiver<Source>>, arguments: &Arguments, counts: &Counts) {
    loop {
        let next = match receiver.lock() {
            Ok(receiver) => receiver.recv(),
            Err(_) => return,
        };
        let Ok((file, text)) = next else { return };
        let mut lines = String::new();
        let mut report = |verdict: Verdict| {
            let count = if verdict.failure.is_none() { &counts.passed } else { &counts.failed };
            count.fetch_add(1, Relaxed);
            if arguments.json {
                lines += &format!("{}\n", json_line(&file, &verdict));
            } else if verdict.failure.is_some() {
                lines += &format!("{file}: {verdict}\n");
            }
        };
        let done = text.and_then(|text| {
            suite::run(&text, &arguments.selection, &Native, &mut report).map_err(|error| error.to_string())
        });
        if let Err(error) = done {
            counts.failed.fetch_add(1, Relaxed);
            lines += &match arguments.json {
                true => format!("{}\n", json!({"file": file, "pass": false, "error": error})),
                false => format!("{file}: {error}\n"),
            };
        }
        // A reader that has gone wants no more lines.
        let _ = io::stdout().write_all(lines.as_bytes());
    }
}

fn json_line(file: &str, verdict: &Verdict) -> serde_json::Value {
    let Verdict { case, fork, index, failure } = verdict;
    let mut line =
        json!({"file": file, "name": case, "fork": fork, "index": index, "pass": failure.is_none()});
    if let Some(failure) = failure {
        line["error"] = failure.to_string().into();
    }
    line
}
