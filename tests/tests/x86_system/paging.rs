//! Paging: rights, error codes, accessed and dirty bits, large pages, PAE, what the TLB keeps (SDM vol. 3A, chapter 4).

use emu_core::x86::regs::gpr::{EAX, EBX};
use emu_core::x86::regs::{cr0, cr4};
use glassbox_tests::system::*;

const DIRECTORY: u32 = 0x10_0000;
const TABLE: u32 = 0x10_1000;
const PDPT: u32 = 0x10_4000;
/// The page that tests change the mapping of: linear 300000h.
const PAGE: u32 = 0x30_0000;
const P: u32 = 1;
const RW: u32 = 2;
const US: u32 = 4;
const A: u32 = 0x20;
const D: u32 = 0x40;
const PS: u32 = 0x80;
const G: u32 = 0x100;
const PF: u8 = 14;
/// mov eax, [ebx]; mov [ebx], eax
const READ: [u8; 2] = [0x8B, 0x03];
const WRITE: [u8; 2] = [0x89, 0x03];

fn entry_at(linear: u32) -> u32 {
    TABLE + (linear >> 12) * 4
}

/// 4 MiB mapped one to one for everybody, but for [`PAGE`], which has `flags`.
fn paged(flags: u32) -> System {
    let mut s = System::new();
    s.put32(DIRECTORY, TABLE | P | RW | US);
    for page in 0..1024 {
        s.put32(TABLE + page * 4, page << 12 | P | RW | US);
    }
    s.put32(entry_at(PAGE), PAGE | flags);
    s.engine.cpu.st.cr3 = DIRECTORY;
    s.engine.cpu.set_cr4(cr4::PSE | cr4::PGE).expect("known bits");
    s.engine.cpu.set_cr0(cr0::PE | cr0::PG).expect("known bits");
    s.set_reg(EBX, PAGE + 0x123);
    s
}

fn page_fault(s: &mut System, code: u32) {
    s.expect_fault(PF, Some(code));
    assert_eq!(s.engine.cpu.st.cr2, s.reg(EBX));
}

#[test]
fn rights_and_error_codes() {
    let wp = cr0::WP;
    for (flags, cpl, access, cr0_bits, code) in [
        (0, 0, READ, 0, Some(0)),
        (0, 0, WRITE, 0, Some(2)),
        (0, 3, READ, 0, Some(4)),
        (0, 3, WRITE, 0, Some(6)),
        (P, 3, READ, 0, Some(5)),
        (P | RW, 3, WRITE, 0, Some(7)),
        (P | US, 3, READ, 0, None),
        (P | US, 3, WRITE, 0, Some(7)),
        (P | US, 0, WRITE, 0, None),
        (P | US, 0, WRITE, wp, Some(3)),
        (P, 0, WRITE, wp, Some(3)),
        (P | RW, 0, WRITE, wp, None),
        (P | RW | US, 3, WRITE, 0, None),
    ] {
        let mut s = paged(flags);
        s.enter_ring(cpl);
        s.engine.cpu.st.cr0 |= cr0_bits;
        s.code(&access);
        match code {
            Some(code) => page_fault(&mut s, code),
            None => {
                s.run(1);
                assert_eq!(s.eip(), CODE + 2, "flags {flags:X}, ring {cpl}");
                let dirty = if access == WRITE { D } else { 0 };
                assert_eq!(s.get32(entry_at(PAGE)) & (A | D), A | dirty);
            }
        }
    }
}

#[test]
fn the_directory_limits_the_table() {
    for (flags, code) in [(P | RW, 5), (P | US, 7), (0, 6)] {
        let mut s = paged(P | RW | US);
        s.write(CODE, &WRITE);
        s.enter_ring(3);
        // A directory entry of its own for a second view of the page.
        s.put32(DIRECTORY + 4, TABLE | flags);
        s.set_reg(EBX, 0x40_0000 + PAGE);
        let access = if code == 5 { READ } else { WRITE };
        s.code(&access);
        page_fault(&mut s, code);
    }
}

#[test]
fn accesses_across_pages_fault_where_they_must() {
    let mut s = paged(0);
    s.code(&WRITE);
    s.set_reg(EBX, PAGE - 2);
    s.set_reg(EAX, 0x1234_5678);
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code, s.engine.cpu.st.cr2), (PF, Some(2), PAGE));
    assert_eq!(s.get16(PAGE - 2), 0, "nothing is written");
    // The same for code: CR2 is the first byte that is missing.
    let mut s = paged(0);
    s.write(PAGE - 2, &[0xB8, 0x01]);
    s.engine.cpu.st.eip = PAGE - 2;
    let frame = s.exception();
    assert_eq!((frame.vector, frame.code, frame.eip, s.engine.cpu.st.cr2), (PF, Some(0), PAGE - 2, PAGE));
    // And when both pages are there but not side by side.
    let mut s = paged(P | RW);
    s.put32(entry_at(PAGE), 0x20_0000 | P | RW);
    s.code(&WRITE);
    s.write(CODE + 2, &READ);
    s.set_reg(EBX, PAGE - 2);
    s.set_reg(EAX, 0x1234_5678);
    s.run(1);
    assert_eq!((s.get16(PAGE - 2), s.get16(0x20_0000)), (0x5678, 0x1234));
    s.set_reg(EAX, 0);
    s.run(1);
    assert_eq!(s.reg(EAX), 0x1234_5678);
}

#[test]
fn large_pages() {
    let mut s = paged(P | RW);
    s.put32(DIRECTORY + 4, P | RW | PS);
    s.put32(PAGE + 0x40, 0xCAFE);
    s.code(&READ);
    s.write(CODE + 2, &WRITE);
    s.set_reg(EBX, 0x40_0000 + PAGE + 0x40);
    s.run(1);
    assert_eq!((s.reg(EAX), s.get32(DIRECTORY + 4) & (A | D)), (0xCAFE, A));
    s.run(1);
    assert_eq!(s.get32(DIRECTORY + 4) & (A | D), A | D);
    // Reserved bits of a large entry: P and RSVD.
    let mut s = paged(P | RW);
    s.put32(DIRECTORY + 4, P | RW | PS | 1 << 21);
    s.code(&READ);
    s.set_reg(EBX, 0x40_0000);
    page_fault(&mut s, 9);
    // Without CR4.PSE the bit means nothing.
    let mut s = paged(P | RW);
    s.engine.cpu.set_cr4(0).expect("known bits");
    s.put32(DIRECTORY + 4, TABLE | P | RW | PS);
    s.put32(PAGE, 0xBEEF);
    s.code(&READ);
    s.set_reg(EBX, 0x40_0000 + PAGE);
    s.run(1);
    assert_eq!(s.reg(EAX), 0xBEEF);
}

#[test]
fn the_tlb_keeps_what_is_not_flushed() {
    let other = 0x20_0000;
    let fresh = |flags: u32| {
        let mut s = paged(P | RW | flags);
        s.put32(PAGE + 0x123, 1);
        s.put32(other + 0x123, 2);
        s.code(&READ);
        s.run(1);
        s.put32(entry_at(PAGE), other | P | RW | flags);
        s
    };
    let read = |s: &mut System, before: &[u8]| {
        s.write(CODE + 2, before);
        s.write(CODE + 2 + before.len() as u32, &READ);
        s.run(if before.is_empty() { 1 } else { 2 });
        s.reg(EAX)
    };
    let (invlpg, to_cr3, to_cr4) = ([0x0F, 0x01, 0x3B], [0x0F, 0x22, 0xDA], [0x0F, 0x22, 0xE2]);
    assert_eq!(read(&mut fresh(0), &[]), 1, "stale");
    assert_eq!(read(&mut fresh(0), &invlpg), 2);
    let with_edx = |flags, value| {
        let mut s = fresh(flags);
        s.set_reg(2, value);
        s
    };
    assert_eq!(read(&mut with_edx(0, DIRECTORY), &to_cr3), 2);
    assert_eq!(read(&mut with_edx(G, DIRECTORY), &to_cr3), 1, "global pages stay");
    assert_eq!(read(&mut with_edx(G, cr4::PSE), &to_cr4), 2, "but not when CR4.PGE changes");
    assert_eq!(read(&mut with_edx(G, 0), &invlpg), 2);
}

#[test]
fn invlpg_drops_all_of_a_large_page() {
    let mut s = paged(P | RW);
    s.put32(DIRECTORY + 4, P | RW | PS);
    s.put32(PAGE, 1);
    s.code(&READ);
    s.set_reg(EBX, 0x40_0000 + PAGE);
    s.run(1);
    assert_eq!(s.reg(EAX), 1);
    // Another mapping, and INVLPG of another address in it.
    s.put32(DIRECTORY + 4, TABLE | P | RW);
    s.put32(entry_at(PAGE), 0x20_0000 | P | RW);
    s.put32(0x20_0000, 2);
    s.write(CODE + 2, &[0x0F, 0x01, 0x3D, 0, 0, 0x40, 0]);
    s.write(CODE + 9, &READ);
    s.run(2);
    assert_eq!(s.reg(EAX), 2);
}

/// PAE: 4 MiB in two large pages one to one, and linear 40000000h by a table.
fn pae(flags: u64, nxe: bool) -> System {
    let mut s = System::new();
    let mut put = |at: u32, value: u64| s.write(at, &value.to_le_bytes());
    put(PDPT, u64::from(DIRECTORY | P));
    put(PDPT + 8, u64::from(0x10_2000 | P));
    put(DIRECTORY, u64::from(P | RW | US | PS));
    put(DIRECTORY + 8, 0x20_0000 | u64::from(P | RW | US | PS));
    put(0x10_2000, u64::from(0x10_3000 | P | RW | US));
    put(0x10_3000, u64::from(PAGE) | flags);
    s.engine.cpu.st.cr3 = PDPT;
    s.engine.cpu.st.msr.efer = if nxe { 1 << 11 } else { 0 };
    s.engine.cpu.set_cr4(cr4::PAE).expect("known bits");
    s.engine.cpu.set_cr0(cr0::PE | cr0::PG).expect("the entries are good");
    s.set_reg(EBX, 0x4000_0000);
    s
}

const NX: u64 = 1 << 63;
const ALL: u64 = (P | RW | US) as u64;

#[test]
fn pae_tables() {
    let mut s = pae(ALL, true);
    s.put32(PAGE, 0x600D);
    s.code(&READ);
    s.run(1);
    assert_eq!((s.reg(EAX), s.get32(0x10_3000) & (A | D), s.get32(0x10_2000) & (A | D)), (0x600D, A, A));
    // Reserved address bits; a directory pointer that is not there.
    let mut s = pae(ALL | 1 << 40, true);
    s.code(&READ);
    page_fault(&mut s, 9);
    let mut s = pae(ALL, true);
    s.code(&READ);
    s.set_reg(EBX, 0x8000_0000);
    page_fault(&mut s, 0);
    // Without NXE the NX bit is reserved.
    let mut s = pae(ALL | NX, false);
    s.code(&READ);
    page_fault(&mut s, 9);
}

#[test]
fn nx_forbids_fetches_only() {
    let mut s = pae(ALL | NX, true);
    s.code(&READ);
    s.run(1);
    assert_eq!(s.eip(), CODE + 2);
    for (cpl, code) in [(0, 0x11), (3, 0x15)] {
        let mut s = pae(ALL | NX, true);
        s.enter_ring(cpl);
        s.engine.cpu.st.eip = 0x4000_0000;
        let frame = s.exception();
        assert_eq!((frame.vector, frame.code, frame.eip), (PF, Some(code), 0x4000_0000));
        assert_eq!(s.engine.cpu.st.cr2, 0x4000_0000);
    }
}

#[test]
fn directory_pointers_are_loaded_with_cr3() {
    // mov cr3, edx with reserved bits in a present pointer: #GP(0), and CR3 stays.
    let mut s = pae(ALL, true);
    s.write(0x10_5000, &(u64::from(DIRECTORY | P) | 2).to_le_bytes());
    s.set_reg(2, 0x10_5000);
    s.code(&[0x0F, 0x22, 0xDA]);
    s.expect_fault(13, Some(0));
    assert_eq!(s.engine.cpu.st.cr3, PDPT);
    // A changed pointer in memory means nothing until then.
    let mut s = pae(ALL, true);
    s.write(PDPT + 8, &[0; 8]);
    s.code(&READ);
    s.run(1);
    assert_eq!(s.eip(), CODE + 2);
}

#[test]
fn page_faults_in_a_row() {
    // The page-fault handler's gate leads to a page that is not there: #PF in #PF is #DF.
    let mut s = paged(0);
    s.interrupt_gate(PF, gate(CODE0, PAGE, 0x8E, 0));
    s.code(&READ);
    // The handler itself is fetched after delivery: a fault of its own, endlessly nested until the stack ends. But a
    // stack that is missing is #DF at once.
    let mut t = paged(0);
    t.code(&READ);
    t.set_reg(4, PAGE + 0x800);
    // The first #PF cannot be pushed: the second, then #DF, cannot be either.
    assert_eq!(t.run(5), emu_core::x86::Exit::Shutdown);
    s.run(1);
    assert_eq!(s.eip(), PAGE);
    s.run(1);
    assert_eq!((s.eip(), s.get32(s.reg(4) + 4)), (PAGE, PAGE));
}

#[test]
fn the_a20_gate_masks_physical_addresses() {
    let mut s = System::new();
    s.put32(0x20_0040, 1);
    s.put32(0x30_0040, 2);
    s.code(&READ);
    s.set_reg(EBX, 0x30_0040);
    s.engine.cpu.bus.cx.gate_a20(false);
    s.engine.cpu.attention |= emu_core::x86::cpu::attention::DEVICE;
    s.run(1);
    assert_eq!(s.reg(EAX), 1);
}
