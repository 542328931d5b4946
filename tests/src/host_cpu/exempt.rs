//! Forms that have no vectors, each with the reason.

use super::keys::Key;
use emu_core::x86::decode::Op;

/// Operations without vectors.
pub struct Exempt {
    /// They.
    pub operations: &'static [Op],
    /// Why.
    pub reason: &'static str,
}

/// The table.
pub const EXEMPT: [Exempt; 6] = [
    Exempt {
        operations: &[Op::Cpuid],
        reason: "tells which CPU it is: a Pentium III, not the recording host",
    },
    Exempt { operations: &[Op::Rdtsc], reason: "gives the time" },
    Exempt {
        operations: &[Op::Rdpmc],
        reason: "counts what the model does not define; CR4.PCE is the system's",
    },
    Exempt {
        operations: &[Op::Sgdt, Op::Sidt, Op::Sldt, Op::Str, Op::Smsw],
        reason: "gives system registers of the host, and under UMIP Linux's idea of them",
    },
    Exempt {
        operations: &[Op::Int1],
        reason: "raises #DB, as does the single step that the vectors are made by",
    },
    Exempt { operations: &[Op::Sysenter, Op::Sysexit], reason: "enters or leaves the host's kernel" },
];

/// Why a form has no vectors, if it has none.
pub fn reason(key: &Key) -> Option<&'static str> {
    EXEMPT.iter().find(|row| row.operations.contains(&key.op())).map(|row| row.reason)
}
