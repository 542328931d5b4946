//! The IDE function, its channels and drives, for those who look; no interrupt is acknowledged by it.

use super::channel::{Channel, Phase};
use super::drive::{Drive, Unit};
use super::spec::{COMMAND_BLOCK, CONTROL_BLOCK, bm, pci, reg};
use super::{BDF, Ide};
use crate::bus::view::{Field, RegisterGroup, RegisterView};

const STATUS: &[Field] = &[
    Field::flag(0, "ERR", "error: see the error register"),
    Field::flag(3, "DRQ", "wants data moved"),
    Field::flag(4, "DSC", "seek complete"),
    Field::flag(5, "DF", "device fault"),
    Field::flag(6, "DRDY", "ready"),
    Field::flag(7, "BSY", "busy: no other bit counts"),
];
const ERROR: &[Field] = &[
    Field::flag(2, "ABRT", "command aborted"),
    Field::flag(4, "IDNF", "no such sector"),
    Field::flag(6, "UNC", "data cannot be read"),
];
const DEVICE: &[Field] = &[
    Field::number(0, 3, "head", "head, or LBA bits 24-27"),
    Field::choice(4, 4, "DEV", "device", &["0", "1"]),
    Field::choice(6, 6, "LBA", "addresses", &["cylinder, head, sector", "LBA"]),
];
const CONTROL: &[Field] = &[
    Field::flag(1, "nIEN", "interrupts off"),
    Field::flag(2, "SRST", "reset"),
    Field::flag(7, "HOB", "previous contents are read"),
];
const BM_COMMAND: &[Field] = &[
    Field::flag(0, "SSBM", "started"),
    Field::choice(3, 3, "RWCON", "direction", &["memory to device", "device to memory"]),
];
const BM_STATUS: &[Field] = &[
    Field::flag(0, "ACT", "active"),
    Field::flag(1, "ERR", "error"),
    Field::flag(2, "INT", "interrupt of the drive"),
    Field::flag(5, "DMA0", "device 0 can do DMA"),
    Field::flag(6, "DMA1", "device 1 can do DMA"),
];

fn phase(phase: Phase) -> String {
    match phase {
        Phase::Idle => "waits for a command".into(),
        Phase::Reset => "reset".into(),
        Phase::Command(command) => format!("executes command {command:02X}h"),
        Phase::Packet => "executes a packet command".into(),
        Phase::In => "the host reads data".into(),
        Phase::Out => "the host writes data".into(),
        Phase::Fetch => "gets the next block".into(),
        Phase::Store => "stores a block".into(),
        Phase::Dma => "DMA".into(),
        Phase::Finish => "ends a packet command".into(),
    }
}

impl Ide {
    /// PCI function, channels, drives.
    pub(super) fn groups(&self) -> Vec<RegisterGroup> {
        let base = self.state.pci.read(pci::BMIBA, 4) as u16 & !0xF;
        let mut groups = Vec::new();
        for (n, (channel, units)) in self.state.channels.iter().zip(&self.units).enumerate() {
            groups.push(channel_group(n, channel, base + 8 * n as u16));
            for (i, (drive, unit)) in channel.drives.iter().zip(units).enumerate() {
                if !unit.is_absent() {
                    groups.push(drive_group(n, i, drive, unit));
                }
            }
        }
        groups.push(self.state.pci.view(BDF));
        groups
    }
}

const CHANNELS: [&str; 2] = ["primary", "secondary"];

fn channel_group(n: usize, channel: &Channel, bus_master: u16) -> RegisterGroup {
    let bm_register = |name: &'static str, at: u16| {
        RegisterView::new(name, "bus master", 8, channel.bm.read(at)).at(bus_master + at)
    };
    let table = (0..4).fold(0, |value, i| value | u32::from(channel.bm.read(bm::BMIDTP + i)) << (8 * i));
    RegisterGroup::new(
        format!("{} channel", CHANNELS[n & 1]),
        vec![
            RegisterView::new("selected", phase(channel.phase), 1, channel.selected & 1),
            RegisterView::new("control", "", 8, channel.control).at(CONTROL_BLOCK[n & 1]).fields(CONTROL),
            RegisterView::new("INTRQ", "interrupt line", 1, channel.line),
            bm_register("BMIC", bm::BMIC).fields(BM_COMMAND),
            bm_register("BMIS", bm::BMIS).fields(BM_STATUS),
            RegisterView::new("BMIDTP", "table of memory regions", 32, table).at(bus_master + bm::BMIDTP),
        ],
    )
}

fn drive_group(n: usize, i: usize, d: &Drive, unit: &Unit) -> RegisterGroup {
    let base = COMMAND_BLOCK[n & 1];
    let register = |name: &'static str, title: &'static str, at: u16, value: u8| {
        RegisterView::new(name, title, 8, value).at(base + at)
    };
    let pair = |name: &'static str, title: &'static str, at: u16, r: super::drive::Fifo| {
        RegisterView::new(name, title, 16, u16::from(r.previous) << 8 | u16::from(r.now)).at(base + at)
    };
    let kind = if unit.is_packet() { "CD-ROM" } else { "disk" };
    RegisterGroup::new(
        format!("{} device {i}: {kind}", CHANNELS[n & 1]),
        vec![
            register("status", "", reg::COMMAND, d.status).fields(STATUS),
            register("error", "", reg::FEATURES, d.error).fields(ERROR),
            pair("features", "previous, current", reg::FEATURES, d.features),
            pair("count", "sectors: previous, current", reg::COUNT, d.count),
            pair("LBA low", "or sector: previous, current", reg::LBA_LOW, d.low),
            pair("LBA mid", "or cylinder low: previous, current", reg::LBA_MID, d.mid),
            pair("LBA high", "or cylinder high: previous, current", reg::LBA_HIGH, d.high),
            register("device", "", reg::DEVICE, d.device).fields(DEVICE),
            RegisterView::new("interrupt", "wants INTRQ", 1, d.interrupt),
            RegisterView::new("multiple", "sectors of a block", 8, d.multiple),
            RegisterView::new("DMA mode", "as SET FEATURES codes it", 8, d.dma_mode),
            RegisterView::new("sectors", "of the image, 512 bytes each", 64, unit.sectors()),
        ],
    )
}
