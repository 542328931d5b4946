//! System control port A, for those who look.

use super::Port92;
use super::spec::PORT;
use crate::bus::Cx;
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const FIELDS: &[Field] =
    &[Field::flag(0, "RESET", "fast reset of the CPU, when it rises"), Field::flag(1, "A20", "gate open")];

impl Port92 {
    /// The port; its A20 bit is the gate's.
    pub(super) fn groups(&self, cx: &Cx) -> Vec<RegisterGroup> {
        let value =
            self.state.latch & !super::spec::FAST_A20 | u8::from(cx.mem.a20()) * super::spec::FAST_A20;
        let port = RegisterView::new("port 92h", "system control port A", 8, value).at(PORT).fields(FIELDS);
        vec![RegisterGroup::new("system control", vec![port])]
    }
}
