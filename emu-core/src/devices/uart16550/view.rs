//! The UARTs' registers, for those who look. Reads with side effects are done on a copy.

use super::Uarts;
use super::chip::Chip;
use super::spec::*;
use crate::bus::view::{Field, RegisterGroup, RegisterView};
use crate::time::Ns;

const IER_FIELDS: &[Field] = &[
    Field::flag(0, "ERBFI", "interrupt on data received"),
    Field::flag(1, "ETBEI", "interrupt on transmitter empty"),
    Field::flag(2, "ELSI", "interrupt on line errors"),
    Field::flag(3, "EDSSI", "interrupt on modem changes"),
];
const IIR_FIELDS: &[Field] = &[
    Field::choice(0, 0, "pending", "interrupt", &["pending", "none"]),
    Field::choice(6, 7, "FIFO", "FIFOs", &["off", "reserved", "reserved", "on"]),
];
const IIR_ID: Field = Field::number(1, 3, "ID", "cause");
/// By the three bits of the identification.
const CAUSES: [&str; 8] = [
    "modem",
    "transmitter empty",
    "data received",
    "line error",
    "reserved",
    "reserved",
    "character timeout",
    "reserved",
];
const FCR_FIELDS: &[Field] = &[
    Field::flag(0, "FE", "FIFOs on"),
    Field::choice(3, 3, "DMA", "DMA mode", &["0", "1"]),
    Field::choice(6, 7, "RT", "receiver's interrupt level", &["1", "4", "8", "14"]),
];
const LCR_FIELDS: &[Field] = &[
    Field::choice(0, 1, "WLS", "data bits", &["5", "6", "7", "8"]),
    Field::choice(2, 2, "STB", "stop bits", &["1", "2 (1.5 with 5 data bits)"]),
    Field::flag(3, "PEN", "parity"),
    Field::choice(4, 4, "EPS", "parity", &["odd", "even"]),
    Field::flag(5, "SP", "stick parity"),
    Field::flag(6, "SB", "sends a break"),
    Field::flag(7, "DLAB", "ports 0 and 1 are the divisor"),
];
const MCR_FIELDS: &[Field] = &[
    Field::flag(0, "DTR", "data terminal ready"),
    Field::flag(1, "RTS", "request to send"),
    Field::flag(2, "OUT1", "output 1"),
    Field::flag(3, "OUT2", "lets the interrupt through"),
    Field::flag(4, "LOOP", "loopback"),
];
const LSR_FIELDS: &[Field] = &[
    Field::flag(0, "DR", "data ready"),
    Field::flag(1, "OE", "overrun"),
    Field::flag(2, "PE", "parity error"),
    Field::flag(3, "FE", "framing error"),
    Field::flag(4, "BI", "break"),
    Field::flag(5, "THRE", "transmitter takes a byte"),
    Field::flag(6, "TEMT", "transmitter all empty"),
    Field::flag(7, "ERF", "an error in the FIFO"),
];
const MSR_FIELDS: &[Field] = &[
    Field::flag(0, "DCTS", "CTS changed"),
    Field::flag(1, "DDSR", "DSR changed"),
    Field::flag(2, "TERI", "RI ended"),
    Field::flag(3, "DDCD", "DCD changed"),
    Field::flag(4, "CTS", "clear to send"),
    Field::flag(5, "DSR", "data set ready"),
    Field::flag(6, "RI", "ring"),
    Field::flag(7, "DCD", "carrier"),
];

impl Uarts {
    /// All four chips.
    pub(super) fn groups(&self, now: Ns) -> Vec<RegisterGroup> {
        let chips = PORTS.iter().zip(&self.state.chips).enumerate();
        chips.map(|(n, (&port, chip))| group(n + 1, port, chip, now, chip.character(self.speedup))).collect()
    }
}

fn group(number: usize, port: u16, chip: &Chip, now: Ns, character: Ns) -> RegisterGroup {
    // The divisor latch hides the registers behind it.
    let read = |register: u16| {
        let mut copy = Chip { lcr: chip.lcr & !LCR_DLAB, ..chip.clone() };
        copy.read(register, now, character)
    };
    let register = |name: &'static str, title: &'static str, at: u16, value: u8| {
        RegisterView::new(name, title, 8, value).at(port + at)
    };
    let iir = read(IIR_FCR);
    let cause = if iir & IIR_NONE != 0 { "none" } else { CAUSES[usize::from(iir >> 1 & 7)] };
    let iir =
        register("IIR", "interrupt identification", IIR_FCR, iir).fields(IIR_FIELDS).field(IIR_ID, cause);
    let baud = HZ / 16 / u64::from(chip.divisor.max(1));
    let sending = match chip.shifting {
        Some(byte) => RegisterView::new("TSR", "byte being sent", 8, byte),
        None => RegisterView::new("TSR", "empty", 8, 0u8),
    };
    RegisterGroup::new(
        format!("COM{number}"),
        vec![
            register("RBR", "received", DATA, read(DATA)),
            register("IER", "interrupts", IER, chip.ier).fields(IER_FIELDS),
            iir,
            register("FCR", "FIFO control", IIR_FCR, chip.fcr).fields(FCR_FIELDS),
            register("LCR", "line control", LCR, chip.lcr).fields(LCR_FIELDS),
            register("MCR", "modem control", MCR, chip.mcr).fields(MCR_FIELDS),
            register("LSR", "line status", LSR, read(LSR)).fields(LSR_FIELDS),
            register("MSR", "modem status", MSR, read(MSR)).fields(MSR_FIELDS),
            register("SCR", "scratch", MSR + 1, chip.scratch),
            RegisterView::new("DL", format!("divisor: {baud} baud"), 16, chip.divisor).at(port),
            RegisterView::new("INTRPT", "interrupt as it reaches the bus", 1, chip.interrupt()),
            queue("RX", "in the receiver", chip.rx.iter().map(|received| received.byte)),
            queue("TX", "in the transmitter", chip.tx.iter().copied()),
            sending,
            RegisterView::new(
                "line",
                "bytes sent to the receiver that wait on the line",
                16,
                chip.line.len() as u64,
            ),
        ],
    )
}

/// Bytes that wait, the first one first, in words.
fn queue(name: &'static str, place: &str, bytes: impl Iterator<Item = u8>) -> RegisterView {
    let bytes: Vec<String> = bytes.map(|byte| format!("{byte:02X}")).collect();
    let title =
        if bytes.is_empty() { format!("nothing {place}") } else { format!("{place}: {}", bytes.join(" ")) };
    RegisterView::new(name, title, 8, bytes.len() as u64)
}
