//! The devices' registers, as the devices show them themselves.

use super::Inspector;
use crate::bus::Device;
use crate::bus::view::{Field, PictureName, PictureView, RegisterGroup, RegisterView};
use crate::devices::i440fx::HostBridge;
use serde::Serialize;

/// The configuration address register (PCI Local Bus 2.1, 3.7.4.1).
const CONFADD: &[Field] = &[
    Field::number(2, 7, "register", "dword of the function's configuration space"),
    Field::number(8, 10, "function", ""),
    Field::number(11, 15, "device", ""),
    Field::number(16, 23, "bus", ""),
    Field::flag(31, "CONE", "port CFCh reaches configuration space"),
];

/// A device that can be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceName {
    /// To ask for it.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
}

/// A device's registers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Its registers.
    pub groups: Vec<RegisterGroup>,
    /// Pictures that can be asked for.
    pub pictures: &'static [PictureName],
}

impl Inspector<'_> {
    /// All devices, in wiring order.
    pub fn devices(&self) -> Vec<DeviceName> {
        self.cpu().bus.devices().map(|d| DeviceName { name: d.name(), title: d.title() }).collect()
    }

    fn device_named(&self, name: &str) -> Option<&dyn Device> {
        self.cpu().bus.devices().find(|device| device.name() == name)
    }

    /// A device's registers now.
    pub fn device(&self, name: &str) -> Option<DeviceView> {
        let device = self.device_named(name)?;
        let mut groups = device.view(&self.cpu().bus.cx, self.cpu().now());
        // The bus decodes it, the datasheet draws it in the host bridge.
        if (device as &dyn std::any::Any).is::<HostBridge>() {
            let latch = RegisterView::new("CONFADD", "configuration address", 32, self.cpu().bus.pci_latch());
            groups.insert(0, RegisterGroup::new("configuration", vec![latch.at(0xCF8u16).fields(CONFADD)]));
        }
        Some(DeviceView { name: device.name(), title: device.title(), groups, pictures: device.pictures() })
    }

    /// A picture that a device can give.
    pub fn device_picture(&self, device: &str, picture: &str) -> Option<PictureView> {
        self.device_named(device)?.picture(&self.cpu().bus.cx, picture)
    }
}
