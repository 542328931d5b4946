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

/// Families, by the start of the name where the whole is not listed; the first that fits counts.
const PREFIXES: [(&str, &str); 60] = [
    ("cmov", "copies if the condition holds"),
    ("set", "sets a byte to 1 if the condition holds, else to 0"),
    ("fcmov", "copies an x87 register to ST0 if the condition holds"),
    ("cmps", "compares the string elements at DS:(E)SI and ES:(E)DI; or, with XMM operands, numbers by a predicate"),
    ("cmpxchg", "compares with the accumulator (EDX:EAX for 8 bytes) and exchanges if equal"),
    ("cmp", "compares packed or scalar numbers by a predicate: all bits one where it holds"),
    ("movs", "copies a string element from DS:(E)SI to ES:(E)DI; or moves, extends"),
    ("stos", "stores the accumulator at ES:(E)DI"),
    ("lods", "loads the accumulator from DS:(E)SI"),
    ("scas", "compares the accumulator with the string element at ES:(E)DI"),
    ("ins", "reads a string element from port DX to ES:(E)DI"),
    ("outs", "writes a string element from DS:(E)SI to port DX"),
    ("loop", "counts (E)CX down and jumps while it is not zero (and ZF is as the name says)"),
    ("retf", "returns to another code segment"),
    ("ret", "returns from a near call; a number is taken off the stack as well"),
    ("iret", "returns from an interrupt"),
    ("push", "puts on the stack: a value, all registers (PUSHA) or the flags (PUSHF)"),
    ("pop", "takes from the stack: a value, all registers (POPA) or the flags (POPF)"),
    ("int1", "raises a debug exception"),
    ("int0", "raises interrupt 1 or 3 by its one-byte opcode"),
    ("int3", "raises a breakpoint exception"),
    ("prefetch", "brings memory nearer to the processor"),
    ("jcxz", "jumps if CX is zero"),
    ("jecxz", "jumps if ECX is zero"),
    ("jmp", "jumps"),
    ("j", "jumps if the condition holds"),
    ("cvt", "converts numbers between formats"),
    ("fadd", "adds"),
    ("fiadd", "adds a whole number to ST0"),
    ("fsub", "subtracts (R: the other way round)"),
    ("fisub", "subtracts a whole number (R: the other way round)"),
    ("fmul", "multiplies"),
    ("fimul", "multiplies ST0 by a whole number"),
    ("fdiv", "divides (R: the other way round)"),
    ("fidiv", "divides by a whole number (R: the other way round)"),
    ("fcom", "compares ST0 (I: into the flags; P: and pops)"),
    ("fucom", "compares ST0, where quiet NaNs are no error (I: into the flags; P: and pops)"),
    ("ficom", "compares ST0 with a whole number"),
    ("fild", "loads a whole number"),
    ("fist", "stores ST0 as a whole number"),
    ("fld", "loads the x87 stack: a number, a constant, or the control state"),
    ("fst", "stores ST0 or the control state"),
    ("fnst", "stores the control state, without waiting"),
    ("padd", "adds packed whole numbers (S: saturating, US: unsigned saturating)"),
    ("psub", "subtracts packed whole numbers (S: saturating, US: unsigned saturating)"),
    ("pcmp", "compares packed whole numbers: all bits one where it holds"),
    ("pmul", "multiplies packed whole numbers"),
    ("pack", "packs whole numbers to half their size, saturating"),
    ("punpck", "interleaves the low (L) or high (H) elements"),
    ("unpck", "interleaves the low (L) or high (H) numbers"),
    ("psll", "shifts packed numbers left"),
    ("psrl", "shifts packed numbers right, zeros in"),
    ("psra", "shifts packed numbers right, signs in"),
    ("pmax", "takes the greater of packed whole numbers"),
    ("pmin", "takes the smaller of packed whole numbers"),
    ("pavg", "rounds the average of packed whole numbers"),
    ("pshuf", "arranges elements as a number says"),
    ("shuf", "arranges numbers of both operands as a number says"),
    ("movnt", "stores past the caches"),
    ("mov", "moves"),
];

/// Whole names.
const NAMES: [(&str, &str); 121] = [
    ("aaa", "adjusts AL after adding unpacked decimal digits"),
    ("aas", "adjusts AL after subtracting unpacked decimal digits"),
    ("aam", "splits AL into decimal digits AH and AL"),
    ("aad", "joins decimal digits AH and AL in AL"),
    ("adc", "adds with carry"),
    ("add", "adds"),
    ("and", "bitwise and"),
    ("arpl", "raises a selector's RPL to that of another"),
    ("bound", "raises #BR if an index is out of bounds"),
    ("bsf", "finds the lowest bit that is set"),
    ("bsr", "finds the highest bit that is set"),
    ("bswap", "reverses the order of bytes"),
    ("bt", "copies a bit to CF"),
    ("btc", "copies a bit to CF and inverts it"),
    ("btr", "copies a bit to CF and clears it"),
    ("bts", "copies a bit to CF and sets it"),
    ("call", "calls a procedure"),
    ("cbw", "extends AL to AX by its sign"),
    ("cwde", "extends AX to EAX by its sign"),
    ("cwd", "extends AX to DX:AX by its sign"),
    ("cdq", "extends EAX to EDX:EAX by its sign"),
    ("clc", "clears CF"),
    ("cld", "clears DF: strings go upwards"),
    ("cli", "clears IF: no interrupts"),
    ("clts", "clears CR0.TS"),
    ("cmc", "inverts CF"),
    ("cmp", "compares: flags of the difference"),
    ("cpuid", "identifies the processor"),
    ("daa", "adjusts AL after adding packed decimal digits"),
    ("das", "adjusts AL after subtracting packed decimal digits"),
    ("dec", "subtracts 1, CF stays"),
    ("div", "divides unsigned: AX, DX:AX or EDX:EAX"),
    ("emms", "frees the x87 registers after MMX"),
    ("enter", "makes a stack frame"),
    ("hlt", "waits for an interrupt"),
    ("icebp", "raises a debug exception"),
    ("idiv", "divides signed: AX, DX:AX or EDX:EAX"),
    ("imul", "multiplies signed"),
    ("in", "reads a port"),
    ("inc", "adds 1, CF stays"),
    ("int", "calls an interrupt"),
    ("into", "calls interrupt 4 if OF is set"),
    ("invd", "empties the caches without writing them back"),
    ("invlpg", "forgets a page's translation"),
    ("lahf", "loads AH from the low flags"),
    ("lar", "loads the access rights of a selector"),
    ("lds", "loads a far pointer to DS and a register"),
    ("lea", "computes an address"),
    ("leave", "leaves a stack frame"),
    ("les", "loads a far pointer to ES and a register"),
    ("lfs", "loads a far pointer to FS and a register"),
    ("lgs", "loads a far pointer to GS and a register"),
    ("lss", "loads a far pointer to SS and a register"),
    ("lgdt", "loads the global descriptor table's register"),
    ("lidt", "loads the interrupt descriptor table's register"),
    ("lldt", "loads the local descriptor table's selector"),
    ("lmsw", "loads the low half of CR0"),
    ("lsl", "loads the limit of a selector's segment"),
    ("ltr", "loads the task register"),
    ("mov", "copies"),
    ("movzx", "copies and extends with zeros"),
    ("movsx", "copies and extends by the sign"),
    ("movd", "copies 32 bits between register files"),
    ("movq", "copies 64 bits"),
    ("mul", "multiplies unsigned: into AX, DX:AX or EDX:EAX"),
    ("neg", "negates"),
    ("nop", "does nothing"),
    ("not", "inverts all bits"),
    ("or", "bitwise or"),
    ("out", "writes a port"),
    ("pause", "does nothing, in a loop that waits"),
    ("rcl", "rotates left through CF"),
    ("rcr", "rotates right through CF"),
    ("rol", "rotates left"),
    ("ror", "rotates right"),
    ("rdmsr", "reads the model-specific register ECX to EDX:EAX"),
    ("rdpmc", "reads a performance counter to EDX:EAX"),
    ("rdtsc", "reads the time stamp to EDX:EAX"),
    ("rsm", "leaves system management mode"),
    ("sahf", "loads the low flags from AH"),
    ("salc", "sets AL to FF if CF is set, else to 0"),
    ("sar", "shifts right by the sign"),
    ("sal", "shifts left"),
    ("shl", "shifts left"),
    ("shr", "shifts right, zeros in"),
    ("shld", "shifts left, bits of another register in"),
    ("shrd", "shifts right, bits of another register in"),
    ("sbb", "subtracts with borrow"),
    ("sgdt", "stores the global descriptor table's register"),
    ("sidt", "stores the interrupt descriptor table's register"),
    ("sldt", "stores the local descriptor table's selector"),
    ("smsw", "stores the low half of CR0"),
    ("stc", "sets CF"),
    ("std", "sets DF: strings go downwards"),
    ("sti", "sets IF: interrupts after the next instruction"),
    ("str", "stores the task register"),
    ("sub", "subtracts"),
    ("sysenter", "enters the system quickly"),
    ("sysexit", "leaves the system quickly"),
    ("test", "flags of the bitwise and"),
    ("ud0", "raises #UD"),
    ("ud1", "raises #UD"),
    ("ud2", "raises #UD"),
    ("verr", "tells by ZF if a segment can be read"),
    ("verw", "tells by ZF if a segment can be written"),
    ("wbinvd", "writes the caches back and empties them"),
    ("wrmsr", "writes EDX:EAX to the model-specific register ECX"),
    ("xadd", "exchanges and adds"),
    ("xchg", "exchanges"),
    ("xlat", "loads AL from the table at DS:(E)BX"),
    ("xlatb", "loads AL from the table at DS:(E)BX"),
    ("xor", "bitwise exclusive or"),
    ("fxsave", "saves the x87, MMX and SSE state"),
    ("fxrstor", "restores the x87, MMX and SSE state"),
    ("ldmxcsr", "loads the SSE control register"),
    ("stmxcsr", "stores the SSE control register"),
    ("fxch", "exchanges ST0 with another x87 register"),
    ("fsin", "sine of ST0"),
    ("fcos", "cosine of ST0"),
    ("fsqrt", "square root of ST0"),
    ("clflush", "writes a cache line back and drops it"),
];

/// What an instruction does, in one line.
fn help(name: &str) -> &'static str {
    if let Some((_, text)) = NAMES.iter().find(|(whole, _)| *whole == name) {
        return text;
    }
    if let Some((_, text)) = PREFIXES.iter().find(|(start, _)| name.starts_with(start)) {
        return text;
    }
    match name.as_bytes() {
        [b'f', ..] => "x87 instruction",
        [.., b'p' | b's', b's' | b'd'] => "operation on packed (PS, PD) or scalar (SS, SD) numbers",
        [b'p', ..] => "MMX or SSE2 operation on packed whole numbers",
        _ => "see volume 2 of the manual",
    }
}
