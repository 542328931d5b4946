//! The 8259s' registers, most of which software can only write, for those who look.

use super::chip::Chip;
use super::spec::*;
use super::{CASCADES, Pic};
use crate::bus::view::{Field, RegisterGroup, RegisterView, eight};

const MASTER_IRQS: [&str; 8] = ["IRQ0", "IRQ1", "IRQ2", "IRQ3", "IRQ4", "IRQ5", "IRQ6", "IRQ7"];
const SLAVE_IRQS: [&str; 8] = ["IRQ8", "IRQ9", "IRQ10", "IRQ11", "IRQ12", "IRQ13", "IRQ14", "IRQ15"];

const ICW1_FIELDS: &[Field] = &[
    Field::flag(0, "IC4", "ICW4 was announced"),
    Field::choice(1, 1, "SNGL", "chips", &["cascaded", "single"]),
];
const ICW4_FIELDS: &[Field] = &[
    Field::flag(1, "AEOI", "automatic end of interrupt"),
    Field::flag(4, "SFNM", "special fully nested mode"),
];
const OCW3_FIELDS: &[Field] = &[
    Field::choice(0, 0, "RIS", "the command port reads as", &["IRR", "ISR"]),
    Field::flag(2, "P", "poll: the next read acknowledges"),
    Field::flag(5, "SMM", "special mask mode"),
];
const OCW2_FIELDS: &[Field] = &[
    Field::number(0, 2, "highest", "input of the highest priority"),
    Field::flag(7, "R", "rotates with automatic end of interrupt"),
];

/// The words of initialisation, in the order in which they come.
const WORDS: &[&str] = &["OCW1: no initialisation under way", "ICW2", "ICW3", "ICW4"];
const EXPECTS_FIELDS: &[Field] =
    &[Field::choice(0, 1, "word", "what the next write of the data port is", WORDS)];

impl Pic {
    /// Both chips' registers.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let [master, slave] = &self.state.chips;
        vec![
            group("master", master, MASTER, &eight(MASTER_IRQS, "interrupt request"), CASCADES[0]),
            group("slave", slave, SLAVE, &eight(SLAVE_IRQS, "interrupt request"), CASCADES[1]),
        ]
    }
}

fn group(name: &'static str, chip: &Chip, port: u16, irqs: &[Field], cascades: u8) -> RegisterGroup {
    let elcr = if port == MASTER { ELCR } else { ELCR + 1 };
    let pending = chip.pending(cascades);
    let next =
        pending.map_or("nothing asks".into(), |pin| format!("asks with vector {:02X}h", chip.vector(pin)));
    let register = |name: &'static str, title: &'static str, at: u16, value: u8| {
        RegisterView::new(name, title, 8, value).at(at)
    };
    let icw1 = u8::from(chip.icw4_follows) * ICW1_IC4 | u8::from(chip.single) * ICW1_SNGL;
    let icw4 = u8::from(chip.auto_eoi) * ICW4_AEOI | u8::from(chip.special_fully_nested) * ICW4_SFNM;
    let ocw2 = chip.highest & 7 | u8::from(chip.rotate_on_auto_eoi) * OCW2_R;
    let ocw3 = u8::from(chip.read_isr) * OCW3_RIS
        | u8::from(chip.poll) * OCW3_POLL
        | u8::from(chip.special_mask) * OCW3_SMM;
    RegisterGroup::new(
        name,
        vec![
            register("pins", "levels of the inputs", port, chip.pins).fields(irqs),
            register("IRR", "requests", port, chip.irr).fields(irqs),
            register("ISR", "in service", port, chip.isr).fields(irqs),
            register("IMR", "masked (OCW1)", port + 1, chip.imr).fields(irqs),
            register("ELCR", "level triggered", elcr, chip.elcr).fields(irqs),
            RegisterView::new("INT", next, 1, pending.is_some()),
            register("ICW1", "initialisation", port, icw1).fields(ICW1_FIELDS),
            register("ICW2", "vector of input 0", port + 1, chip.vector_base),
            register("ICW4", "mode", port + 1, icw4).fields(ICW4_FIELDS),
            register("OCW2", "priorities", port, ocw2).fields(OCW2_FIELDS),
            register("OCW3", "reading and masking", port, ocw3).fields(OCW3_FIELDS),
            RegisterView::new("expects", "the data port", 2, chip.expects as u8)
                .at(port + 1)
                .fields(EXPECTS_FIELDS),
        ],
    )
}
