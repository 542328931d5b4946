//! What is known of mnemonics, for completion.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::table;

/// A mnemonic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Mnemonic {
    /// Its name.
    pub name: String,
    /// Combinations of operands, as `r16, m`; empty for none.
    pub forms: Vec<String>,
    /// What it does, in one line.
    pub help: &'static str,
}

/// All mnemonics in the order of the alphabet.
pub fn mnemonics() -> Vec<Mnemonic> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, operands) in table::forms() {
        let forms = found.entry(name).or_default();
        let form = shown(&operands);
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    found.into_iter().map(|(name, forms)| Mnemonic { help: help(&name), name, forms }).collect()
}

/// Operands as the manuals write them.
fn shown(operands: &str) -> String {
    if operands == "-" {
        return String::new();
    }
    let name = |operand: &str| {
        let (stem, mark) = operand.split_once(':').unwrap_or((operand, ""));
        let stem = match stem {
            "offs" => "m",
            "one" => "1",
            "mm" => "mm",
            "mmm" | "mmm64" => "mm/m64",
            "x" => "xmm",
            "xm" | "xm128" => "xmm/m128",
            "xm32" => "xmm/m32",
            "xm64" => "xmm/m64",
            "i" => "imm",
            "i8" | "sx16" | "sx32" => "imm8",
            "i16" | "sized16" => "imm16",
            "i32" | "sized32" => "imm32",
            "rn32" => "r32",
            "rm8" => "r8/m8",
            "rm16" => "r16/m16",
            "rm32" => "r32/m32",
            other => other,
        };
        match mark {
            "" => stem.to_string(),
            "colon" => format!("{stem}:"),
            mark => format!("{mark} {stem}"),
        }
    };
    let list: Vec<String> = operands.split(',').map(name).collect();
    list.join(", ").replace(":, ", ":")
}

fn help(_name: &str) -> &'static str {
    ""
}
