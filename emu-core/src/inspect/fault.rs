//! The exceptions that an access would raise, with their reasons.

use crate::bus::view::{Field, RegisterView};
use crate::x86::exception::{Exception, vector};
use serde::Serialize;

/// An exception that would be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Vector and error code.
    pub exception: Exception,
    /// CR2 after a page fault.
    pub cr2: Option<u32>,
    /// In words.
    pub reason: String,
    /// Section of the manual.
    pub section: &'static str,
}

impl Fault {
    /// An exception other than a page fault.
    pub fn new(exception: Exception, reason: impl Into<String>, section: &'static str) -> Self {
        Self { exception, cr2: None, reason: reason.into(), section }
    }

    /// For a pane.
    pub fn view(&self) -> FaultView {
        let number = self.exception.vector();
        let code = self.exception.error_code();
        FaultView {
            vector: number,
            name: name(number),
            error_code: code,
            code: code.map(|code| error_code(number, code)),
            cr2: self.cr2,
            reason: self.reason.clone(),
            section: self.section,
        }
    }
}

/// The exception an access would raise, for a pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultView {
    /// Vector.
    pub vector: u8,
    /// `#PF`.
    pub name: &'static str,
    /// Error code, where it pushes one.
    pub error_code: Option<u16>,
    /// Bits of the error code.
    pub code: Option<RegisterView>,
    /// CR2 after a page fault.
    pub cr2: Option<u32>,
    /// In words.
    pub reason: String,
    /// Section of the manual.
    pub section: &'static str,
}

/// What the manual calls a vector (SDM vol. 3A, table 6-1); empty for those of software and devices.
pub fn name(number: u8) -> &'static str {
    match number {
        vector::DE => "#DE",
        vector::DB => "#DB",
        vector::NMI => "NMI",
        vector::BP => "#BP",
        vector::OF => "#OF",
        vector::BR => "#BR",
        vector::UD => "#UD",
        vector::NM => "#NM",
        vector::DF => "#DF",
        vector::TS => "#TS",
        vector::NP => "#NP",
        vector::SS => "#SS",
        vector::GP => "#GP",
        vector::PF => "#PF",
        vector::MF => "#MF",
        vector::AC => "#AC",
        vector::XM => "#XM",
        _ => "",
    }
}

/// Error code of a page fault (SDM vol. 3A, 4.7).
const PAGE_FAULT: &[Field] = &[
    Field::choice(0, 0, "P", "cause", &["page not present", "rights or reserved bits"]),
    Field::choice(1, 1, "W/R", "access", &["read", "write"]),
    Field::choice(2, 2, "U/S", "privilege", &["supervisor", "user"]),
    Field::flag(3, "RSVD", "a reserved bit was set"),
    Field::flag(4, "I/D", "instruction fetch"),
];

/// Error code of the others (SDM vol. 3A, 6.13).
const SELECTOR: &[Field] = &[
    Field::flag(0, "EXT", "came up while an event from outside was delivered"),
    Field::choice(1, 1, "IDT", "table", &["GDT or LDT", "IDT"]),
    Field::choice(2, 2, "TI", "table, unless IDT", &["GDT", "LDT"]),
    Field::number(3, 15, "index", "entry of the table"),
];

/// An error code, decoded.
pub fn error_code(number: u8, code: u16) -> RegisterView {
    let fields = if number == vector::PF { PAGE_FAULT } else { SELECTOR };
    let none = code == 0 && number != vector::PF;
    RegisterView::new("error code", "", 16, code).fields(if none { &[] } else { fields })
}
