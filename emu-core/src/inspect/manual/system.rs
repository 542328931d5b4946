//! Instructions for operating systems.

use super::Row;
use super::faults::Class::{self, *};
use crate::x86::decode::Op;

/// The row of an operation, if it is one of these.
#[rustfmt::skip]
pub fn row(op: Op) -> Option<Row> {
    let (title, operation, faults): (&str, &str, Class) = match op {
        Op::Invalid => ("undefined", "bytes that are no instruction of this CPU", Undefined),
        Op::MovFromCr => ("read a control register", "d := control register", Privileged),
        Op::MovToCr => ("write a control register", "control register := s; bits that do not exist raise #GP(0); CR3 drops translations", Privileged),
        Op::MovFromDr => ("read a debug register", "d := debug register; #DB if DR7.GD", Privileged),
        Op::MovToDr => ("write a debug register", "debug register := s; #DB if DR7.GD", Privileged),
        Op::Hlt => ("halt", "sleep until an interrupt, NMI or reset", Privileged),
        Op::Cpuid => ("CPU identification", "EAX, EBX, ECX, EDX := what the CPU says of leaf EAX", None),
        Op::Rdtsc => ("read the time stamp counter", "EDX:EAX := counter; with CR4.TSD at CPL 0 only", Privileged),
        Op::Rdpmc => ("read a performance counter", "EDX:EAX := counter ECX; without CR4.PCE at CPL 0 only", Privileged),
        Op::Rdmsr => ("read a model-specific register", "EDX:EAX := register ECX; #GP(0) if there is none", Privileged),
        Op::Wrmsr => ("write a model-specific register", "register ECX := EDX:EAX; #GP(0) if there is none or bits are reserved", Privileged),
        Op::Sysenter => ("fast system call", "CS, ESP, EIP := IA32_SYSENTER_*; CPL 0, flat segments, IF := 0; #GP(0) if CS is null", None),
        Op::Sysexit => ("fast return to user code", "CPL 3, flat segments; EIP := EDX, ESP := ECX", Privileged),
        Op::Rsm => ("leave system management mode", "restores the saved state; elsewhere #UD", Undefined),
        Op::Ud0 | Op::Ud1 | Op::Ud2 => ("undefined instruction", "raises #UD, on purpose", Undefined),
        Op::Clts => ("clear task switched", "CR0.TS := 0", Privileged),
        Op::Invd => ("invalidate caches", "drops cached data without writing it back (there is no cache here)", Privileged),
        Op::Wbinvd => ("write back and invalidate caches", "writes cached data back and drops it (there is no cache here)", Privileged),
        Op::Invlpg => ("invalidate a translation", "drops the TLB's entries for the page of d", Privileged),
        Op::Sgdt => ("store GDTR", "[d] := limit and base of the GDT", Memory),
        Op::Sidt => ("store IDTR", "[d] := limit and base of the IDT", Memory),
        Op::Lgdt => ("load GDTR", "limit and base of the GDT := [d]; 24 bits of base with a 16-bit operand", PrivilegedTable),
        Op::Lidt => ("load IDTR", "limit and base of the IDT := [d]; 24 bits of base with a 16-bit operand", PrivilegedTable),
        Op::Sldt => ("store LDTR", "d := selector of the LDT", Selector),
        Op::Lldt => ("load LDTR", "the LDT is that of selector d; null for none", PrivilegedTable),
        Op::Str => ("store task register", "d := selector of the task", Selector),
        Op::Ltr => ("load task register", "the task is that of selector d, which becomes busy", PrivilegedTable),
        Op::Smsw => ("store machine status word", "d := low half of CR0", Memory),
        Op::Lmsw => ("load machine status word", "PE, MP, EM, TS := d; PE cannot be cleared", PrivilegedTable),
        Op::Verr => ("verify for reading", "ZF := selector d could be read from here", Selector),
        Op::Verw => ("verify for writing", "ZF := selector d could be written from here", Selector),
        Op::Lar => ("load access rights", "if selector s is visible: d := its rights, ZF := 1; else ZF := 0", Selector),
        Op::Lsl => ("load segment limit", "if selector s is visible: d := its limit in bytes, ZF := 1; else ZF := 0", Selector),
        Op::Arpl => ("adjust requested privilege", "if d's RPL < s's: d's RPL := s's, ZF := 1; else ZF := 0", Selector),
        Op::Prefetchnta | Op::Prefetcht0 | Op::Prefetcht1 | Op::Prefetcht2 => ("prefetch", "a hint that d will be read; nothing happens here, nothing is raised", None),
        Op::Lfence => ("load fence", "loads before it are done before loads after it", None),
        Op::Mfence => ("memory fence", "accesses before it are done before accesses after it", None),
        Op::Sfence => ("store fence", "stores before it are done before stores after it", None),
        Op::Clflush => ("flush a cache line", "writes the line of d back and drops it (there is no cache here)", Memory),
        _ => return Option::None,
    };
    Some((title, operation, faults))
}
