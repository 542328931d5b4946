//! The devices' registers, as the devices show them themselves.

use super::Inspector;
use crate::bus::Device;
use crate::bus::view::{PictureName, PictureView, RegisterGroup};
use serde::Serialize;

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
        Some(DeviceView {
            name: device.name(),
            title: device.title(),
            groups: device.view(&self.cpu().bus.cx, self.cpu().now()),
            pictures: device.pictures(),
        })
    }

    /// A picture that a device can give.
    pub fn device_picture(&self, device: &str, picture: &str) -> Option<PictureView> {
        self.device_named(device)?.picture(&self.cpu().bus.cx, picture)
    }
}
