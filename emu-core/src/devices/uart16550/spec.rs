//! Ports and bits of the 16550A (National Semiconductor PC16550D data sheet).

/// First ports of COM1 to COM4.
pub const PORTS: [u16; 4] = [0x3F8, 0x2F8, 0x3E8, 0x2E8];
/// ISA interrupts of COM1 to COM4.
pub const IRQS: [u8; 4] = [4, 3, 4, 3];
/// Frequency of the crystal, in Hz; 16 of its clocks times the divisor make a bit.
pub const HZ: u64 = 1_843_200;
/// Bytes in each FIFO.
pub const FIFO: usize = 16;

/// Register: receiver buffer, transmitter holding, divisor low byte with [`LCR_DLAB`].
pub const DATA: u16 = 0;
/// Register: interrupt enable, divisor high byte with [`LCR_DLAB`].
pub const IER: u16 = 1;
/// Register: interrupt identification (read), FIFO control (write).
pub const IIR_FCR: u16 = 2;
/// Register: line control.
pub const LCR: u16 = 3;
/// Register: modem control.
pub const MCR: u16 = 4;
/// Register: line status.
pub const LSR: u16 = 5;
/// Register: modem status.
pub const MSR: u16 = 6;

/// IER: received data, and character timeout.
pub const IER_DATA: u8 = 0x01;
/// IER: transmitter holding register empty.
pub const IER_THRE: u8 = 0x02;
/// IER: receiver line status.
pub const IER_LINE: u8 = 0x04;
/// IER: modem status.
pub const IER_MODEM: u8 = 0x08;

/// IIR: nothing pending.
pub const IIR_NONE: u8 = 0x01;
/// IIR: modem status.
pub const IIR_MODEM: u8 = 0x00;
/// IIR: transmitter holding register empty.
pub const IIR_THRE: u8 = 0x02;
/// IIR: received data available.
pub const IIR_DATA: u8 = 0x04;
/// IIR: receiver line status.
pub const IIR_LINE: u8 = 0x06;
/// IIR: character timeout.
pub const IIR_TIMEOUT: u8 = 0x0C;
/// IIR: FIFOs are on.
pub const IIR_FIFOS: u8 = 0xC0;

/// FCR: FIFOs on.
pub const FCR_ENABLE: u8 = 0x01;
/// FCR: empty the receiver FIFO.
pub const FCR_CLEAR_RX: u8 = 0x02;
/// FCR: empty the transmitter FIFO.
pub const FCR_CLEAR_TX: u8 = 0x04;
/// Receiver trigger levels by FCR bits 6-7.
pub const TRIGGER: [usize; 4] = [1, 4, 8, 14];

/// LCR: two stop bits (one and a half with 5 data bits).
pub const LCR_STOP: u8 = 0x04;
/// LCR: parity bit.
pub const LCR_PARITY: u8 = 0x08;
/// LCR: send a break.
pub const LCR_BREAK: u8 = 0x40;
/// LCR: divisor latch access.
pub const LCR_DLAB: u8 = 0x80;

/// MCR: data terminal ready.
pub const MCR_DTR: u8 = 0x01;
/// MCR: request to send.
pub const MCR_RTS: u8 = 0x02;
/// MCR: OUT1, which leads nowhere.
pub const MCR_OUT1: u8 = 0x04;
/// MCR: OUT2, which lets the interrupt through to the ISA bus.
pub const MCR_OUT2: u8 = 0x08;
/// MCR: loopback.
pub const MCR_LOOP: u8 = 0x10;

/// LSR: data ready.
pub const LSR_DR: u8 = 0x01;
/// LSR: overrun.
pub const LSR_OE: u8 = 0x02;
/// LSR: framing error of the oldest character.
pub const LSR_FE: u8 = 0x08;
/// LSR: the oldest character is a break.
pub const LSR_BI: u8 = 0x10;
/// LSR: transmitter holding register (or FIFO) empty.
pub const LSR_THRE: u8 = 0x20;
/// LSR: transmitter wholly empty.
pub const LSR_TEMT: u8 = 0x40;
/// LSR: some character in the FIFO has an error.
pub const LSR_FIFO_ERROR: u8 = 0x80;

/// MSR: ring indicator's trailing edge.
pub const MSR_TERI: u8 = 0x04;
/// MSR: clear to send.
pub const MSR_CTS: u8 = 0x10;
/// MSR: data set ready.
pub const MSR_DSR: u8 = 0x20;
/// MSR: ring indicator.
pub const MSR_RI: u8 = 0x40;
/// MSR: data carrier detect.
pub const MSR_DCD: u8 = 0x80;
