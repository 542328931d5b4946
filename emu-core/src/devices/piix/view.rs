//! The ISA bridge, for those who look.

use super::{Piix3, spec};
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const ROUTE: &[Field] =
    &[Field::number(0, 3, "IRQ", "ISA interrupt it goes to"), Field::flag(7, "off", "not routed")];
const RESET: &[Field] = &[
    Field::choice(1, 1, "SRST", "kind", &["CPU", "system"]),
    Field::flag(2, "RCPU", "resets when it rises"),
];

impl Piix3 {
    /// Interrupt routing, reset control, coprocessor error logic, configuration.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let s = &self.state;
        let mut routing: Vec<RegisterView> = (0u8..4)
            .map(|n| {
                let at = spec::PIRQRC + n;
                let name = format!("PIRQRC{}", char::from(b'A' + n));
                let level = if s.pirq[usize::from(n & 3)] { "line is active" } else { "line is idle" };
                RegisterView::new(name, level, 8, s.config.read(at, 1)).at(at).fields(ROUTE)
            })
            .collect();
        routing.push(RegisterView::new("held", "ISA interrupts held by PIRQs", 16, s.routed()));
        let system = vec![
            RegisterView::new("RC", "reset control", 8, s.rc).at(spec::RC).fields(RESET),
            RegisterView::new("FERR#", "the FPU reports an error", 1, s.ferr),
            RegisterView::new("IGNNE#", "held since port F0h was written", 1, s.ignne),
        ];
        vec![
            RegisterGroup::new("interrupt routing", routing),
            RegisterGroup::new("system", system),
            s.config.view(spec::BDF),
        ]
    }
}
