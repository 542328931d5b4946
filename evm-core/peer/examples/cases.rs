//! Prints the programs whose speed is measured, a line of JSON each, for the Node benchmark. Snailtracer is the last.

use evm_peer::cases::{asm, cases, snailtracer};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let mut all = cases();
    match evm_peer::snailtracer::hex() {
        Ok(code) => all.push(snailtracer(asm(&code))),
        Err(error) => eprintln!("without snailtracer: {error}"),
    }
    for case in all {
        let others: Vec<String> = case.others.iter().map(|code| hex(code)).collect();
        let line = serde_json::json!({
            "name": case.name, "code": hex(&case.code), "others": others, "input": hex(&case.input), "gas": case.gas,
        });
        println!("{line}");
    }
}
