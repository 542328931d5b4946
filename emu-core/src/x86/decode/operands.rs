//! From operand forms to operands.

use super::cursor::Cursor;
use super::inst::{DecodeError, Decoded, MemRef, Operand, Seg, Width};
use super::modrm::ModRm;
use super::op::Op;
use super::row::{Form, Row, Size};

/// Operand `form` of `inst`, whose fields up to `modrm` are filled in. Reads what the form takes from the
/// instruction and puts addresses and immediates into `inst`. `Ok(None)`: no instruction has this operand.
pub fn operand(form: Form, inst: &mut Decoded, cursor: &mut Cursor) -> Result<Option<Operand>, DecodeError> {
    let modrm = ModRm(inst.modrm);
    let operand = match form {
        Form::None => Operand::None,
        Form::Gb => Operand::Gpr8(modrm.reg()),
        Form::Gw => Operand::Gpr16(modrm.reg()),
        Form::Gd => Operand::Gpr32(modrm.reg()),
        Form::Gv => general(inst, modrm.reg()),
        Form::Rd => Operand::Gpr32(modrm.rm()),
        Form::Zb => Operand::Gpr8(inst.opcode as u8 & 7),
        Form::Zv => general(inst, inst.opcode as u8 & 7),
        Form::Al => Operand::Gpr8(0),
        Form::Ax => Operand::Gpr16(0),
        Form::Av => general(inst, 0),
        Form::Cl => Operand::Gpr8(1),
        Form::Dx => Operand::Gpr16(2),
        Form::Es => Operand::Seg(Seg::Es),
        Form::Cs => Operand::Seg(Seg::Cs),
        Form::Ss => Operand::Seg(Seg::Ss),
        Form::Ds => Operand::Seg(Seg::Ds),
        Form::Fs => Operand::Seg(Seg::Fs),
        Form::Gs => Operand::Seg(Seg::Gs),
        Form::Sw => return Ok(segment(inst.op, modrm.reg())),
        Form::Cd => return Ok(control(modrm.reg())),
        Form::Dd => Operand::Dr(modrm.reg()),
        Form::St0 => Operand::St(0),
        Form::Sti => Operand::St(modrm.rm()),
        Form::Pq => Operand::Mm(modrm.reg()),
        Form::Vx => Operand::Xmm(modrm.reg()),
        Form::One | Form::Ib | Form::Ibs | Form::Ib2 | Form::Iw | Form::Iz => immediate(form, inst, cursor)?,
        Form::Jb | Form::Jz | Form::Ap => branch(form, inst, cursor)?,
        Form::Ob | Form::Ov | Form::Xb | Form::Xv | Form::Yb | Form::Yv => implied(form, inst, cursor)?,
        Form::XlatB => based(inst, 3, Width::B1),
        Form::DiQ => based(inst, 7, Width::B8),
        Form::DiDq => based(inst, 7, Width::B16),
        _ if modrm.is_register() => return Ok(register_or_none(form, inst, modrm.rm())),
        _ => return memory(form, inst, modrm, cursor),
    };
    Ok(Some(operand))
}

/// Operand size of the whole instruction, 2 or 4 bytes.
fn full_width(inst: &Decoded) -> Width {
    if inst.opsize32 { Width::B4 } else { Width::B2 }
}

fn general(inst: &Decoded, number: u8) -> Operand {
    if inst.opsize32 { Operand::Gpr32(number) } else { Operand::Gpr16(number) }
}

/// CS cannot be loaded, and there are six segment registers.
fn segment(op: Op, number: u8) -> Option<Operand> {
    let seg = Seg::from_number(number)?;
    if op == Op::MovToSeg && seg == Seg::Cs { None } else { Some(Operand::Seg(seg)) }
}

fn control(number: u8) -> Option<Operand> {
    matches!(number, 0 | 2 | 3 | 4).then_some(Operand::Cr(number))
}

fn immediate(form: Form, inst: &mut Decoded, cursor: &mut Cursor) -> Result<Operand, DecodeError> {
    match form {
        Form::Ib => inst.imm = cursor.u8()? as u32,
        Form::Iw => inst.imm = cursor.u16()? as u32,
        Form::Iz => inst.imm = cursor.word_or_dword(inst.opsize32)?,
        Form::Ibs if inst.opsize32 => inst.imm = cursor.i8()?,
        Form::Ibs => inst.imm = cursor.i8()? & 0xFFFF,
        Form::Ib2 => {
            inst.imm2 = cursor.u8()? as u16;
            return Ok(Operand::Imm2);
        }
        _ => inst.imm = 1,
    }
    Ok(Operand::Imm(match form {
        Form::Iw => Width::B2,
        Form::Iz | Form::Ibs => full_width(inst),
        _ => Width::B1,
    }))
}

fn branch(form: Form, inst: &mut Decoded, cursor: &mut Cursor) -> Result<Operand, DecodeError> {
    match form {
        Form::Jb => inst.imm = cursor.i8()?,
        Form::Ap => {
            inst.imm = cursor.word_or_dword(inst.opsize32)?;
            inst.imm2 = cursor.u16()?;
            return Ok(Operand::FarPtr);
        }
        _ if inst.opsize32 => inst.imm = cursor.u32()?,
        _ => inst.imm = cursor.u16()? as i16 as u32,
    }
    Ok(Operand::Rel)
}

/// Memory that has no ModRM byte: offsets in the instruction, and strings.
fn implied(form: Form, inst: &mut Decoded, cursor: &mut Cursor) -> Result<Operand, DecodeError> {
    let width = if matches!(form, Form::Ob | Form::Xb | Form::Yb) { Width::B1 } else { full_width(inst) };
    if matches!(form, Form::Yb | Form::Yv) {
        return Ok(Operand::StringDst(width));
    }
    inst.mem = MemRef { seg: inst.seg_override.unwrap_or(Seg::Ds), addr16: !inst.addrsize32, ..MemRef::NONE };
    if matches!(form, Form::Xb | Form::Xv) {
        inst.mem.base = 6;
        return Ok(Operand::StringSrc(width));
    }
    inst.mem.disp = cursor.word_or_dword(inst.addrsize32)?;
    inst.mem.disp_size = if inst.addrsize32 { 4 } else { 2 };
    Ok(Operand::Mem(width))
}

/// Memory at a register that the instruction implies.
fn based(inst: &mut Decoded, base: u8, width: Width) -> Operand {
    let seg = inst.seg_override.unwrap_or(Seg::Ds);
    inst.mem = MemRef { base, seg, addr16: !inst.addrsize32, ..MemRef::NONE };
    Operand::Mem(width)
}

fn register_or_none(form: Form, inst: &Decoded, rm: u8) -> Option<Operand> {
    Some(match form {
        Form::Eb => Operand::Gpr8(rm),
        Form::Ew => Operand::Gpr16(rm),
        Form::Ed | Form::RdMw => Operand::Gpr32(rm),
        Form::Ev | Form::RvMw => general(inst, rm),
        Form::Nq | Form::Qd | Form::Qq => Operand::Mm(rm),
        Form::Ux | Form::Wd | Form::Wq | Form::Wdq => Operand::Xmm(rm),
        _ => return None,
    })
}

fn memory(
    form: Form,
    inst: &mut Decoded,
    modrm: ModRm,
    cursor: &mut Cursor,
) -> Result<Option<Operand>, DecodeError> {
    let by_size = |small, large| if inst.opsize32 { large } else { small };
    let width = match form {
        Form::M => Width::None,
        Form::Eb => Width::B1,
        Form::Ew | Form::Mw | Form::RvMw | Form::RdMw => Width::B2,
        Form::Ed | Form::Md | Form::Qd | Form::Wd => Width::B4,
        Form::Mq | Form::Qq | Form::Wq => Width::B8,
        Form::Mdq | Form::Wdq => Width::B16,
        Form::Mt => Width::B10,
        Form::Ms => Width::B6,
        Form::Mfx => Width::B512,
        Form::Ev => full_width(inst),
        Form::Mp => by_size(Width::B4, Width::B6),
        Form::Ma => by_size(Width::B4, Width::B8),
        Form::Menv => by_size(Width::B14, Width::B28),
        Form::Mstate => by_size(Width::B94, Width::B108),
        _ => return Ok(None),
    };
    inst.mem = modrm.memory(cursor, inst.addrsize32, inst.seg_override)?;
    Ok(Some(Operand::Mem(width)))
}

/// Width of the operation of `inst`, which has the operands of `row`.
pub fn operation_width(row: &Row, inst: &Decoded) -> Width {
    let [first, second, third] = inst.operands.map(operand_width);
    match row.size {
        Size::V => full_width(inst),
        Size::First => first,
        Size::Second => second,
        Size::Operands => {
            let in_memory = inst.operands.iter().position(|operand| is_memory(*operand));
            match in_memory {
                Some(0) => first,
                Some(1) => second,
                Some(_) => third,
                None => [first, second, third].into_iter().find(|w| *w != Width::None).unwrap_or(Width::None),
            }
        }
    }
}

fn is_memory(operand: Operand) -> bool {
    matches!(operand, Operand::Mem(_) | Operand::StringSrc(_) | Operand::StringDst(_))
}

fn operand_width(operand: Operand) -> Width {
    match operand {
        Operand::Gpr8(_) => Width::B1,
        Operand::Gpr16(_) => Width::B2,
        Operand::Gpr32(_) | Operand::Cr(_) | Operand::Dr(_) => Width::B4,
        Operand::Mm(_) => Width::B8,
        Operand::Xmm(_) => Width::B16,
        Operand::Mem(w) | Operand::StringSrc(w) | Operand::StringDst(w) | Operand::Imm(w) => w,
        Operand::None | Operand::Seg(_) | Operand::St(_) => Width::None,
        Operand::Imm2 | Operand::Rel | Operand::FarPtr => Width::None,
    }
}
