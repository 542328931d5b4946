//! The host bridge, for those who look.

use super::{HostBridge, spec};
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const PAM: &[Field] = &[Field::flag(0, "RE", "reads go to RAM"), Field::flag(1, "WE", "writes go to RAM")];
const SMRAM: &[Field] = &[
    Field::number(0, 2, "base", "2: A0000"),
    Field::flag(3, "G_SMRAME", "SMRAM on"),
    Field::flag(4, "D_LCK", "locked"),
    Field::flag(5, "D_CLS", "closed for data"),
    Field::flag(6, "D_OPEN", "open outside of SMM"),
];

impl HostBridge {
    /// Shadow RAM by segment, SMRAM, configuration.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let config = &self.state.config;
        let mut shadow: Vec<RegisterView> = (0u8..=12)
            .map(|segment| {
                let (first, last) = if segment == 12 {
                    (0xF_0000, 0xF_FFFF)
                } else {
                    let first = 0xC_0000 + 0x4000 * u32::from(segment);
                    (first, first + 0x3FFF)
                };
                let title = format!("{first:05X}-{last:05X}");
                let at = spec::PAM0 + if segment == 12 { 0 } else { 1 + segment / 2 };
                RegisterView::new(format!("PAM {first:05X}"), title, 4, self.pam(segment)).at(at).fields(PAM)
            })
            .collect();
        let smram = RegisterView::new("SMRAM", "system management RAM", 8, config.read(spec::SMRAM, 1));
        shadow.push(smram.at(spec::SMRAM).fields(SMRAM));
        vec![RegisterGroup::new("shadow RAM", shadow), config.view(spec::BDF)]
    }
}
