//! `struc` and `istruc` (NASM manual, section 5.9).

use crate::expression::Segment;

/// A structure that is being declared.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// The number it begins at.
    pub base: i64,
}

/// An instance that is being filled.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Name of the structure.
    pub name: String,
    /// Where it begins.
    pub start: Location,
}

/// A place: in a section, or a number in `absolute` space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Location {
    /// The section; none in `absolute` space.
    pub segment: Option<Segment>,
    /// Offset.
    pub offset: i64,
}
