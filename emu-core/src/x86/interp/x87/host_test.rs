//! Comparison with the x87 of a real processor: vectors made by `tests/host-fpu/generate.c`.

use super::arith::{self, Arith};
use super::{compare, stack, transcendental};
use crate::bus::Bus;
use crate::mem::Memory;
use crate::x86::Cpu;
use crate::x86::decode::decode;
use crate::x86::fpu_state::FpuState;
use crate::x86::interp::bind;
use crate::x86::interp::host_vectors::{check, check_exact_functions, check_on_this_processor, vectors};
use crate::x86::regs::{
    cr0,
    gpr::{EAX, EDI},
};
use crate::x86::softfloat::{self, F80, Quotient};
use core::cmp::Ordering;

/// One line of the vector file.
struct Case<'a> {
    text: &'a str,
    op: &'a str,
    control: u16,
    st: [F80; 2],
    memory: F80,
    status: u16,
    expected: [F80; 2],
    expected_memory: F80,
}

fn f80(text: &str) -> F80 {
    let (sign_exponent, significand) = text.split_once(':').expect("a colon");
    F80::new(
        u16::from_str_radix(sign_exponent, 16).expect("sign and exponent"),
        u64::from_str_radix(significand, 16).expect("significand"),
    )
}

fn parse(text: &str) -> Case<'_> {
    let field: Vec<&str> = text.split_ascii_whitespace().collect();
    let [op, control, st0, st1, memory, "|", status, new_st0, new_st1, new_memory] = field[..] else {
        panic!("not a vector: {text}");
    };
    Case {
        text,
        op,
        control: u16::from_str_radix(control, 16).expect("control word"),
        st: [f80(st0), f80(st1)],
        memory: f80(memory),
        status: u16::from_str_radix(status, 16).expect("status word"),
        expected: [f80(new_st0), f80(new_st1)],
        expected_memory: f80(new_memory),
    }
}

/// Stores the low bytes of a value over the memory operand.
fn overwrite<const N: usize>(memory: &mut F80, bytes: [u8; N]) {
    let mut image = memory.to_bytes();
    image[..N].copy_from_slice(&bytes);
    *memory = F80::from_bytes(image);
}

fn run(op: &str, fpu: &mut FpuState, memory: &mut F80) {
    let bits = memory.significand;
    match op {
        "fadd" => arith::arith(fpu, Arith::Add, 0, 1, false),
        "fsub" => arith::arith(fpu, Arith::Sub, 0, 1, false),
        "fsubr" => arith::arith(fpu, Arith::Subr, 0, 1, false),
        "fmul" => arith::arith(fpu, Arith::Mul, 0, 1, false),
        "fdiv" => arith::arith(fpu, Arith::Div, 0, 1, false),
        "fsqrt" => arith::sqrt(fpu),
        "fprem" => arith::partial_remainder(fpu, Quotient::Truncated),
        "fprem1" => arith::partial_remainder(fpu, Quotient::Nearest),
        "fscale" => arith::scale(fpu),
        "frndint" => arith::round_to_integer(fpu),
        "fxtract" => arith::extract(fpu),
        "fcom" => compare::compare(fpu, 1, false, 0),
        "fucom" => compare::compare(fpu, 1, true, 0),
        "ftst" => compare::test(fpu),
        "fxam" => compare::examine(fpu),
        "fld32" => stack::load_f32(fpu, bits as u32),
        "fld64" => stack::load_f64(fpu, bits),
        "fild16" => stack::load(fpu, softfloat::from_i64(i64::from(bits as i16)), 0),
        "fild32" => stack::load(fpu, softfloat::from_i64(i64::from(bits as i32)), 0),
        "fild64" => stack::load(fpu, softfloat::from_i64(bits as i64), 0),
        "fbld" => stack::load(fpu, softfloat::from_bcd(memory.to_bytes()), 0),
        "fdivr" => arith::arith(fpu, Arith::Divr, 0, 1, false),
        "fcomi" | "fucomi" => {
            let outcome = compare::compare_flags(fpu, 1, op == "fucomi", false);
            memory.significand = outcome.map_or(0, eflags);
        }
        "f2xm1" => transcendental::two_to_minus_one(fpu),
        "fyl2x" => transcendental::y_log2_x(fpu),
        "fyl2xp1" => transcendental::y_log2_x_plus_1(fpu),
        "fpatan" => transcendental::arctangent(fpu),
        "fsin" => transcendental::sine(fpu),
        "fcos" => transcendental::cosine(fpu),
        "fsincos" => transcendental::sine_and_cosine(fpu),
        "fptan" => transcendental::tangent(fpu),
        _ => match in_memory(op, bits) {
            Some((name, value, denormal)) => run_with_memory(name, fpu, value, denormal),
            None => run_store(op, fpu, memory),
        },
    }
}

/// ZF, PF and CF of a comparison.
fn eflags(outcome: Option<Ordering>) -> u64 {
    match outcome {
        None => 0x45,
        Some(Ordering::Equal) => 0x40,
        Some(Ordering::Less) => 0x01,
        Some(Ordering::Greater) => 0,
    }
}

/// For an operation with a memory operand: its name without size, the operand, and whether that was a denormal.
fn in_memory(op: &str, bits: u64) -> Option<(&str, F80, bool)> {
    let name = op.strip_suffix(|c: char| c.is_ascii_digit())?.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.contains("st") {
        return None;
    }
    let integer = |value: i64| (softfloat::from_i64(value), false);
    let (value, denormal) = match (name.starts_with("fi"), &op[name.len()..]) {
        (true, "16") => integer(i64::from(bits as i16)),
        (true, _) => integer(i64::from(bits as i32)),
        (false, "32") => arith::operand_f32(bits as u32),
        (false, _) => arith::operand_f64(bits),
    };
    Some((name.trim_start_matches("fi").trim_start_matches('f'), value, denormal))
}

fn run_with_memory(name: &str, fpu: &mut FpuState, value: F80, denormal: bool) {
    let operation = match name {
        "add" => Arith::Add,
        "sub" => Arith::Sub,
        "subr" => Arith::Subr,
        "mul" => Arith::Mul,
        "div" => Arith::Div,
        "divr" => Arith::Divr,
        "com" => return compare::compare_memory(fpu, value, denormal, false, 0),
        _ => panic!("unknown operation {name}"),
    };
    arith::arith_memory(fpu, operation, value, denormal);
}

fn run_store(op: &str, fpu: &mut FpuState, memory: &mut F80) {
    macro_rules! store {
        ($store:expr, $pop:expr, $bytes:expr) => {{
            let store = $store;
            if let Some(value) = store.value {
                overwrite(memory, $bytes(value));
            }
            store.commit(fpu, $pop);
        }};
    }
    match op {
        "fst32" => store!(stack::store_f32(fpu), false, u32::to_le_bytes),
        "fst64" => store!(stack::store_f64(fpu), false, u64::to_le_bytes),
        "fist16" => store!(stack::store_int(fpu, 16), false, |v: i64| (v as i16).to_le_bytes()),
        "fist32" => store!(stack::store_int(fpu, 32), false, |v: i64| (v as i32).to_le_bytes()),
        "fistp64" => store!(stack::store_int(fpu, 64), true, i64::to_le_bytes),
        "fbstp" => store!(stack::store_bcd(fpu), true, |v: [u8; 10]| v),
        _ => panic!("unknown operation {op}"),
    }
}

/// Runs one case; what differs, if anything does.
fn difference(line: &str) -> Option<String> {
    let case = &parse(line);
    let mut fpu = FpuState::new();
    fpu.init();
    fpu.push(case.st[1]);
    fpu.push(case.st[0]);
    fpu.set_control_word(case.control);
    let mut memory = case.memory;
    run(case.op, &mut fpu, &mut memory);
    let got = (fpu.status_word(), [fpu.get(0), fpu.get(1)], memory);
    if got == (case.status, case.expected, case.expected_memory) {
        return None;
    }
    Some(format!("{}\n   got {:04X} {:?} {:?} {:?}", case.text, got.0, got.1[0], got.1[1], got.2))
}

/// Every vector gives the same registers, memory and status word, C0 to C3 and all flags included.
#[test]
fn same_as_the_processor() {
    check(&vectors("GLASSBOX_X87_VECTORS", "x87.txt"), difference);
}

/// The transcendental instructions give the correctly rounded value (by mpmath, `tests/host-fpu/transcendental.py`)
/// in all four directions, with the right C1 and exception flags; also next to multiples of pi/2 and for denormals.
#[test]
fn correctly_rounded() {
    check(&vectors("GLASSBOX_TRANSCENDENTAL_VECTORS", "transcendental.txt"), difference);
}

/// 200 000 cases of `correctly_rounded`: no result differs from the correctly rounded one, so that the error is half a
/// unit of the last place at most, and 0 units from the correctly rounded value. Two minutes, nearly all of it Python's.
#[test]
#[ignore = "needs Python with mpmath"]
fn correctly_rounded_with_many_arguments() {
    check_exact_functions(23_000, 200_000, difference);
}

/// Zeros, infinities, NaNs, unsupported formats, and C2 for what is out of range.
#[test]
fn same_specials_as_the_processor() {
    check(&vectors("GLASSBOX_SPECIALS_VECTORS", "specials.txt"), difference);
}

/// 80 000 cases of `same_specials_as_the_processor`; a second.
#[test]
#[ignore = "needs an x86-64 host"]
fn specials_on_this_processor() {
    check_on_this_processor("specials", 10_000, 80_000, difference);
}

/// What the state is after a line's instruction, as the line itself would say it.
fn after(cpu: &mut Cpu, before: &str) -> String {
    let field: Vec<&str> = before.split_ascii_whitespace().collect();
    let [code, eflags, control, status, tags, registers @ .., memory] = &field[..] else {
        panic!("not a vector: {before}")
    };
    let number = |text: &str| u32::from_str_radix(text, 16).expect("a hexadecimal number");
    let length = code.len() / 2;
    let code = number(code).to_be_bytes();
    cpu.st.gpr = Default::default();
    cpu.st.flags.set(number(eflags));
    cpu.st.gpr[EDI] = 0x1020;
    let memory = f80(memory);
    cpu.bus.cx.mem.write(0x1000, &memory.to_bytes());
    let fpu = &mut cpu.st.fpu;
    fpu.set_control_word(number(control) as u16);
    fpu.set_status_word(number(status) as u16);
    fpu.set_tag_word(number(tags) as u16);
    for (i, register) in registers.iter().enumerate() {
        fpu.st[fpu.index(i as u8)] = f80(register);
    }
    let old: Vec<F80> = (0..8).map(|i| fpu.get(i)).collect();
    let decoded = decode(&code[4 - length..], true).expect("an instruction");
    let inst = bind(&decoded, 0);
    if let Err(exception) = (inst.body)(cpu, &inst) {
        return format!(" {exception:?}");
    }
    let (eax, eflags, fpu) = (cpu.st.gpr[EAX], cpu.st.flags.get() & 0x8D5, &cpu.st.fpu);
    let words = [fpu.control, fpu.status_word(), fpu.tag_word()].map(|word| format!("{word:04X}")).join(" ");
    let mut text = format!(" {eax:04X} {eflags:04X} {words}");
    for (i, old) in old.into_iter().enumerate() {
        let new = fpu.get(i as u8);
        if new != old {
            text += &format!(" ST{i}={new:?}");
        }
    }
    let mut bytes = [0; 10];
    cpu.bus.cx.mem.read(0x1000, &mut bytes);
    if bytes != memory.to_bytes() {
        text += &format!(" MEM={:?}", F80::from_bytes(bytes));
    }
    text
}

/// What runs a line of whole instructions and tells what differs, if anything does.
fn stack_difference() -> impl FnMut(&str) -> Option<String> {
    let mut cpu = Cpu::new(Bus::new(Memory::new(1 << 20, 0)));
    cpu.st.cr0 |= cr0::NE;
    move |line| {
        let (before, expected) = line.split_once('|').expect("a bar");
        let got = after(&mut cpu, before);
        (got != expected).then(|| format!("{line}\n   got{got}"))
    }
}

/// Every x87 opcode, with any register empty: registers, memory, tags, TOP, flags, EFLAGS.
#[test]
fn same_stack_as_the_processor() {
    check(&vectors("GLASSBOX_STACK_VECTORS", "stack.txt"), stack_difference());
}

/// Five million cases of `same_as_the_processor`, in all rounding and precision modes; a minute.
#[test]
#[ignore = "needs an x86-64 host"]
fn x87_on_this_processor() {
    check_on_this_processor("x87", 105_000, 5_000_000, difference);
}

/// Half a million cases of `same_stack_as_the_processor`; half a minute.
#[test]
#[ignore = "needs an x86-64 host"]
fn stack_on_this_processor() {
    check_on_this_processor("stack", 1100, 500_000, stack_difference());
}
