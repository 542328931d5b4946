//! Where an address counts.

use super::Inspector;
use super::fault::Fault;
use crate::x86::regs::{Segment, attr, seg};
use crate::x86::tlb::Access;

/// An address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Linear addresses.
    Linear,
    /// Physical addresses, after the A20 gate.
    Physical,
    /// Offsets in the segment that a register holds, by its hidden part: [`seg::ES`] to [`seg::GS`].
    Segment(u8),
    /// Offsets in the segment that a selector names now: as after a load into DS, or into CS for fetches.
    Selector(u16),
}

const REGISTERS: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];

impl Space {
    /// A space by its name: `linear`, `physical`, `es` to `gs`, or a selector in hexadecimal digits.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        if let Some(number) = REGISTERS.iter().position(|&r| r == name) {
            return Some(Self::Segment(number as u8));
        }
        match name.as_str() {
            "linear" => Some(Self::Linear),
            "physical" => Some(Self::Physical),
            "" | "+" => None,
            digits if digits.len() <= 4 && !digits.starts_with('+') => {
                u16::from_str_radix(digits, 16).ok().map(Self::Selector)
            }
            _ => None,
        }
    }

    /// Its name, as [`Space::from_name`] takes it.
    pub fn name(self) -> String {
        match self {
            Self::Linear => "linear".into(),
            Self::Physical => "physical".into(),
            Self::Segment(number) => REGISTERS[usize::from(number) % 6].into(),
            Self::Selector(selector) => format!("{selector:04x}"),
        }
    }
}

impl Inspector<'_> {
    /// The segment of a space that has one.
    pub(super) fn segment_of(&self, space: Space, access: Access) -> Option<Result<Segment, Fault>> {
        match space {
            Space::Linear | Space::Physical => None,
            Space::Segment(number) => Some(Ok(self.state().seg[usize::from(number & 7)])),
            Space::Selector(selector) => {
                let load = if access == Access::Execute {
                    self.code_load(selector, 0, self.state().cpl)
                } else {
                    self.data_load(selector, self.state().cpl)
                };
                Some(load.result)
            }
        }
    }
}

/// The first and the last offset of a segment, expand-down ones included, whatever is done there; of one that has none
/// the first is above the last.
pub(super) fn offsets(s: &Segment) -> (u32, u32) {
    if s.attr & attr::P == 0 {
        return (u32::MAX, 0);
    }
    let down = s.attr & attr::CODE == 0 && s.attr & attr::DC != 0;
    match (down, s.is_32()) {
        (false, _) => (0, s.limit),
        (true, wide) => {
            let top = if wide { u32::MAX } else { 0xFFFF };
            s.limit.checked_add(1).filter(|&first| first <= top).map_or((u32::MAX, 0), |first| (first, top))
        }
    }
}

/// Whether `offset` is in the segment.
pub(super) fn inside(s: &Segment, offset: u32) -> bool {
    let (first, last) = offsets(s);
    first <= offset && offset <= last
}

/// Whether a segment register is SS, whose violations are #SS.
pub(super) fn is_stack(space: Space) -> bool {
    space == Space::Segment(seg::SS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for space in [Space::Linear, Space::Physical, Space::Segment(seg::GS), Space::Selector(0xB800)] {
            assert_eq!(Space::from_name(&space.name()), Some(space));
        }
        for bad in ["", "10000", "xs", "-1", "+1", "ldtr"] {
            assert_eq!(Space::from_name(bad), None, "{bad}");
        }
    }
}
