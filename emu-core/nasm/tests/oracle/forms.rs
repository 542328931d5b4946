//! Every mnemonic with every form of operands, sizes said and unsaid, in both modes.

use glassbox_nasm::mnemonics;

use crate::nasm::{compare_lines, demand_none};

const ADDRESSES: [&str; 6] = ["[bx+si+4]", "[0x1234]", "[eax+ebx*4-0x80]", "[es:bp+0x200]", "[esp]", "[dword 0x12]"];

/// Texts for an operand of a form.
fn samples(form: &str) -> Vec<String> {
    let memory = |size: &str| ADDRESSES.iter().map(|a| format!("{size}{a}")).collect::<Vec<_>>();
    let list = |texts: &[&str]| texts.iter().map(|t| t.to_string()).collect::<Vec<_>>();
    if let Some((mark, rest)) = form.split_once(' ') {
        return samples(rest).iter().map(|s| format!("{mark} {s}")).collect();
    }
    if let Some((register, rest)) = form.split_once('/') {
        return [samples(register), samples(rest)].concat();
    }
    match form {
        "r8" => list(&["al", "ch", "bl"]),
        "r16" => list(&["ax", "di", "cx"]),
        "r32" => list(&["eax", "edi", "edx"]),
        "mm" => list(&["mm0", "mm5"]),
        "xmm" => list(&["xmm1", "xmm7"]),
        "sreg" => list(&["ds", "gs", "ss"]),
        "cr" => list(&["cr0", "cr3"]),
        "dr" => list(&["dr0", "dr7"]),
        "tr" => list(&["tr6"]),
        "st" => list(&["st0", "st3"]),
        "m" => [memory(""), memory("word "), memory("byte "), memory("dword ")].concat(),
        "m8" => [memory("byte "), memory("")].concat(),
        "m16" => [memory("word "), memory("")].concat(),
        "m32" => [memory("dword "), memory("")].concat(),
        "m64" => [memory("qword "), memory("")].concat(),
        "m80" => [memory("tword "), memory("")].concat(),
        "m128" => [memory("oword "), memory("")].concat(),
        "1" => list(&["1", "strict byte 1"]),
        "imm" | "imm8" | "imm16" | "imm32" => list(&[
            "1", "5", "-1", "127", "128", "-128", "-129", "0xff80", "0x1234", "0x12345678", "byte 5", "word 5", "dword 5",
            "strict byte 5", "strict word 5", "strict dword 5", "$", "$$+5",
        ]),
        other => match other.strip_suffix(':') {
            Some(inner) => samples(inner).iter().map(|s| format!("{s}:")).collect(),
            None => list(&[other]),
        },
    }
}

/// Lines for a form, not too many: all of the first operand with some of the others, and the other way round.
fn lines(name: &str, form: &str) -> Vec<String> {
    let parts: Vec<Vec<String>> =
        form.replace(':', ":, ").split(", ").filter(|p| !p.is_empty()).map(samples).collect();
    let Some(longest) = parts.iter().map(Vec::len).max() else { return vec![name.to_string()] };
    let total: usize = parts.iter().map(Vec::len).product();
    let rounds = if total <= 120 { total } else { longest * 4 };
    (0..rounds)
        .map(|round| {
            let mut rest = round;
            let chosen: Vec<&str> = parts
                .iter()
                .map(|list| {
                    let index = if total <= 120 { rest % list.len() } else { (rest + rest / list.len()) % list.len() };
                    rest = if total <= 120 { rest / list.len() } else { rest * 7 + 3 };
                    list[index].as_str()
                })
                .collect();
            format!("{name} {}", chosen.join(", ").replace(":, ", ":"))
        })
        .collect()
}

#[test]
fn every_form_is_equal_in_both_modes() {
    let mut count = 0;
    let mut differences = Vec::new();
    let all = mnemonics();
    for group in all.chunks(12) {
        let lines: Vec<String> =
            group.iter().flat_map(|m| m.forms.iter().flat_map(|form| lines(&m.name, form))).collect();
        // With a size NASM makes PEXTRW the form of SSE4.1, which this processor does not have.
        let later = |line: &&String| line.starts_with("pextrw") && (line.contains("byte") || line.contains("word"));
        let lines: Vec<String> = lines.iter().filter(|l| !later(l)).cloned().collect();
        for bits in [16, 32] {
            let (good, found) = compare_lines(bits, &lines);
            count += good;
            differences.extend(found);
        }
    }
    demand_none(&differences);
    assert!(count > 15_000, "only {count} lines were assembled");
}

#[test]
fn prefixes_are_equal() {
    let prefixes = ["rep", "repne", "lock", "a16", "a32", "o16", "o32", "es", "gs", "wait", "rep es", "lock o32 fs"];
    let instructions = [
        "movsb", "movsw", "movsd", "stosb", "add [bx], ax", "add dword [ebx], 5", "xchg [si], al", "mov ax, [es:di]", "nop",
        "jmp $", "jmp short $", "jcxz $", "jecxz $", "loop $", "loop $, cx", "loop $, ecx", "call $", "push 5", "push word 5",
        "push dword 5", "pushf", "iret", "retf 4", "lgdt [bx]", "fld dword [bx]", "xlatb", "in ax, dx", "mov al, [5]",
        "mov [word 5], eax", "mov [dword 5], al", "enter 5, 6", "leave", "popa", "jz $", "jz near $", "lea ax, [ebx]", "",
    ];
    let lines: Vec<String> =
        prefixes.iter().flat_map(|p| instructions.iter().map(move |i| format!("{p} {i}"))).collect();
    let mut differences = Vec::new();
    for bits in [16, 32] {
        differences.extend(compare_lines(bits, &lines).1);
    }
    demand_none(&differences);
}

#[test]
fn every_address_is_equal() {
    let short = ["bx", "bp", "si", "di", "ax", "cx"];
    let long = ["eax", "ebx", "esp", "ebp", "esi", "edx"];
    let displacements = ["", "+0", "+1", "-128", "-129", "+0x7fff", "-0x12345678", "+0xfffffff0", "+0xfff0"];
    let mut lines = Vec::new();
    let mut add = |inner: String| {
        for size in ["", "byte ", "word ", "dword ", "nosplit "] {
            lines.push(format!("mov al, [{size}{inner}]"));
        }
    };
    for registers in [short, long] {
        for (index, a) in registers.iter().enumerate() {
            let d = displacements[index % displacements.len()];
            for b in registers {
                add(format!("{a}+{b}{d}"));
                add(format!("{a}+{b}*1{d}"));
                add(format!("{a}*1+{b}"));
                add(format!("{a}*4+{b}{d}"));
                add(format!("{b}+{a}*8-{b}+{b}"));
                add(format!("2*{a}+{b}+{b}"));
            }
            for d in displacements {
                add(format!("{a}{d}"));
            }
            for factor in 1..11 {
                add(format!("{a}*{factor}"));
                add(format!("{a}*{factor}+5"));
                add(format!("5+{a}*{factor}-{a}"));
            }
        }
    }
    for d in ["0", "0x12", "0x1234", "0x12345678", "-1", "es:5", "fs:bx", "gs:ecx*8+1", "$", "$$+4", "cs:$"] {
        add(d.to_string());
    }
    let mut differences = Vec::new();
    let mut count = 0;
    for bits in [16, 32] {
        let (good, found) = compare_lines(bits, &lines);
        count += good;
        differences.extend(found);
    }
    demand_none(&differences);
    assert!(count > 1500, "only {count} addresses were assembled");
}
