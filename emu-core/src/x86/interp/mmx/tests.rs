//! Whole instructions against a real processor (`tests/host-fpu/generate.c`), and the conditions under which they
//! fault, by the SDM.

use crate::bus::{Bus, Line};
use crate::mem::Memory;
use crate::x86::Cpu;
use crate::x86::decode::decode;
use crate::x86::exception::Exception;
use crate::x86::fpu_state::spec;
use crate::x86::interp::bind;
use crate::x86::interp::host_vectors::{check, check_on_this_processor, vectors};
use crate::x86::interp::sse::lanes::Xmm;
use crate::x86::regs::{cr0, cr4, gpr, seg};
use crate::x86::softfloat::F80;

/// A CPU in real mode with SSE switched on.
fn cpu() -> Cpu {
    let mut cpu = Cpu::new(Bus::new(Memory::new(1 << 20, 0)));
    cpu.st.fpu.init();
    cpu.st.cr0 |= cr0::NE;
    cpu.st.cr4 |= cr4::OSFXSR | cr4::OSXMMEXCPT;
    cpu
}

/// Executes one instruction of 32-bit code.
fn execute(cpu: &mut Cpu, code: &[u8]) -> Result<(), Exception> {
    let decoded = decode(code, true).expect("an instruction");
    assert_eq!(usize::from(decoded.len), code.len(), "{code:02X?}");
    let inst = bind(&decoded, 0);
    (inst.body)(cpu, &inst)
}

fn quadword(text: &str) -> u64 {
    u64::from_str_radix(text, 16).expect("a hexadecimal number")
}

fn xmm(text: &str) -> Xmm {
    let (high, low) = text.split_once(':').expect("a colon");
    [quadword(low), quadword(high)]
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| quadword(std::str::from_utf8(pair).expect("ASCII")) as u8).collect()
}

/// The visible state after a line's instruction, as the line itself would say it. MXCSR is among the fields, or is
/// what it is after a reset.
fn run(cpu: &mut Cpu, before: &str) -> String {
    let field: Vec<&str> = before.split_ascii_whitespace().collect();
    let (code, mxcsr, operands) = match field[..] {
        [code, ref operands @ ..] if operands.len() == 6 => (code, "1F80", operands),
        [code, mxcsr, ref operands @ ..] => (code, mxcsr, operands),
        _ => panic!("not a vector: {before}"),
    };
    let [xmm0, xmm1, mm0, mm1, ecx, memory] = *operands else { panic!("not a vector: {before}") };
    cpu.st.fpu.init();
    cpu.st.gpr = Default::default();
    cpu.st.sse.mxcsr = quadword(mxcsr) as u32;
    cpu.st.sse.xmm[..2].copy_from_slice(&[xmm(xmm0), xmm(xmm1)]);
    cpu.st.fpu.enter_mmx();
    cpu.st.fpu.set_mmx(0, quadword(mm0));
    cpu.st.fpu.set_mmx(1, quadword(mm1));
    cpu.st.gpr[gpr::ECX] = quadword(ecx) as u32;
    cpu.st.gpr[gpr::EDI] = 0x1000;
    let memory = xmm(memory);
    cpu.write_128(seg::DS, 0x1040, memory).expect("RAM");
    let old = cpu.st.clone();
    let code = bytes(code);
    let result = execute(cpu, &code);
    let mut text = match result {
        Ok(()) => String::new(),
        Err(exception) if exception == Exception::XM => " XM".into(),
        Err(exception) => return format!("{exception:?}"),
    };
    for i in 0..2 {
        let [low, high] = cpu.st.sse.xmm[i];
        if old.sse.xmm[i] != [low, high] {
            text += &format!(" XMM{i}={high:016X}:{low:016X}");
        }
    }
    for i in 0..2 {
        if old.fpu.mmx(i) != cpu.st.fpu.mmx(i) {
            text += &format!(" MM{i}={:016X}", cpu.st.fpu.mmx(i));
        }
    }
    for (name, number) in [("EAX", gpr::EAX), ("ECX", gpr::ECX)] {
        if old.gpr[number] != cpu.st.gpr[number] {
            text += &format!(" {name}={:08X}", cpu.st.gpr[number]);
        }
    }
    if result.is_ok() && matches!(code[..], [.., 0x2E | 0x2F, 0xC1] | [.., 0x2E | 0x2F, 0x47, 0x40]) {
        text += &format!(" EFLAGS={:04X}", cpu.st.flags.get() & 0x8D5);
    }
    let [low, high] = cpu.read_128(seg::DS, 0x1040).expect("RAM");
    if memory != [low, high] {
        text += &format!(" MEM={high:016X}:{low:016X}");
    }
    if old.sse.mxcsr != cpu.st.sse.mxcsr {
        text += &format!(" MXCSR={:04X}", cpu.st.sse.mxcsr);
    }
    text
}

/// What runs a line and tells what differs, if anything does.
fn difference() -> impl FnMut(&str) -> Option<String> {
    let mut cpu = cpu();
    move |line| {
        let (before, expected) = line.split_once('|').expect("a bar");
        let got = run(&mut cpu, before);
        (got != expected).then(|| format!("{line}\n   got {got}"))
    }
}

/// Every MMX, SSE and SSE2 opcode on registers and with a memory operand, but for the approximations.
#[test]
fn same_as_the_processor() {
    check(&vectors("GLASSBOX_SIMD_VECTORS", "simd.txt"), difference());
}

/// The floating-point opcodes with every rounding mode, DAZ, FZ, and exceptions unmasked: then nothing but MXCSR
/// changes, and it is #XM.
#[test]
fn same_with_mxcsr_as_the_processor() {
    check(&vectors("GLASSBOX_MXCSR_VECTORS", "mxcsr.txt"), difference());
}

/// Half a million cases of `same_as_the_processor`; ten seconds.
#[test]
#[ignore = "needs an x86-64 host"]
fn simd_on_this_processor() {
    check_on_this_processor("simd", 1000, 480_000, difference());
}

/// Three million cases of `same_with_mxcsr_as_the_processor`; a minute.
#[test]
#[ignore = "needs an x86-64 host"]
fn mxcsr_on_this_processor() {
    check_on_this_processor("mxcsr", 26_000, 3_000_000, difference());
}

const ADDPS: &[u8] = &[0x0F, 0x58, 0xC1];
const PADDB: &[u8] = &[0x0F, 0xFC, 0xC1];
const FLD1: &[u8] = &[0xD9, 0xE8];
const FLDZ: &[u8] = &[0xD9, 0xEE];
const FDIV: &[u8] = &[0xD8, 0xF1];
const FNCLEX: &[u8] = &[0xDB, 0xE2];
const FWAIT: &[u8] = &[0x9B];
/// MOVAPS xmm0, [1001h]
const MOVAPS_ODD: &[u8] = &[0x0F, 0x28, 0x05, 0x01, 0x10, 0, 0];

/// SDM vol. 3A, tables 12-1 and 13-1: what CR0.EM, CR0.TS and CR4.OSFXSR do to each kind.
#[test]
fn switches() {
    let outcome = |code: &[u8], cr0: u32, cr4: u32| {
        let mut cpu = cpu();
        cpu.st.cr0 |= cr0;
        cpu.st.cr4 = cr4;
        execute(&mut cpu, code)
    };
    assert_eq!(outcome(ADDPS, 0, 0), Err(Exception::UD));
    assert_eq!(outcome(ADDPS, cr0::TS, cr4::OSFXSR), Err(Exception::NM));
    assert_eq!(outcome(ADDPS, cr0::EM | cr0::TS, cr4::OSFXSR), Err(Exception::UD));
    assert_eq!(outcome(PADDB, 0, 0), Ok(()));
    assert_eq!(outcome(PADDB, cr0::EM, 0), Err(Exception::UD));
    assert_eq!(outcome(PADDB, cr0::TS, 0), Err(Exception::NM));
    assert_eq!(outcome(FLD1, cr0::EM, 0), Err(Exception::NM));
    assert_eq!(outcome(FLD1, cr0::TS, 0), Err(Exception::NM));
    assert_eq!(outcome(FWAIT, cr0::TS, 0), Ok(()));
    assert_eq!(outcome(FWAIT, cr0::EM, 0), Ok(()));
    assert_eq!(outcome(FWAIT, cr0::TS | cr0::MP, 0), Err(Exception::NM));
    assert_eq!(outcome(MOVAPS_ODD, 0, cr4::OSFXSR), Err(Exception::GP0));
}

/// An unmasked division by zero is reported by the next instruction that waits, FNCLEX clears it.
#[test]
fn deferred_x87_exception() {
    let mut cpu = cpu();
    cpu.st.fpu.set_control_word(0x037B);
    for code in [FLDZ, FLD1, FDIV] {
        assert_eq!(execute(&mut cpu, code), Ok(()));
    }
    assert_eq!(cpu.st.fpu.get(0), F80::ONE);
    assert_eq!(cpu.st.fpu.status & (spec::ZE | spec::ES | spec::BUSY), spec::ZE | spec::ES | spec::BUSY);
    assert_eq!(cpu.st.fpu.opcode, 0x0F1);
    for code in [FLD1, FWAIT, PADDB] {
        assert_eq!(execute(&mut cpu, code), Err(Exception::MF), "{code:02X?}");
    }
    // FNSTSW AX does not wait.
    assert_eq!(execute(&mut cpu, &[0xDF, 0xE0]), Ok(()));
    assert_eq!(cpu.st.gpr[gpr::EAX] & 0x80FF, 0x8084);
    assert_eq!(execute(&mut cpu, FNCLEX), Ok(()));
    assert_eq!(execute(&mut cpu, FLD1), Ok(()));
}

/// With CR0.NE clear the chipset hears of it by FERR# instead.
#[test]
fn ferr() {
    let mut cpu = cpu();
    cpu.st.cr0 &= !cr0::NE;
    cpu.st.fpu.set_control_word(0x037B);
    for code in [FLDZ, FLD1, FDIV] {
        assert!(!cpu.bus.cx.lines.level(Line::FERR));
        assert_eq!(execute(&mut cpu, code), Ok(()));
    }
    assert!(cpu.bus.cx.lines.level(Line::FERR));
    assert_eq!(execute(&mut cpu, FNCLEX), Ok(()));
    assert!(!cpu.bus.cx.lines.level(Line::FERR));
}

/// Unmasked SIMD exceptions: #XM, or #UD without CR4.OSXMMEXCPT; the destination stays, the flag is set.
#[test]
fn simd_exception() {
    for (switch, exception) in [(cr4::OSXMMEXCPT, Exception::XM), (0, Exception::UD)] {
        let mut cpu = cpu();
        cpu.st.cr4 = cr4::OSFXSR | switch;
        cpu.st.sse.mxcsr = 0x1F80 & !(1 << 9);
        cpu.st.sse.xmm[0] = [0x3F80_0000, 7];
        // DIVSS xmm0, xmm1: 1 / 0.
        assert_eq!(execute(&mut cpu, &[0xF3, 0x0F, 0x5E, 0xC1]), Err(exception));
        assert_eq!((cpu.st.sse.xmm[0], cpu.st.sse.mxcsr), ([0x3F80_0000, 7], 0x1D84));
    }
}

/// MASKMOVQ writes chosen bytes only, at DS:EDI.
#[test]
fn masked_store() {
    let mut cpu = cpu();
    cpu.st.gpr[gpr::EDI] = 0x1003;
    cpu.st.fpu.enter_mmx();
    cpu.st.fpu.set_mmx(0, 0x8877_6655_4433_2211);
    cpu.st.fpu.set_mmx(1, 0x80FF_7F00_0000_0080);
    cpu.write(seg::DS, 0x1003, u64::MAX).expect("RAM");
    assert_eq!(execute(&mut cpu, &[0x0F, 0xF7, 0xC1]), Ok(()));
    assert_eq!(cpu.read::<u64>(seg::DS, 0x1003), Ok(0x8877_FFFF_FFFF_FF11));
}

/// FXSAVE, FNINIT, FXRSTOR: everything is back. FNSAVE and FRSTOR likewise for the x87.
#[test]
fn saved_and_restored() {
    let pairs: [(&[u8], &[u8]); 2] = [
        (&[0x0F, 0xAE, 0x05, 0, 0x20, 0, 0], &[0x0F, 0xAE, 0x0D, 0, 0x20, 0, 0]),
        (&[0xDD, 0x35, 0, 0x20, 0, 0], &[0xDD, 0x25, 0, 0x20, 0, 0]),
    ];
    for (save, restore) in pairs {
        let mut cpu = cpu();
        for code in [FLDZ, FLD1, FDIV] {
            assert_eq!(execute(&mut cpu, code), Ok(()));
        }
        let before = cpu.st.fpu.clone();
        assert_eq!(execute(&mut cpu, save), Ok(()));
        cpu.st.fpu.init();
        cpu.st.fpu.st = [F80::ZERO; 8];
        assert_eq!(execute(&mut cpu, restore), Ok(()));
        let mut after = cpu.st.fpu.clone();
        if save[0] == 0xDD {
            // Real mode stored F000:0000 as a linear address.
            assert_eq!((after.instruction_selector, after.instruction_offset), (0, 0xF_0000));
            (after.instruction_selector, after.instruction_offset) = (0xF000, 0);
        }
        assert_eq!(after, before, "{save:02X?}");
    }
}

/// FADD m64, FISTP m16, FSTP m80 and FILD m16 through memory.
#[test]
fn memory_operands() {
    let mut cpu = cpu();
    cpu.write(seg::DS, 0x1000, 2.5f64.to_bits()).expect("RAM");
    let program: [&[u8]; 4] = [
        FLD1,
        &[0xDC, 0x05, 0, 0x10, 0, 0],
        &[0xDB, 0x3D, 0x10, 0x10, 0, 0],
        &[0xDB, 0x2D, 0x10, 0x10, 0, 0],
    ];
    for code in program {
        assert_eq!(execute(&mut cpu, code), Ok(()), "{code:02X?}");
    }
    assert_eq!(cpu.read::<u64>(seg::DS, 0x1010), Ok(0xE000_0000_0000_0000));
    assert_eq!(cpu.read::<u16>(seg::DS, 0x1018), Ok(0x4000));
    assert_eq!(execute(&mut cpu, &[0xDF, 0x1D, 0, 0x11, 0, 0]), Ok(()));
    assert_eq!(cpu.read::<u16>(seg::DS, 0x1100), Ok(4));
    assert_eq!((cpu.st.fpu.data_offset, cpu.st.fpu.valid), (0x1100, 0));
}
