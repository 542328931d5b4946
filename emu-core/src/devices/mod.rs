//! The devices of the PC, each a [`Device`](crate::bus::Device) that knows only the bus.

pub mod acpi;
pub mod apic;
pub mod ata;
#[cfg(test)]
pub(crate) mod bench;
pub mod debug_port;
pub mod fdc;
pub mod fw_cfg;
pub mod i440fx;
pub mod i8042;
pub mod i8237;
pub mod i8254;
pub mod i8259;
pub mod mc146818;
pub mod piix;
pub mod port92;
pub mod uart16550;
pub mod vga;
