//! The CPU's mode and privilege, to be compared.

use crate::machine::Machine;
use crate::x86::regs::cr0;

/// How segments and addresses work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Real,
    Protected,
    V86,
}

/// Mode, paging and privilege.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    pub kind: Kind,
    pub paging: bool,
    pub cpl: u8,
}

impl Mode {
    /// As they are now.
    pub fn of(machine: &Machine) -> Self {
        let st = &machine.engine.cpu.st;
        let kind = match (st.protected(), st.v86()) {
            (false, _) => Kind::Real,
            (true, true) => Kind::V86,
            (true, false) => Kind::Protected,
        };
        Self { kind, paging: st.cr0 & cr0::PG != 0, cpl: st.cpl }
    }

    /// Whether mode or paging differ.
    pub fn differs(self, other: Self) -> bool {
        (self.kind, self.paging) != (other.kind, other.paging)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match (self.kind, self.paging) {
            (Kind::Real, _) => "real",
            (Kind::Protected, false) => "protected",
            (Kind::Protected, true) => "protected, paging",
            (Kind::V86, false) => "v86",
            (Kind::V86, true) => "v86, paging",
        }
    }
}
