//! What the fuzzer found, as small as it can be told.

use emu_core::bus::Bus;
use emu_core::mem::Memory;
use emu_core::x86::regs::{Segment, attr, gpr};
use emu_core::x86::{Cpu, Engine};

const PROGRAM: u32 = 0x1000;
const HANDLER: u32 = 0x2000;
const TF: u32 = 1 << 8;
const INC_AX: u8 = 0x40;
const NOP: u8 = 0x90;
const IRET: u8 = 0xCF;

/// Real mode, all segments at 0, single-stepping through NOPs; the handler of #DB counts in AX.
fn single_stepping() -> Engine {
    let mut engine = Engine::new(Cpu::new(Bus::new(Memory::new(1 << 20, 0))));
    let mem = &mut engine.cpu.bus.cx.mem;
    mem.write(4, &HANDLER.to_le_bytes());
    mem.write(u64::from(PROGRAM), &[NOP; 64]);
    mem.write(u64::from(HANDLER), &[INC_AX, INC_AX, INC_AX, INC_AX, INC_AX, INC_AX, IRET]);
    let cpu = &mut engine.cpu;
    for number in 0..6 {
        cpu.set_segment(number, Segment::real(0, attr::P | attr::S | attr::RW | attr::ACCESSED));
    }
    cpu.st.idtr.limit = 0x3FF;
    cpu.st.eip = PROGRAM;
    cpu.st.gpr[gpr::ESP] = 0x8000;
    cpu.st.flags.set(TF | 2);
    cpu.update_mode();
    engine
}

/// The frame of an interrupt lands on its handler, which ran before: what was pushed is executed, as on a processor
/// whose caches see writes (SDM vol. 3A, 11.6), not what was decoded.
#[test]
fn a_frame_overwrites_its_handler() {
    let mut engine = single_stepping();
    engine.run(20, u64::MAX);
    assert!(engine.cpu.st.gpr[gpr::EAX] > 6, "the handler ran");
    while engine.cpu.st.eip >= HANDLER {
        engine.run(engine.cpu.steps + 1, u64::MAX);
    }
    // The IP that is pushed, 1001h, is ADD [BX+SI], DX in memory.
    engine.cpu.st.eip = PROGRAM;
    engine.cpu.st.debug_pending = 0;
    engine.cpu.st.gpr[gpr::ESP] = HANDLER + 6;
    engine.run(engine.cpu.steps + 2, u64::MAX);
    let mut top = [0; 2];
    engine.cpu.bus.cx.mem.read(u64::from(HANDLER), &mut top);
    assert_eq!(top, [0x01, 0x10], "the frame is where the handler was");
    assert_eq!(engine.cpu.st.eip, HANDLER + 2, "ADD [BX+SI], DX was executed, not INC AX");
}
