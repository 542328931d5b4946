//! Every form that iced can encode: what we decode from its bytes is what it encoded.

use emu_core::x86::decode::decode;
use glassbox_tests::Random;
use glassbox_tests::iced::{self, Form, Oracle, forms};
use iced_x86::Code;
use std::collections::BTreeSet;

/// Instructions of each form.
const EACH: u32 = 200;
/// Forms of our CPU in iced's count, in 16- and 32-bit code together.
const FORMS: usize = 2196;

/// Encodings that say the same as another one with some operands, which iced takes them for.
fn is_alias(encoded: Code, decoded: Code) -> bool {
    match encoded {
        Code::Xchg_r16_AX => decoded == Code::Nopw,
        Code::Xchg_r32_EAX => decoded == Code::Nopd,
        Code::Reservednop_rm16_r16_0F18 | Code::Reservednop_rm32_r32_0F18 => matches!(
            decoded,
            Code::Prefetchnta_m8 | Code::Prefetcht0_m8 | Code::Prefetcht1_m8 | Code::Prefetcht2_m8
        ),
        _ => false,
    }
}

/// Compares one form, or tells what differs.
fn compare(form: Form, oracle: &mut Oracle, random: &mut Random) -> Result<u32, String> {
    let mut made = 0;
    for _ in 0..EACH {
        let Some(mut bytes) = form.encode(random) else { continue };
        let length = bytes.len();
        bytes.resize(length + 16, 0xCC);
        let code32 = form.bits == 32;
        let hint = decode(&bytes, code32).is_ok_and(|inst| inst.op == emu_core::x86::decode::Op::Nop);
        let theirs = iced::iced(&bytes, code32, hint && form.code.op_code().is_reserved_nop());
        if theirs.code() != form.code && !is_alias(form.code, theirs.code()) {
            return Err(format!("{form:?}: {:02x?} is {:?} again", &bytes[..length], theirs.code()));
        }
        match oracle.compare(&bytes, code32)? {
            Some(ours) if usize::from(ours) == length => made += 1,
            ours => return Err(format!("{form:?}: {:02x?} has {ours:?} bytes for us", &bytes[..length])),
        }
    }
    Ok(made)
}

#[test]
fn every_form_that_iced_encodes_is_what_we_decode() {
    let (mut oracle, mut random) = (Oracle::new(), Random::new(1));
    let all = forms();
    let mut wrong = Vec::new();
    let mut codes = BTreeSet::new();
    for form in &all {
        match compare(*form, &mut oracle, &mut random) {
            Ok(0) => wrong.push(format!("{form:?}: could not be encoded")),
            Ok(_) => drop(codes.insert(form.code as usize)),
            Err(difference) => wrong.push(difference),
        }
    }
    assert!(wrong.is_empty(), "{} of {} forms:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    println!("{} encodings in {} forms, {} instructions", codes.len(), all.len(), oracle.compared);
    assert!(all.len() >= FORMS, "{} forms", all.len());
}
