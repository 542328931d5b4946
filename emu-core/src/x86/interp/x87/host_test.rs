//! Comparison with the x87 of a real processor: vectors made by `tests/host-fpu/generate.c`.

use super::arith::{self, Arith};
use super::{compare, stack, transcendental};
use crate::x86::fpu_state::FpuState;
use crate::x86::softfloat::{self, F80, Quotient};

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
        "fadd32" => {
            let (value, denormal) = arith::operand_f32(bits as u32);
            arith::arith_memory(fpu, Arith::Add, value, denormal);
        }
        "fdivr64" => {
            let (value, denormal) = arith::operand_f64(bits);
            arith::arith_memory(fpu, Arith::Divr, value, denormal);
        }
        "fisub16" => {
            arith::arith_memory(fpu, Arith::Sub, softfloat::from_i64(i64::from(bits as i16)), false);
        }
        "fcom64" => {
            let (value, denormal) = arith::operand_f64(bits);
            compare::compare_memory(fpu, value, denormal, false, 0);
        }
        "f2xm1" => transcendental::two_to_minus_one(fpu),
        "fyl2x" => transcendental::y_log2_x(fpu),
        "fyl2xp1" => transcendental::y_log2_x_plus_1(fpu),
        "fpatan" => transcendental::arctangent(fpu),
        "fsin" => transcendental::sine(fpu),
        "fcos" => transcendental::cosine(fpu),
        "fsincos" => transcendental::sine_and_cosine(fpu),
        "fptan" => transcendental::tangent(fpu),
        _ => run_store(op, fpu, memory),
    }
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
fn difference(case: &Case) -> Option<String> {
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

fn check(vectors: &str) {
    let wrong: Vec<String> = vectors.lines().filter_map(|line| difference(&parse(line))).collect();
    let mut per_operation = std::collections::BTreeMap::new();
    for line in &wrong {
        *per_operation.entry(line.split(' ').next()).or_insert(0) += 1;
    }
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    let total = vectors.lines().count();
    assert!(wrong.is_empty(), "{} of {total} cases differ: {per_operation:?}\n{shown}", wrong.len());
    assert!(total > 100);
}

/// The committed file, or the one an environment variable names.
fn vectors(variable: &str, committed: &str) -> String {
    let path = std::env::var(variable)
        .unwrap_or(format!("{}/../tests/host-fpu/{committed}", env!("CARGO_MANIFEST_DIR")));
    std::fs::read_to_string(&path).expect("the vector file")
}

/// Every vector gives the same registers, memory and status word, C0 to C3 and all flags included.
#[test]
fn same_as_the_processor() {
    check(&vectors("GLASSBOX_X87_VECTORS", "x87.txt"));
}

/// The transcendental instructions give the correctly rounded value (by mpmath, `tests/host-fpu/transcendental.py`)
/// in all four directions, with the right C1 and exception flags.
#[test]
fn correctly_rounded() {
    check(&vectors("GLASSBOX_TRANSCENDENTAL_VECTORS", "transcendental.txt"));
}
