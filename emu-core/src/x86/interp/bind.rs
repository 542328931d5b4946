//! Binding: from a decoded instruction to its body and packed operands. One exhaustive list of operations.

use super::control_transfer as ct;
use super::data_transfer as dt;
use super::{
    Body, Inst, arith, bit, far, flag, flag_control as fc, io, mmx, segment, shift_rotate as sr, sse,
};
use super::{string, system, x87};
use crate::x86::decode::{Decoded, Op, Operand, Rep};
use crate::x86::regs::seg;

/// Binds a decoded instruction whose first byte is at offset `start` of its page.
pub fn bind(d: &Decoded, start: u32) -> Inst {
    let end = start + u32::from(d.len);
    let (dst, src) = registers(d);
    let branch = d.operands.contains(&Operand::Rel);
    let mut flags = 0;
    for (bit, set) in [
        (flag::OPSIZE32, d.opsize32),
        (flag::ADDRSIZE32, d.addrsize32),
        (flag::REP, d.rep == Rep::Rep),
        (flag::REPNE, d.rep == Rep::Repne),
        (flag::SETS_EIP, sets_eip(d)),
        (flag::MEMORY, d.has_mem()),
    ] {
        flags |= if set { bit } else { 0 };
    }
    let fop = (d.opcode & 7) << 8 | u16::from(d.modrm);
    let escape = matches!(d.opcode, 0xD8..=0xDF);
    Inst {
        body: body(d),
        imm: if branch { end.wrapping_add(d.imm) } else { d.imm },
        disp: d.mem.disp,
        ea_mask: if d.addrsize32 { u32::MAX } else { 0xFFFF },
        dst,
        src,
        base: d.mem.base,
        index: d.mem.index,
        scale: d.mem.scale,
        seg: d.mem.seg as u8,
        start: start as u16,
        end: end as u16,
        imm2: if escape { fop } else { d.imm2 },
        flags,
        cc: third_register(d).unwrap_or(d.cc),
    }
}

/// Register numbers: the first register operand is the destination, a second one the source; a lone one is both, and
/// beside a memory destination the register is the source.
fn registers(d: &Decoded) -> (u8, u8) {
    let number = |operand| match operand {
        Operand::Gpr8(n) | Operand::Gpr16(n) | Operand::Gpr32(n) => Some(n),
        Operand::Cr(n) | Operand::Dr(n) | Operand::St(n) | Operand::Mm(n) | Operand::Xmm(n) => Some(n),
        Operand::Seg(s) => Some(s as u8),
        _ => None,
    };
    match (number(d.operands[0]), number(d.operands[1])) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => (a, a),
        (None, Some(b)) => (b, b),
        (None, None) => (0, 0),
    }
}

/// The mask register of MASKMOVQ and MASKMOVDQU.
fn third_register(d: &Decoded) -> Option<u8> {
    match d.operands[2] {
        Operand::Mm(n) | Operand::Xmm(n) => Some(n),
        _ => None,
    }
}

/// Whether the body leaves EIP where execution goes on.
fn sets_eip(d: &Decoded) -> bool {
    let branches = matches!(
        d.op,
        Op::Jcc
            | Op::JmpRel
            | Op::JmpInd
            | Op::JmpFarPtr
            | Op::JmpFarInd
            | Op::CallRel
            | Op::CallInd
            | Op::CallFarPtr
            | Op::CallFarInd
            | Op::RetNear
            | Op::RetFar
            | Op::Iret
            | Op::Loop
            | Op::Loope
            | Op::Loopne
            | Op::Jcxz
            | Op::Int
            | Op::Int1
            | Op::Int3
            | Op::Into
            | Op::Sysenter
            | Op::Sysexit
    );
    branches || d.op.is_string() && d.rep != Rep::None
}

/// The body of an operation with its operands' forms. Groups that are large enough to have a list of their own are
/// asked last.
fn body(d: &Decoded) -> Body {
    match d.op {
        Op::Mov => dt::mov_body(d),
        Op::Movzx => dt::extend_body::<false>(d),
        Op::Movsx => dt::extend_body::<true>(d),
        Op::MovFromSeg => segment::mov_from_seg_body(d),
        Op::MovToSeg => segment::mov_to_seg_body(d),
        Op::MovFromCr => system::mov_from_cr,
        Op::MovToCr => system::mov_to_cr,
        Op::MovFromDr => system::mov_from_dr,
        Op::MovToDr => system::mov_to_dr,
        Op::Lea => dt::lea_body(d),
        Op::Lds => far::load_far_body::<{ seg::DS }>(d),
        Op::Les => far::load_far_body::<{ seg::ES }>(d),
        Op::Lfs => far::load_far_body::<{ seg::FS }>(d),
        Op::Lgs => far::load_far_body::<{ seg::GS }>(d),
        Op::Lss => far::load_far_body::<{ seg::SS }>(d),
        Op::Xchg => dt::xchg_body(d),
        Op::Cmpxchg => dt::cmpxchg_body(d),
        Op::Cmpxchg8b => dt::cmpxchg8b,
        Op::Xadd => dt::xadd_body(d),
        Op::Bswap => dt::bswap,
        Op::Cmovcc => dt::cmov_body(d),
        Op::Setcc => dt::setcc_body(d),
        Op::Xlat => dt::xlat,
        Op::Push => dt::push_body(d),
        Op::Pop => dt::pop_body(d),
        Op::PushSeg => segment::push_seg_body(d),
        Op::PopSeg => segment::pop_seg_body(d),
        Op::Pusha => dt::pusha_body(d),
        Op::Popa => dt::popa_body(d),
        Op::Pushf => fc::pushf_body(d),
        Op::Popf => fc::popf,
        Op::Lahf => dt::lahf,
        Op::Sahf => dt::sahf,
        Op::Cbw => dt::cbw,
        Op::Cwd => dt::cwd,
        Op::Enter => dt::enter_body(d),
        Op::Leave => dt::leave_body(d),
        Op::Salc => dt::salc,
        Op::Nop | Op::Pause => dt::nop,
        _ => arithmetic(d),
    }
}

fn arithmetic(d: &Decoded) -> Body {
    match d.op {
        Op::Add => arith::alu_body::<arith::Add>(d),
        Op::Adc => arith::alu_body::<arith::Adc>(d),
        Op::Sub => arith::alu_body::<arith::Sub>(d),
        Op::Sbb => arith::alu_body::<arith::Sbb>(d),
        Op::Cmp => arith::alu_body::<arith::Cmp>(d),
        Op::And => arith::alu_body::<arith::And>(d),
        Op::Or => arith::alu_body::<arith::Or>(d),
        Op::Xor => arith::alu_body::<arith::Xor>(d),
        Op::Test => arith::alu_body::<arith::Test>(d),
        Op::Inc => arith::unary_body::<arith::Inc>(d),
        Op::Dec => arith::unary_body::<arith::Dec>(d),
        Op::Neg => arith::unary_body::<arith::Neg>(d),
        Op::Not => arith::unary_body::<arith::Not>(d),
        Op::Mul => arith::mul_body(d),
        Op::Imul if d.operands[1] == Operand::None => arith::imul1_body(d),
        Op::Imul if d.operands[2] == Operand::None => arith::imul2_body(d),
        Op::Imul => arith::imul3_body(d),
        Op::Div => arith::div_body(d),
        Op::Idiv => arith::idiv_body(d),
        Op::Aaa => arith::aaa,
        Op::Aas => arith::aas,
        Op::Aam => arith::aam,
        Op::Aad => arith::aad,
        Op::Daa => arith::daa,
        Op::Das => arith::das,
        Op::Shl => sr::shift_body::<sr::Shl>(d),
        Op::Shr => sr::shift_body::<sr::Shr>(d),
        Op::Sar => sr::shift_body::<sr::Sar>(d),
        Op::Rol => sr::shift_body::<sr::Rol>(d),
        Op::Ror => sr::shift_body::<sr::Ror>(d),
        Op::Rcl => sr::shift_body::<sr::Rcl>(d),
        Op::Rcr => sr::shift_body::<sr::Rcr>(d),
        Op::Shld => sr::shld_body(d),
        Op::Shrd => sr::shrd_body(d),
        Op::Bt => bit::bit_body::<bit::Bt>(d),
        Op::Bts => bit::bit_body::<bit::Bts>(d),
        Op::Btr => bit::bit_body::<bit::Btr>(d),
        Op::Btc => bit::bit_body::<bit::Btc>(d),
        Op::Bsf => bit::scan_body::<false>(d),
        Op::Bsr => bit::scan_body::<true>(d),
        _ => control(d),
    }
}

fn control(d: &Decoded) -> Body {
    match d.op {
        Op::Movs => string::string_body::<string::Movs>(d),
        Op::Cmps => string::string_body::<string::Cmps>(d),
        Op::Scas => string::string_body::<string::Scas>(d),
        Op::Lods => string::string_body::<string::Lods>(d),
        Op::Stos => string::string_body::<string::Stos>(d),
        Op::Ins => string::string_body::<string::Ins>(d),
        Op::Outs => string::string_body::<string::Outs>(d),
        Op::In => io::in_body(d),
        Op::Out => io::out_body(d),
        Op::Jcc => ct::jcc_body(d),
        Op::JmpRel => ct::jmp_rel,
        Op::JmpInd => ct::jmp_ind_body(d),
        Op::JmpFarPtr => far::jmp_ptr,
        Op::JmpFarInd => far::jmp_memory_body(d),
        Op::CallRel => ct::call_rel_body(d),
        Op::CallInd => ct::call_ind_body(d),
        Op::CallFarPtr => far::call_ptr,
        Op::CallFarInd => far::call_memory_body(d),
        Op::RetNear => ct::ret_body(d),
        Op::RetFar => far::retf,
        Op::Iret => far::iret,
        Op::Loop => ct::LOOP,
        Op::Loope => ct::LOOPE,
        Op::Loopne => ct::LOOPNE,
        Op::Jcxz => ct::jcxz,
        Op::Int => fc::int,
        Op::Int1 => fc::int1,
        Op::Int3 => fc::int3,
        Op::Into => fc::into,
        Op::Bound => ct::bound_body(d),
        Op::Clc => fc::clc,
        Op::Stc => fc::stc,
        Op::Cmc => fc::cmc,
        Op::Cld => fc::cld,
        Op::Std => fc::std,
        Op::Cli => fc::cli,
        Op::Sti => fc::sti,
        _ => privileged(d),
    }
}

fn privileged(d: &Decoded) -> Body {
    match d.op {
        Op::Invalid | Op::Ud0 | Op::Ud1 | Op::Ud2 | Op::Rsm => system::undefined,
        Op::Hlt => system::hlt,
        Op::Cpuid => system::cpuid,
        Op::Rdtsc => system::rdtsc,
        Op::Rdpmc => system::rdpmc,
        Op::Rdmsr => system::rdmsr,
        Op::Wrmsr => system::wrmsr,
        Op::Sysenter => system::sysenter,
        Op::Sysexit => system::sysexit,
        Op::Clts => system::clts,
        Op::Invd | Op::Wbinvd => system::invd,
        Op::Invlpg => system::invlpg,
        Op::Sgdt => system::sgdt,
        Op::Sidt => system::sidt,
        Op::Lgdt => system::lgdt,
        Op::Lidt => system::lidt,
        Op::Sldt => system::store_selector_body::<{ seg::LDTR }>(d),
        Op::Str => system::store_selector_body::<{ seg::TR }>(d),
        Op::Lldt => system::lldt_body(d),
        Op::Ltr => system::ltr_body(d),
        Op::Smsw => system::smsw_body(d),
        Op::Lmsw => system::lmsw_body(d),
        Op::Verr => segment::verify_body::<false>(d),
        Op::Verw => segment::verify_body::<true>(d),
        Op::Lar => segment::lar_body(d),
        Op::Lsl => segment::lsl_body(d),
        Op::Arpl => segment::arpl_body(d),
        _ => x87::body(d).or_else(|| mmx::body(d)).or_else(|| sse::body(d)).unwrap_or(system::undefined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x86::decode::decode;

    /// Every instruction the decoder knows has a body of its own.
    #[test]
    fn every_operation_has_a_body() {
        let undefined: Body = system::undefined;
        let mut without = std::collections::BTreeSet::new();
        for prefix in [None, Some(0x66), Some(0xF2), Some(0xF3)] {
            for two_bytes in [false, true] {
                for opcode in 0..=255u8 {
                    for modrm in 0..=255u8 {
                        let mut bytes: Vec<u8> = prefix.into_iter().collect();
                        bytes.extend(two_bytes.then_some(0x0F));
                        bytes.extend([opcode, modrm, 0, 0, 0, 0, 0, 0, 0, 0]);
                        let Ok(d) = decode(&bytes, true) else { continue };
                        let raises = matches!(d.op, Op::Invalid | Op::Ud0 | Op::Ud1 | Op::Ud2 | Op::Rsm);
                        if !raises && std::ptr::fn_addr_eq(body(&d), undefined) {
                            without.insert(d.op.name());
                        }
                    }
                }
            }
        }
        assert!(without.is_empty(), "no body: {without:?}");
    }
}
