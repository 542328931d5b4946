//! The IDE function, its channels and drives, for those who look; no interrupt is acknowledged by it.

use super::cd_state::Sense;
use super::channel::{Channel, Phase};
use super::drive::{Drive, Power, Unit};
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
    Field::flag(0, "AMNF", "no address mark; after a reset: code 1, passed"),
    Field::flag(1, "TK0NF", "no track 0"),
    Field::flag(2, "ABRT", "command aborted"),
    Field::flag(3, "MCR", "medium change requested"),
    Field::flag(4, "IDNF", "no such sector"),
    Field::flag(5, "MC", "medium changed"),
    Field::flag(6, "UNC", "data cannot be read, or write-protected"),
    Field::flag(7, "ICRC", "CRC error of Ultra DMA"),
];
/// Packet devices (ATA/ATAPI-6, 9.8 and the PACKET command's outputs).
const PACKET_STATUS: &[Field] = &[
    Field::flag(0, "CHK", "check condition: see the error register"),
    Field::flag(3, "DRQ", "wants data moved"),
    Field::flag(4, "SERV", "service"),
    Field::flag(5, "DMRD", "DMA ready"),
    Field::flag(6, "DRDY", "ready"),
    Field::flag(7, "BSY", "busy: no other bit counts"),
];
const PACKET_ERROR: &[Field] = &[
    Field::flag(0, "ILI", "illegal length"),
    Field::flag(1, "EOM", "end of the medium"),
    Field::flag(2, "ABRT", "command aborted"),
    Field::choice(4, 7, "key", "sense key", SENSE_KEYS),
];
const REASON: &[Field] = &[
    Field::choice(0, 0, "C/D", "what is moved", &["data", "the packet"]),
    Field::choice(1, 1, "I/O", "direction", &["to the device", "to the host"]),
];
const SENSE_KEYS: &[&str] = &[
    "no sense",
    "recovered error",
    "not ready",
    "medium error",
    "hardware error",
    "illegal request",
    "unit attention",
    "data protect",
    "blank check",
    "vendor's own",
    "copy aborted",
    "aborted command",
    "obsolete",
    "volume overflow",
    "miscompare",
];
const SENSE: &[Field] = &[
    Field::number(0, 7, "ASCQ", "additional sense code qualifier"),
    Field::number(8, 15, "ASC", "additional sense code"),
    Field::choice(16, 19, "key", "sense key", SENSE_KEYS),
];
const EVENT: &[Field] =
    &[Field::choice(0, 1, "event", "media event", &["none", "eject request", "new media", "media removal"])];
/// The PIIX3's timing register of a channel (82371SB datasheet, 2.3.9).
const IDETIM: &[Field] = &[
    Field::flag(0, "TIME0", "fast timing, device 0"),
    Field::flag(1, "IE0", "IORDY sampled, device 0"),
    Field::flag(2, "PPE0", "prefetch and posting, device 0"),
    Field::flag(3, "DTE0", "fast timing for DMA only, device 0"),
    Field::flag(4, "TIME1", "fast timing, device 1"),
    Field::flag(5, "IE1", "IORDY sampled, device 1"),
    Field::flag(6, "PPE1", "prefetch and posting, device 1"),
    Field::flag(7, "DTE1", "fast timing for DMA only, device 1"),
    Field::choice(8, 9, "RTC", "recovery", &["4 clocks", "3 clocks", "2 clocks", "1 clock"]),
    Field::choice(12, 13, "ISP", "IORDY sample point", &["5 clocks", "4 clocks", "3 clocks", "2 clocks"]),
    Field::flag(14, "SITRE", "device 1 has timings of its own"),
    Field::flag(15, "IDE", "the channel's ports are decoded"),
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
        let base = self.master_base();
        let mut groups = Vec::new();
        for (n, (channel, units)) in self.state.channels.iter().zip(&self.units).enumerate() {
            groups.push(channel_group(n, channel, (base != 0).then_some(base + 8 * n as u16)));
            for (i, (drive, unit)) in channel.drives.iter().zip(units).enumerate() {
                if !unit.is_absent() {
                    groups.push(drive_group(n, i, drive, unit, channel));
                    groups.extend(unit.is_packet().then(|| cd_group(drive)));
                }
            }
        }
        groups.push(self.timing_group());
        groups.push(self.state.pci.view(BDF));
        groups
    }

    fn timing_group(&self) -> RegisterGroup {
        let timing = |name: &'static str, at: u8| {
            RegisterView::new(name, "IDE timing", 16, self.state.pci.read(at, 2)).at(at).fields(IDETIM)
        };
        let slave = self.state.pci.read(pci::SIDETIM, 1);
        RegisterGroup::new(
            "timing",
            vec![
                timing("IDETIM primary", pci::IDETIM),
                timing("IDETIM secondary", pci::IDETIM + 2),
                RegisterView::new("SIDETIM", "devices 1", 8, slave).at(pci::SIDETIM),
            ],
        )
    }
}

const CHANNELS: [&str; 2] = ["primary", "secondary"];

fn channel_group(n: usize, channel: &Channel, bus_master: Option<u16>) -> RegisterGroup {
    let placed = |view: RegisterView, at: u16| match bus_master {
        Some(base) => view.at(base + at),
        None => view,
    };
    let bm_register = |name: &'static str, at: u16| {
        placed(RegisterView::new(name, "bus master", 8, channel.bm.read(at)), at)
    };
    let job = &channel.job;
    let unmoved = u64::from(job.burst.saturating_sub(job.pos));
    let packet: Vec<String> = job.packet.iter().map(|byte| format!("{byte:02X}")).collect();
    let table = (0..4).fold(0, |value, i| value | u32::from(channel.bm.read(bm::BMIDTP + i)) << (8 * i));
    RegisterGroup::new(
        format!("{} channel", CHANNELS[n & 1]),
        vec![
            RegisterView::new("selected", phase(channel.phase), 1, channel.selected & 1),
            RegisterView::new("control", "", 8, channel.control).at(CONTROL_BLOCK[n & 1]).fields(CONTROL),
            RegisterView::new("INTRQ", "interrupt line", 1, channel.line),
            bm_register("BMIC", bm::BMIC).fields(BM_COMMAND),
            bm_register("BMIS", bm::BMIS).fields(BM_STATUS),
            placed(
                RegisterView::new("BMIDTP", "table of memory regions", 32, table).leads_to(table),
                bm::BMIDTP,
            ),
            RegisterView::new(
                "burst",
                "bytes the host has still to move before the next interrupt",
                32,
                unmoved,
            ),
            RegisterView::new("buffer", "bytes in the drive's buffer", 32, job.buffer.len() as u64),
            RegisterView::new("next", "sector between medium and buffer", 64, job.lba),
            RegisterView::new("left", "sectors between medium and buffer", 32, job.left),
            RegisterView::new("packet", packet.join(" "), 8, job.packet[0]),
        ],
    )
}

/// What the CD-ROM drive has to tell, and what it was told.
fn cd_group(drive: &Drive) -> RegisterGroup {
    let cd = &drive.cd;
    let sense = |s: Sense| u32::from(s.key) << 16 | u32::from(s.asc) << 8 | u32::from(s.ascq);
    let attention = match cd.attention {
        Some(_) => "waits to be reported",
        None => "nothing to report",
    };
    RegisterGroup::new(
        "CD-ROM",
        vec![
            RegisterView::new("tray", "open", 1, cd.tray_open),
            RegisterView::new("locked", "PREVENT MEDIUM REMOVAL", 1, cd.locked),
            RegisterView::new("sense", "of the last command", 20, sense(cd.sense)).fields(SENSE),
            RegisterView::new("unit attention", attention, 20, cd.attention.map_or(0, sense)).fields(SENSE),
            RegisterView::new("event", "not reported yet", 2, cd.event as u8).fields(EVENT),
            RegisterView::new("position", "sector after the last one read", 32, cd.position),
            RegisterView::new("speed", "kB/s", 16, cd.speed),
        ],
    )
}

fn drive_group(n: usize, i: usize, d: &Drive, unit: &Unit, channel: &Channel) -> RegisterGroup {
    let base = COMMAND_BLOCK[n & 1];
    let register = |name: &'static str, title: &'static str, at: u16, value: u8| {
        RegisterView::new(name, title, 8, value).at(base + at)
    };
    let pair = |name: &'static str, title: &'static str, at: u16, r: super::drive::Fifo| {
        RegisterView::new(name, title, 16, u16::from(r.previous) << 8 | u16::from(r.now)).at(base + at)
    };
    let packet = unit.is_packet();
    let kind = if packet { "CD-ROM" } else { "disk" };
    let (status, error) = if packet { (PACKET_STATUS, PACKET_ERROR) } else { (STATUS, ERROR) };
    // Packet devices know no 48-bit addresses, and these registers by other names.
    let [count, mid, high] = if packet {
        [
            register("interrupt reason", "", reg::COUNT, d.count.now).fields(REASON),
            register("byte count low", "of a burst", reg::LBA_MID, d.mid.now),
            register("byte count high", "of a burst", reg::LBA_HIGH, d.high.now),
        ]
    } else {
        [
            pair("count", "sectors: previous, current", reg::COUNT, d.count),
            pair("LBA mid", "or cylinder low: previous, current", reg::LBA_MID, d.mid),
            pair("LBA high", "or cylinder high: previous, current", reg::LBA_HIGH, d.high),
        ]
    };
    let (cylinders, heads, per_track) = d.translation(unit.sectors());
    let power = match d.power {
        Power::Active => "active or idle",
        Power::Standby => "standby",
        Power::Sleep => "asleep",
    };
    let part =
        |name: &'static str, value: u16| RegisterView::new(name, "of the translation in force", 16, value);
    let geometry = [part("cylinders", cylinders), part("heads", heads), part("sectors a track", per_track)];
    let geometry = geometry.into_iter().filter(|_| !packet);
    RegisterGroup::new(
        format!("{} device {i}: {kind}", CHANNELS[n & 1]),
        vec![
            register("status", "", reg::COMMAND, d.status).fields(status),
            register("error", "", reg::FEATURES, d.error).fields(error),
            pair("features", "previous, current", reg::FEATURES, d.features),
            count,
            pair("LBA low", "or sector: previous, current", reg::LBA_LOW, d.low),
            mid,
            high,
            register("device", "", reg::DEVICE, channel.device_register(i)).fields(DEVICE),
            RegisterView::new("interrupt", "wants INTRQ", 1, d.interrupt),
            RegisterView::new("multiple", "sectors of a block", 8, d.multiple),
            RegisterView::new("DMA mode", "as SET FEATURES codes it", 8, d.dma_mode),
            RegisterView::new("power", power, 2, d.power as u8),
            RegisterView::new("write cache", "on", 1, d.write_cache),
            RegisterView::new("look-ahead", "on", 1, d.look_ahead),
            RegisterView::new("sectors", "of the image, 512 bytes each", 64, unit.sectors()),
        ]
        .into_iter()
        .chain(geometry)
        .collect(),
    )
}
