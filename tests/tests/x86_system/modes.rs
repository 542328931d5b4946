//! Switching modes: real to protected and back, SYSENTER, code that changes itself.

use emu_core::x86::eflags::{IF, VM};
use emu_core::x86::regs::gpr::{EAX, EBX, ECX, EDX, ESP};
use emu_core::x86::regs::{Segment, attr, cr0, seg};
use glassbox_tests::system::*;

const GP: u8 = 13;

/// In real mode at 1000h:0.
fn real() -> System {
    let mut s = System::new();
    let data = attr::P | attr::S | attr::RW | attr::ACCESSED;
    for number in 0..6 {
        s.engine.cpu.set_segment(number, Segment::real(if number == seg::CS { 0x1000 } else { 0 }, data));
    }
    s.engine.cpu.st.cr0 &= !cr0::PE;
    s.engine.cpu.st.eip = 0;
    s.engine.cpu.st.idtr.base = 0x1_8000;
    s.engine.cpu.update_mode();
    s
}

#[test]
fn to_protected_mode_and_back_to_unreal_mode() {
    let mut s = real();
    let to_protected = [
        0x0F, 0x20, 0xC0, // mov eax, cr0
        0x0C, 0x01, // or al, 1
        0x0F, 0x22, 0xC0, // mov cr0, eax
        0x66, 0xEA, 0x10, 0x00, 0x01, 0x00, 0x08, 0x00, // jmp 8:10010h
    ];
    let in_protected = [
        0x66, 0xB8, 0x10, 0x00, // mov ax, 10h
        0x8E, 0xD8, // mov ds, ax
        0xEA, 0x1D, 0x00, 0x01, 0x00, 0x30, 0x00, // jmp 30h:1001Dh
    ];
    let back = [
        0x0F, 0x20, 0xC0, // mov eax, cr0
        0x24, 0xFE, // and al, FEh
        0x0F, 0x22, 0xC0, // mov cr0, eax
        0xEA, 0x2A, 0x00, 0x00, 0x10, // jmp 1000h:2Ah
        0x31, 0xC0, // xor ax, ax
        0x8E, 0xD8, // mov ds, ax
        0x67, 0x66, 0x8B, 0x1D, 0, 0, 0x20, 0, // mov ebx, [200000h]
        0xF4,
    ];
    s.code(&to_protected);
    s.write(CODE + 16, &in_protected);
    s.write(CODE + 0x1D, &back);
    s.put32(0x20_0000, 0x1234_5678);
    s.descriptor(FREE, segment(0, 0xF_FFFF, 0x9B, 8));
    s.run(4);
    assert_eq!((s.eip(), s.selector(seg::CS)), (CODE + 16, CODE0));
    assert!(s.engine.cpu.code32());
    s.halt();
    // DS kept the limit it had in protected mode.
    assert_eq!((s.reg(EBX), s.selector(seg::CS), s.selector(seg::DS)), (0x1234_5678, 0x1000, 0));
    assert_eq!(s.engine.cpu.st.cr0 & cr0::PE, 0);
}

#[test]
fn real_mode_faults_at_64_kib() {
    let mut s = real();
    // mov eax, [bx] with BX = FFFDh: vector 13 of the real-mode table, without error code.
    s.code(&[0x66, 0x8B, 0x07]);
    s.set_reg(EBX, 0xFFFD);
    s.put32(0x1_8000 + 13 * 4, 0x2000_0123);
    let sp = s.reg(ESP);
    s.run(1);
    assert_eq!((s.eip(), s.selector(seg::CS), s.reg(ESP)), (0x123, 0x2000, sp - 6));
    assert_eq!(s.get32(sp - 6), 0x1000_0000);
}

#[test]
fn sysenter_and_sysexit() {
    let mut s = System::new();
    s.enter_ring(3);
    s.engine.cpu.st.msr.sysenter = [CODE0.into(), 0x8800, CODE + 0x800];
    s.code(&[0x0F, 0x34]);
    s.write(CODE + 0x800, &[0x0F, 0x35]);
    s.set_flags(IF);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.flags() & (IF | VM)), (CODE + 0x800, 0x8800, 0));
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS), s.engine.cpu.st.cpl), (CODE0, DATA0, 0));
    s.set_reg(ECX, STACK - 4);
    s.set_reg(EDX, CODE + 2);
    s.run(1);
    assert_eq!((s.eip(), s.reg(ESP), s.engine.cpu.st.cpl), (CODE + 2, STACK - 4, 3));
    assert_eq!((s.selector(seg::CS), s.selector(seg::SS)), (CODE0 + 16 | 3, CODE0 + 24 | 3));
    // Without a code segment it is #GP(0); SYSEXIT is for ring 0.
    s.engine.cpu.st.msr.sysenter[0] = 3;
    s.write(CODE + 2, &[0x0F, 0x34]);
    s.expect_fault(GP, Some(0));
    let mut s = System::new();
    s.enter_ring(3);
    s.engine.cpu.st.msr.sysenter = [CODE0.into(), 0x8800, CODE + 0x800];
    s.code(&[0x0F, 0x35]);
    s.expect_fault(GP, Some(0));
}

#[test]
fn control_registers_refuse_impossible_modes() {
    for (code, value) in [
        ([0x0F, 0x22, 0xC0], cr0::PG),           // paging without protection
        ([0x0F, 0x22, 0xC0], cr0::NW | cr0::PE), // NW without CD
        ([0x0F, 0x22, 0xE0], 1 << 11),           // CR4: reserved
        ([0x0F, 0x22, 0xE0], 1 << 31),
    ] {
        let mut s = System::new();
        s.code(&code);
        s.set_reg(EAX, value);
        s.expect_fault(GP, Some(0));
    }
    // LMSW cannot leave protected mode.
    let mut s = System::new();
    s.code(&[0x0F, 0x01, 0xF0, 0x0F, 0x01, 0xE3]);
    s.set_reg(EAX, 0);
    s.run(2);
    assert_eq!(s.reg(EBX) & 1, 1);
}

#[test]
fn code_may_change_the_next_instruction() {
    // mov byte [next + 1], 55h; next: mov al, AAh
    let mut s = System::new();
    let next = CODE + 7;
    s.code(&[0xC6, 0x05, next as u8 + 1, 0, 1, 0, 0x55, 0xB0, 0xAA, 0xF4]);
    s.halt();
    assert_eq!(s.reg(EAX) & 0xFF, 0x55);
    // And again through a string instruction, in a loop that has run before: stosb onto the immediate of `mov bl`.
    let mut s = System::new();
    let code = [
        0xB3, 0x00, // mov bl, 0
        0xFE, 0xC0, // inc al
        0xBF, 0x01, 0x00, 0x01, 0x00, // mov edi, CODE + 1
        0xB9, 0x01, 0x00, 0x00, 0x00, // mov ecx, 1
        0xF3, 0xAA, // rep stosb
        0x4A, // dec edx
        0x75, 0xED, // jnz CODE
        0xF4,
    ];
    s.code(&code);
    s.set_reg(EAX, 0);
    s.set_reg(EDX, 10);
    s.halt();
    assert_eq!((s.reg(EAX) & 0xFF, s.reg(EBX) & 0xFF), (10, 9));
}

#[test]
fn code_written_by_a_bus_master_is_seen() {
    let mut s = System::new();
    s.code(&[0xB0, 0x01, 0xF4]);
    s.halt();
    s.write(CODE, &[0xB0, 0x02]);
    s.engine.cpu.st.eip = CODE;
    s.engine.cpu.st.halted = false;
    s.halt();
    assert_eq!(s.reg(EAX) & 0xFF, 2);
}

#[test]
fn instructions_across_pages_and_at_the_limit() {
    // mov eax, imm32 over a page boundary.
    let mut s = System::new();
    let at = CODE + 0xFFD;
    s.write(at, &[0xB8, 0x78, 0x56, 0x34, 0x12, 0xF4]);
    s.engine.cpu.st.eip = at;
    s.halt();
    assert_eq!(s.reg(EAX), 0x1234_5678);
    // The same instruction cut off by the segment's limit.
    let mut s = System::new();
    s.descriptor(FREE, segment(0, CODE + 3, 0x9B, 4));
    s.code(&[0xB8, 0x78, 0x56, 0x34, 0x12]);
    s.load(seg::CS, FREE);
    s.expect_fault(GP, Some(0));
    // Sixteen bytes are one too many.
    let mut s = System::new();
    s.code(&[0x66; 15]);
    s.write(CODE + 15, &[0x90]);
    s.expect_fault(GP, Some(0));
}
