//! IN and OUT.

use super::operand::Reg;
use super::{Body, Inst};
use crate::x86::cpu::Cpu;
use crate::x86::decode::{Decoded, Operand, Width};
use crate::x86::exception::Exception;
use crate::x86::regs::gpr::{EAX, EDX};

type Done = Result<(), Exception>;

fn port<const FIXED: bool>(cpu: &Cpu, inst: &Inst) -> u16 {
    if FIXED { (inst.imm & 0xFF) as u16 } else { u16::get(cpu, EDX as u8) }
}

fn input<W: Reg, const FIXED: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let port = port::<FIXED>(cpu, inst);
    cpu.check_io(port, W::BYTES as u8)?;
    cpu.io_eip = cpu.eip_of(inst);
    let value = cpu.port_in(port, W::BYTES as u8);
    W::set(cpu, EAX as u8, W::from_u32(value));
    Ok(())
}

fn output<W: Reg, const FIXED: bool>(cpu: &mut Cpu, inst: &Inst) -> Done {
    let port = port::<FIXED>(cpu, inst);
    cpu.check_io(port, W::BYTES as u8)?;
    let value = W::get(cpu, EAX as u8).to_u32();
    cpu.io_eip = cpu.eip_of(inst);
    cpu.port_out(port, W::BYTES as u8, value);
    Ok(())
}

macro_rules! by_width {
    ($name:ident, $body:ident, $operand:literal, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(d: &Decoded) -> Body {
            let fixed = matches!(d.operands[$operand], Operand::Imm(_));
            match (d.width, fixed) {
                (Width::B1, false) => $body::<u8, false>,
                (Width::B1, true) => $body::<u8, true>,
                (Width::B2, false) => $body::<u16, false>,
                (Width::B2, true) => $body::<u16, true>,
                (_, false) => $body::<u32, false>,
                (_, true) => $body::<u32, true>,
            }
        }
    };
}
by_width!(in_body, input, 1, "Body of IN.");
by_width!(out_body, output, 0, "Body of OUT.");
