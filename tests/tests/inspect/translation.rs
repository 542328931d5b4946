//! The explanation of an access against the CPU that makes it: random segments, page tables, privilege and accesses.

use emu_core::inspect::{Inspector, Space, TranslationView};
use emu_core::x86::eflags;
use emu_core::x86::regs::gpr::{EAX, EBX};
use emu_core::x86::regs::{Segment, attr, cr0, cr4, seg};
use emu_core::x86::tlb::Access;
use glassbox_tests::Random;
use glassbox_tests::system::*;

const DIRECTORY: u32 = 0x10_0000;
const TABLE: u32 = 0x10_2000;
const POINTERS: u32 = 0x10_4000;
/// The two pages whose entries are random.
const PAGE: u32 = 0x30_0000;
/// Linear address of the part with a random page-directory entry.
const FAR: u32 = 0x40_0000;
/// A present, writable page for everybody.
const OPEN: u32 = 7;
const PF: u8 = 14;
const UD: u8 = 6;

/// A random choice.
fn pick<T: Copy>(random: &mut Random, from: &[T]) -> T {
    from[random.below(from.len() as u64) as usize]
}

/// Bits of an entry, most often good ones.
fn entry_bits(random: &mut Random) -> u64 {
    let low = pick(random, &[7u64, 7, 7, 7, 5, 3, 1, 6, 0x67]);
    let high = pick(random, &[0u64, 0, 0, 0, 1 << 63, 1 << 36, 1 << 62]);
    low | high
}

/// Paging of any kind, one to one but for [`PAGE`] and [`FAR`].
fn random_paging(s: &mut System, random: &mut Random) {
    let pae = random.below(2) == 0;
    let size = if pae { 8 } else { 4 };
    let count = if pae { 512 } else { 1024 };
    for page in 0..1024u32 {
        s.put32(TABLE + page * size, page << 12 | OPEN);
    }
    // With PAE a table has room for 2 MiB: two of them, one behind the other.
    for table in 0..1024 / count {
        s.put32(DIRECTORY + table * size, TABLE + table * 0x1000 | OPEN);
    }
    for n in 0..2u32 {
        let bits = entry_bits(random);
        let at = TABLE + ((PAGE >> 12) + n) * size;
        s.put32(at, PAGE + n * 0x1000 | bits as u32 & 0xFFF);
        if pae {
            s.put32(at + 4, (bits >> 32) as u32);
        }
    }
    let bits = entry_bits(random) | pick(random, &[0u64, 0x80, 0x80]);
    let reserved = pick(random, &[0, 0, 0, 0x2000, 0x10_0000]);
    let far = DIRECTORY + (FAR >> if pae { 21 } else { 22 }) * size;
    s.put32(far, if bits & 0x80 != 0 { reserved } else { TABLE } | bits as u32 & 0xFFF);
    if pae {
        s.put32(far + 4, (bits >> 32) as u32);
    }
    let cpu = &mut s.engine.cpu;
    cpu.st.msr.efer = pick(random, &[0, 1 << 11]);
    let mut features = pick(random, &[0, cr4::PSE]);
    if pae {
        for n in 0..4u32 {
            let present = if n == 0 { 1 } else { 0 };
            s.put32(POINTERS + n * 8, DIRECTORY + n * 0x1000 | present);
            s.put32(POINTERS + n * 8 + 4, 0);
        }
        features |= cr4::PAE;
    }
    let cpu = &mut s.engine.cpu;
    cpu.st.cr3 = if pae { POINTERS } else { DIRECTORY };
    cpu.set_cr4(features).expect("known bits");
    cpu.set_cr0(cpu.st.cr0 | cr0::PG | pick(random, &[0, cr0::WP])).expect("good pointers");
}

/// Flat code and stack at any privilege level.
fn enter(s: &mut System, cpl: u8) {
    s.enter_ring(if cpl == 0 { 0 } else { 3 });
    let dpl = u16::from(cpl) << attr::DPL_SHIFT;
    let base = attr::P | attr::S | attr::RW | attr::ACCESSED | attr::DB | attr::G | dpl;
    let cpu = &mut s.engine.cpu;
    let selector = u16::from(cpl);
    cpu.set_segment(seg::CS, Segment::new(CODE3 & !3 | selector, 0, u32::MAX, base | attr::CODE));
    cpu.set_segment(seg::SS, Segment::new(DATA3 & !3 | selector, 0, u32::MAX, base));
    cpu.set_cpl(cpl);
}

fn random_system(random: &mut Random) -> (System, u8) {
    let mut s = System::new();
    let cpl = pick(random, &[0, 0, 1, 2, 3, 3, 3]);
    if random.below(5) != 0 {
        random_paging(&mut s, random);
    }
    enter(&mut s, cpl);
    if random.below(4) == 0 {
        s.engine.cpu.st.cr0 |= cr0::AM;
        s.set_flags(eflags::AC);
    }
    (s, cpl)
}

/// What the CPU did: vector, error code and CR2 of the exception, if there was one.
fn outcome(s: &System, cr2: u32) -> Option<(u8, Option<u32>, Option<u32>)> {
    if !(HANDLERS..HANDLERS + 0x1000).contains(&s.eip()) {
        return None;
    }
    let frame = s.frame();
    if frame.vector != PF {
        assert_eq!(s.engine.cpu.st.cr2, cr2, "CR2 changes with page faults only");
    }
    Some((frame.vector, frame.code, (frame.vector == PF).then_some(s.engine.cpu.st.cr2)))
}

fn told(view: &TranslationView) -> Option<(u8, Option<u32>, Option<u32>)> {
    view.fault.as_ref().map(|f| (f.vector, f.error_code.map(u32::from), f.cr2))
}

fn random_segment(random: &mut Random, base: u32) -> Segment {
    if random.below(12) == 0 {
        return Segment::null(random.below(4) as u16);
    }
    let kind = pick(random, &[2u16, 2, 2, 3, 0, 1, 4, 6, 6, 7, 8, 9, 0xA, 0xB, 0xE]);
    let bits = attr::P | attr::S | kind | pick(random, &[0, attr::DB]) | 3 << attr::DPL_SHIFT;
    let limit = pick(random, &[u32::MAX, 0xFFFF, 0x10, 0xFFF, 0x1000, 0, 0x2_0000]);
    Segment::new(0x33, base, limit, bits)
}

/// mov accumulator, fs:[ebx] and back; movq mm0, fs:[ebx] and back.
fn instruction(access: Access, size: u32) -> Vec<u8> {
    let write = access == Access::Write;
    match (size, write) {
        (1, false) => vec![0x64, 0x8A, 0x03],
        (1, true) => vec![0x64, 0x88, 0x03],
        (2, false) => vec![0x64, 0x66, 0x8B, 0x03],
        (2, true) => vec![0x64, 0x66, 0x89, 0x03],
        (4, false) => vec![0x64, 0x8B, 0x03],
        (4, true) => vec![0x64, 0x89, 0x03],
        (_, false) => vec![0x64, 0x0F, 0x6F, 0x03],
        (_, true) => vec![0x64, 0x0F, 0x7F, 0x03],
    }
}

#[test]
fn data_accesses_end_as_explained() {
    let mut random = Random::new(0x61A5_5B0C);
    let (mut faults, mut good) = (std::collections::BTreeMap::new(), 0);
    for case in 0..4000 {
        let (mut s, cpl) = random_system(&mut random);
        let near = pick(&mut random, &[PAGE, PAGE + 0x1000, FAR, DATA, 0x3F_FFFC, 0xFFFF_FFFE]);
        let base = pick(&mut random, &[0, near, near.wrapping_sub(0x1000)]);
        let segment = random_segment(&mut random, base);
        s.engine.cpu.st.seg[usize::from(seg::FS)] = segment;
        let jitter = random.below(24) as u32;
        let offset = near.wrapping_sub(base).wrapping_add(jitter).wrapping_sub(8);
        s.set_reg(EBX, offset);
        s.set_reg(EAX, 0x5A5A_A5A5);
        let access = pick(&mut random, &[Access::Read, Access::Write]);
        let size = pick(&mut random, &[1, 2, 4, 8]);
        s.code(&instruction(access, size));
        let view = Inspector::new(&s.engine).translate(
            Space::Segment(seg::FS),
            u64::from(offset),
            access,
            size,
            cpl,
        );
        let before = view.physical.map(|at| s.get32(at as u32));
        let cr2 = s.engine.cpu.st.cr2;
        s.run(1);
        let what =
            format!("case {case}: CPL {cpl}, {access:?} of {size} at {offset:X} in {segment:?}: {view:#?}");
        assert_eq!(told(&view), outcome(&s, cr2), "{what}");
        match view.physical {
            Some(at)
                if at < u64::from(RAM) - 8 && view.linear.is_some_and(|l| l % 0x1000 <= 0x1000 - size) =>
            {
                good += 1;
                let mask = u32::MAX >> (32 - 8 * size.min(4));
                match (access, size) {
                    (_, 8) => {}
                    (Access::Read, _) => assert_eq!(s.reg(EAX) & mask, before.unwrap_or(0) & mask, "{what}"),
                    _ => assert_eq!(s.get32(at as u32) & mask, 0x5A5A_A5A5 & mask, "{what}"),
                }
            }
            _ => {}
        }
        if let Some(fault) = &view.fault {
            assert!(view.steps.last().is_some_and(|step| !step.ok) && !fault.reason.is_empty(), "{what}");
            *faults.entry(fault.vector).or_insert(0) += 1;
        }
    }
    assert!(good > 300, "{good} accesses succeeded");
    for vector in [13, 14, 17] {
        assert!(faults.get(&vector).is_some_and(|&n| n > 50), "vector {vector}: {faults:?}");
    }
}

/// A random descriptor, code or data more often than others.
fn random_descriptor(random: &mut Random, segments_only: bool) -> u64 {
    let kind =
        if segments_only || random.below(6) != 0 { 0x10 | random.below(16) } else { random.below(16) } as u8;
    let present = if random.below(6) == 0 { 0 } else { 0x80 };
    let access = kind | present | (random.below(4) as u8) << 5;
    segment(
        pick(random, &[0, PAGE, DATA]),
        pick(random, &[0xF_FFFF, 0x20, 0xFFF]),
        access,
        pick(random, &[0, 4, 8, 0xC]),
    )
}

/// An LDT that begins before [`PAGE`], so that reading a descriptor can fault.
fn place_ldt(s: &mut System, random: &mut Random, segments_only: bool) {
    let base = PAGE - pick(random, &[0x10, 0xC, 0x100, 0]);
    for n in 0..8 {
        let raw = random_descriptor(random, segments_only);
        s.write(base + n * 8, &raw.to_le_bytes());
    }
    let ldt = if random.below(10) == 0 { Segment::null(0) } else { Segment::new(0x38, base, 0x37, 0x82) };
    s.engine.cpu.st.seg[usize::from(seg::LDTR)] = ldt;
}

#[test]
fn segment_loads_end_as_explained() {
    let mut random = Random::new(0x5E1E_C708);
    let mut seen = std::collections::BTreeMap::new();
    for case in 0..4000 {
        let (mut s, cpl) = random_system(&mut random);
        place_ldt(&mut s, &mut random, false);
        let selector = (random.below(9) << 3 | pick(&mut random, &[4, 4, 4, 0]) | random.below(4)) as u16;
        let offset = random.below(0x30) as u32;
        s.set_reg(EAX, u32::from(selector));
        s.set_reg(EBX, offset);
        // mov fs, ax; mov al, fs:[ebx]
        s.code(&[0x8E, 0xE0, 0x64, 0x8A, 0x03]);
        let view = Inspector::new(&s.engine).translate(
            Space::Selector(selector),
            u64::from(offset),
            Access::Read,
            1,
            cpl,
        );
        let cr2 = s.engine.cpu.st.cr2;
        s.run(1);
        if outcome(&s, cr2).is_none() {
            s.run(1);
        }
        assert_eq!(told(&view), outcome(&s, cr2), "case {case}: CPL {cpl}, selector {selector:X}: {view:#?}");
        *seen.entry(told(&view).map(|t| t.0)).or_insert(0) += 1;
    }
    for vector in [None, Some(11), Some(13), Some(14)] {
        assert!(seen.get(&vector).is_some_and(|&n| n > 50), "{vector:?}: {seen:?}");
    }
}

#[test]
fn far_jumps_end_as_explained() {
    let mut random = Random::new(0xFA4);
    let mut seen = std::collections::BTreeMap::new();
    for case in 0..4000 {
        let (mut s, cpl) = random_system(&mut random);
        place_ldt(&mut s, &mut random, true);
        for at in [0u32, PAGE, PAGE + 0x1000, DATA] {
            s.write(at, &[0x90; 64]);
        }
        let selector = (random.below(8) << 3 | 4 | random.below(4)) as u16;
        let offset = pick(&mut random, &[0u32, 0x10, 0x30, PAGE, PAGE + 0x1001, DATA]);
        let mut code = vec![0xEA];
        code.extend(offset.to_le_bytes());
        code.extend(selector.to_le_bytes());
        s.code(&code);
        let view = Inspector::new(&s.engine).translate(
            Space::Selector(selector),
            u64::from(offset),
            Access::Execute,
            1,
            cpl,
        );
        let cr2 = s.engine.cpu.st.cr2;
        s.run(1);
        if outcome(&s, cr2).is_none() {
            s.run(1);
        }
        // Where no NOP lies the fetch still succeeds.
        let done = outcome(&s, cr2).filter(|(vector, ..)| *vector != UD);
        assert_eq!(told(&view), done, "case {case}: CPL {cpl}, {selector:X}:{offset:X}: {view:#?}");
        *seen.entry(told(&view).map(|t| t.0)).or_insert(0) += 1;
    }
    for vector in [None, Some(11), Some(13), Some(14)] {
        assert!(seen.get(&vector).is_some_and(|&n| n > 20), "{vector:?}: {seen:?}");
    }
}

/// A system descriptor that a far CALL may name, most often a good call gate to a segment of the LDT.
fn random_gate(random: &mut Random) -> u64 {
    let kind = pick(random, &[0xCu8, 0xC, 0xC, 0xC, 0x4, 0xE, 0x2]);
    let present = if random.below(8) == 0 { 0 } else { 0x80 };
    let any = random.below(8);
    let code = random.below(4) * 2;
    let target = (pick(random, &[code, code, code, any]) << 3 | 4 | random.below(4)) as u16;
    let target = pick(random, &[target, target, target, target, 0]);
    let offset = pick(random, &[0u32, 0x10, 0x30, PAGE, PAGE + 0x1001, DATA]);
    let any = random.below(4) as u8;
    gate(target, offset, kind | present | pick(random, &[3, 3, 3, any]) << 5, 0)
}

/// CALL through gates, to the same ring and to inner ones, as the explanation has it: SDM vol. 3A, 5.8.3 and 5.8.4.
#[test]
fn far_calls_through_gates_end_as_explained() {
    let mut random = Random::new(0xCA11);
    let (mut seen, mut inner) = (std::collections::BTreeMap::new(), 0);
    for case in 0..4000 {
        let (mut s, cpl) = random_system(&mut random);
        place_ldt(&mut s, &mut random, true);
        let ldt = s.engine.cpu.st.seg[usize::from(seg::LDTR)].base;
        for n in [1u32, 3, 5] {
            s.write(ldt + n * 8, &random_gate(&mut random).to_le_bytes());
        }
        // Code of any ring, conforming or not, where most gates lead.
        for n in [0u32, 2, 4, 6] {
            let access = pick(&mut random, &[0x9A, 0x9A, 0x9E, 0x98, 0x1A]) | (random.below(4) as u8) << 5;
            let code = segment(pick(&mut random, &[0, PAGE, DATA]), 0xF_FFFF, access, 0xC);
            s.write(ldt + n * 8, &code.to_le_bytes());
        }
        for at in [0u32, PAGE, PAGE + 0x1000, DATA] {
            s.write(at, &[0x90; 64]);
        }
        // All rings have a stack.
        for ring in 0..3u32 {
            let dpl = ring as u8;
            s.descriptor(FREE + 8 * dpl as u16, segment(0, 0xF_FFFF, 0x93 | dpl << 5, 0xC));
            s.put32(TSS + 4 + 8 * ring, STACK0);
            s.put32(TSS + 8 + 8 * ring, u32::from(FREE) + 8 * ring + ring);
        }
        let selector = (pick(&mut random, &[1u64, 3, 5]) << 3 | 4 | random.below(4)) as u16;
        // call selector:0, whose offset does not count.
        let mut code = vec![0x9A, 0, 0, 0, 0];
        code.extend(selector.to_le_bytes());
        s.code(&code);
        let view = Inspector::new(&s.engine).translate(Space::Selector(selector), 0, Access::Execute, 1, cpl);
        let cr2 = s.engine.cpu.st.cr2;
        s.run(1);
        let called = outcome(&s, cr2).is_none();
        if called {
            assert_eq!(view.linear, Some(s.engine.cpu.linear_ip()), "case {case}: {view:#?}");
            inner += usize::from(s.engine.cpu.st.cpl < cpl);
            s.run(1);
        }
        let done = outcome(&s, cr2).filter(|(vector, ..)| *vector != UD);
        assert_eq!(told(&view), done, "case {case}: CPL {cpl}, {selector:X}: {view:#?}");
        *seen.entry(told(&view).map(|t| t.0)).or_insert(0) += 1;
    }
    for vector in [None, Some(11), Some(13), Some(14)] {
        assert!(seen.get(&vector).is_some_and(|&n| n > 20), "{vector:?}: {seen:?}");
    }
    assert!(inner > 20, "{inner} calls to inner rings");
}

/// A machine with pages of four bytes an entry, in ring 0; the page at `PAGE` is open to it.
fn with_pages() -> System {
    let mut s = System::new();
    let mut random = Random::new(7);
    while s.engine.cpu.st.cr0 & cr0::PG == 0 || s.engine.cpu.st.cr4 & cr4::PAE != 0 {
        s = System::new();
        random_paging(&mut s, &mut random);
    }
    s.enter_ring(0);
    s.put32(TABLE + (PAGE >> 12) * 4, PAGE | OPEN);
    s
}

/// Both ends of an access that crosses from one page into the next, and of one that crosses a limit.
#[test]
fn both_ends_are_told() {
    let mut s = with_pages();
    s.put32(TABLE + ((PAGE >> 12) + 1) * 4, DATA | OPEN);
    let look = |s: &System, at: u32, access, size| {
        Inspector::new(&s.engine).translate(Space::Linear, u64::from(at), access, size, 0)
    };
    let parts = |view: &TranslationView| {
        view.parts.iter().map(|part| (part.linear, part.length, part.physical)).collect::<Vec<_>>()
    };
    let view = look(&s, PAGE + 0xFFA, Access::Write, 16);
    let (page, data) = (u64::from(PAGE), u64::from(DATA));
    assert_eq!(parts(&view), [(PAGE + 0xFFA, 6, page + 0xFFA), (PAGE + 0x1000, 10, data)]);
    // An instruction is fetched from both pages too.
    assert_eq!(parts(&look(&s, PAGE + 0xFFE, Access::Execute, 5)).len(), 2);
    s.put32(TABLE + ((PAGE >> 12) + 1) * 4, 0);
    let view = look(&s, PAGE + 0xFFE, Access::Write, 4);
    assert_eq!(parts(&view), [(PAGE + 0xFFE, 2, page + 0xFFE)], "the first end is there");
    assert_eq!(told(&view), Some((PF, Some(2), Some(PAGE + 0x1000))), "CR2 is where the second page begins");
    s.engine.cpu.st.seg[usize::from(seg::FS)] = Segment::new(0x33, 0, 0x10, 0xF3);
    let reason = |size| {
        let view = Inspector::new(&s.engine).translate(Space::Segment(seg::FS), 0xE, Access::Read, size, 0);
        view.fault.map(|fault| fault.reason).unwrap_or_default()
    };
    assert_eq!(reason(2), "");
    assert_eq!(
        reason(8),
        "the first byte at offset E is inside, but the last at offset 15, and the limit is 10"
    );
}

/// Real mode: base is 16 times the selector, the A20 gate wraps at 1 MiB, the limit is FFFF.
#[test]
fn real_mode_and_the_a20_gate() {
    let mut s = System::new();
    s.engine.cpu.set_cr0(cr0::ET).expect("known bits");
    let look = |s: &System, offset, size| {
        Inspector::new(&s.engine).translate(Space::Selector(0xFFFF), offset, Access::Read, size, 0)
    };
    assert_eq!(look(&s, 0x10, 1).physical, Some(0x10_0000));
    s.engine.cpu.bus.cx.mem.set_a20(false);
    let view = look(&s, 0x10, 1);
    assert_eq!((view.linear, view.physical), (Some(0x10_0000), Some(0)));
    assert!(view.steps.iter().any(|step| step.text.contains("A20")));
    s.engine.cpu.st.seg[usize::from(seg::DS)] = Segment::real(0, 0x93);
    let view = look(&s, 0xFFFF, 2);
    assert_eq!(told(&view), Some((13, Some(0), None)));
}

/// The explanation goes by the tables; where the TLB is older, it says so.
#[test]
fn a_stale_translation_is_told() {
    let mut s = with_pages();
    s.engine.cpu.flush_tlb(true);
    s.set_reg(EBX, PAGE);
    s.code(&[0x8B, 0x03]);
    s.run(1);
    let look =
        |s: &System| Inspector::new(&s.engine).translate(Space::Linear, u64::from(PAGE), Access::Read, 4, 0);
    assert!(look(&s).steps.iter().all(|step| step.kind != "tlb"));
    s.put32(TABLE + (PAGE >> 12) * 4, DATA | OPEN);
    let view = look(&s);
    assert_eq!(view.physical, Some(u64::from(DATA)));
    assert!(view.steps.iter().any(|step| step.kind == "tlb"));
}
