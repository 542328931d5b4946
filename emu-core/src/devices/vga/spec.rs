//! Registers and their bits, by the names of IBM's VGA reference (PS/2 Video Subsystem, 1992) and of the Bochs VBE
//! extensions ("DISPI"), and the identity of the PCI function as QEMU's `VGA` device has it.

/// I/O ports. Those of the CRTC, the feature register and input status 1 are at 3Bx or 3Dx by [`MISC_COLOR`].
pub mod port {
    /// CRTC index, monochrome address.
    pub const CRTC_INDEX_MONO: u16 = 0x3B4;
    /// CRTC data, monochrome address.
    pub const CRTC_DATA_MONO: u16 = 0x3B5;
    /// Input status 1 (read), feature control (write), monochrome address.
    pub const STATUS1_MONO: u16 = 0x3BA;
    /// Attribute controller index and data (write), index (read).
    pub const ATTR: u16 = 0x3C0;
    /// Attribute controller data (read).
    pub const ATTR_DATA: u16 = 0x3C1;
    /// Miscellaneous output (write), input status 0 (read).
    pub const MISC_WRITE: u16 = 0x3C2;
    /// Video subsystem enable.
    pub const ENABLE: u16 = 0x3C3;
    /// Sequencer index.
    pub const SEQ_INDEX: u16 = 0x3C4;
    /// Sequencer data.
    pub const SEQ_DATA: u16 = 0x3C5;
    /// DAC pel mask.
    pub const DAC_MASK: u16 = 0x3C6;
    /// DAC read index (write), DAC state (read).
    pub const DAC_READ_INDEX: u16 = 0x3C7;
    /// DAC write index.
    pub const DAC_WRITE_INDEX: u16 = 0x3C8;
    /// DAC data.
    pub const DAC_DATA: u16 = 0x3C9;
    /// Feature control (read).
    pub const FEATURE_READ: u16 = 0x3CA;
    /// Miscellaneous output (read).
    pub const MISC_READ: u16 = 0x3CC;
    /// Graphics controller index.
    pub const GC_INDEX: u16 = 0x3CE;
    /// Graphics controller data.
    pub const GC_DATA: u16 = 0x3CF;
    /// CRTC index, colour address.
    pub const CRTC_INDEX: u16 = 0x3D4;
    /// CRTC data, colour address.
    pub const CRTC_DATA: u16 = 0x3D5;
    /// Input status 1 (read), feature control (write), colour address.
    pub const STATUS1: u16 = 0x3DA;
    /// DISPI index (16 bits).
    pub const DISPI_INDEX: u16 = 0x1CE;
    /// DISPI data (16 bits).
    pub const DISPI_DATA: u16 = 0x1CF;
    /// DISPI data again, at an even address.
    pub const DISPI_DATA_EVEN: u16 = 0x1D0;
}

/// Miscellaneous output: registers at 3Dx rather than 3Bx.
pub const MISC_COLOR: u8 = 0x01;
/// Miscellaneous output: the CPU reaches video memory.
pub const MISC_RAM: u8 = 0x02;
/// Miscellaneous output: clock select, 1 = 28.322 MHz, else 25.175 MHz (2 and 3 are the feature connector's).
pub const MISC_CLOCK: u8 = 0x0C;

/// Dot clock of 640-dot lines, Hz.
pub const CLOCK_25: u64 = 25_175_000;
/// Dot clock of 720-dot lines, Hz.
pub const CLOCK_28: u64 = 28_322_000;

/// Sequencer registers.
pub mod seq {
    /// Reset.
    pub const RESET: usize = 0;
    /// Clocking mode.
    pub const CLOCKING: usize = 1;
    /// Map mask.
    pub const MAP_MASK: usize = 2;
    /// Character map select.
    pub const CHAR_MAP: usize = 3;
    /// Memory mode.
    pub const MEMORY: usize = 4;
    /// Bits that exist in each.
    pub const MASK: [u8; 8] = [0x03, 0x3D, 0x0F, 0x3F, 0x0E, 0, 0, 0];
    /// Reset register: both bits set while running.
    pub const RUNNING: u8 = 0x03;
    /// Clocking mode: characters are 8 dots wide, not 9.
    pub const EIGHT_DOTS: u8 = 0x01;
    /// Clocking mode: dot clock divided by 2.
    pub const HALF_CLOCK: u8 = 0x08;
    /// Clocking mode: screen off.
    pub const SCREEN_OFF: u8 = 0x20;
    /// Memory mode: odd/even addressing disabled.
    pub const SEQUENTIAL: u8 = 0x04;
    /// Memory mode: chain 4.
    pub const CHAIN4: u8 = 0x08;
}

/// Graphics controller registers.
pub mod gc {
    /// Set/reset.
    pub const SET_RESET: usize = 0;
    /// Enable set/reset.
    pub const ENABLE_SET_RESET: usize = 1;
    /// Color compare.
    pub const COLOR_COMPARE: usize = 2;
    /// Data rotate and function select.
    pub const ROTATE: usize = 3;
    /// Read map select.
    pub const READ_MAP: usize = 4;
    /// Graphics mode.
    pub const MODE: usize = 5;
    /// Miscellaneous.
    pub const MISC: usize = 6;
    /// Color don't care.
    pub const DONT_CARE: usize = 7;
    /// Bit mask.
    pub const BIT_MASK: usize = 8;
    /// Bits that exist in each.
    pub const MASK: [u8; 9] = [0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF];
    /// Mode: write mode.
    pub const WRITE_MODE: u8 = 0x03;
    /// Mode: read mode 1, color compare.
    pub const READ_COMPARE: u8 = 0x08;
    /// Mode: odd/even reads.
    pub const ODD_EVEN: u8 = 0x10;
    /// Mode: shift register interleave, CGA's 2 bits a pixel.
    pub const INTERLEAVE: u8 = 0x20;
    /// Mode: 256 colours.
    pub const SHIFT_256: u8 = 0x40;
    /// Miscellaneous: graphics, not text.
    pub const GRAPHICS: u8 = 0x01;
    /// Miscellaneous: chain odd/even, A0 replaced by a higher address bit.
    pub const CHAIN: u8 = 0x02;
}

/// CRT controller registers.
pub mod crtc {
    /// Horizontal total, characters minus 5.
    pub const H_TOTAL: usize = 0x00;
    /// Horizontal display end, characters minus 1.
    pub const H_DISPLAY: usize = 0x01;
    /// Vertical total, low 8 bits of lines minus 2.
    pub const V_TOTAL: usize = 0x06;
    /// Overflow: bits 8 and 9 of vertical values.
    pub const OVERFLOW: usize = 0x07;
    /// Preset row scan and byte panning.
    pub const PRESET_ROW: usize = 0x08;
    /// Maximum scan line, double scan.
    pub const MAX_SCAN: usize = 0x09;
    /// Cursor start and off bit.
    pub const CURSOR_START: usize = 0x0A;
    /// Cursor end and skew.
    pub const CURSOR_END: usize = 0x0B;
    /// Start address high.
    pub const START_HIGH: usize = 0x0C;
    /// Start address low.
    pub const START_LOW: usize = 0x0D;
    /// Cursor location high.
    pub const CURSOR_HIGH: usize = 0x0E;
    /// Cursor location low.
    pub const CURSOR_LOW: usize = 0x0F;
    /// Vertical retrace start.
    pub const V_SYNC_START: usize = 0x10;
    /// Vertical retrace end, interrupt bits, protect bit.
    pub const V_SYNC_END: usize = 0x11;
    /// Vertical display end.
    pub const V_DISPLAY: usize = 0x12;
    /// Offset: words (of the display counter) a row, divided by 2.
    pub const OFFSET: usize = 0x13;
    /// Underline location, doubleword mode, count by 4.
    pub const UNDERLINE: usize = 0x14;
    /// CRT mode control.
    pub const MODE: usize = 0x17;
    /// Line compare.
    pub const LINE_COMPARE: usize = 0x18;
    /// Number of registers.
    pub const COUNT: usize = 0x19;
    /// Latched byte of the plane in Read map select (undocumented by IBM, present in its chips).
    pub const LATCH: u8 = 0x22;
    /// Attribute flip-flop in bit 7 (undocumented by IBM).
    pub const FLIP_FLOP: u8 = 0x24;
    /// Attribute index (undocumented by IBM).
    pub const ATTR_INDEX: u8 = 0x26;

    /// Maximum scan line: each line shown twice.
    pub const DOUBLE_SCAN: u8 = 0x80;
    /// Cursor start: cursor off.
    pub const CURSOR_OFF: u8 = 0x20;
    /// Vertical retrace end: 0 clears the vertical interrupt.
    pub const NOT_CLEAR_INTERRUPT: u8 = 0x10;
    /// Vertical retrace end: 1 disables the vertical interrupt.
    pub const DISABLE_INTERRUPT: u8 = 0x20;
    /// Vertical retrace end: registers 0-7 are write-protected.
    pub const PROTECT: u8 = 0x80;
    /// Underline: count by 4.
    pub const COUNT_4: u8 = 0x20;
    /// Underline: doubleword mode.
    pub const DOUBLEWORD: u8 = 0x40;
    /// Mode: clear to let row scan bit 0 replace address bit 13.
    pub const NO_CGA: u8 = 0x01;
    /// Mode: clear to let row scan bit 1 replace address bit 14.
    pub const NO_HERCULES: u8 = 0x02;
    /// Mode: vertical values count pairs of lines.
    pub const LINES_2: u8 = 0x04;
    /// Mode: count by 2.
    pub const COUNT_2: u8 = 0x08;
    /// Mode: word mode wraps bit 15 (not 13) into bit 0.
    pub const WRAP: u8 = 0x20;
    /// Mode: byte mode, not word mode.
    pub const BYTE: u8 = 0x40;
    /// Mode: retraces (and with them the picture) enabled.
    pub const SYNC: u8 = 0x80;
}

/// Attribute controller registers.
pub mod attr {
    /// Attribute mode control.
    pub const MODE: usize = 0x10;
    /// Overscan color.
    pub const OVERSCAN: usize = 0x11;
    /// Color plane enable.
    pub const PLANE_ENABLE: usize = 0x12;
    /// Horizontal pel panning.
    pub const PANNING: usize = 0x13;
    /// Color select.
    pub const COLOR_SELECT: usize = 0x14;
    /// Number of registers.
    pub const COUNT: usize = 0x15;
    /// Index register: palette address source, the display owns the palette.
    pub const PAS: u8 = 0x20;
    /// Mode: ninth dot of C0h-DFh repeats the eighth.
    pub const LINE_GRAPHICS: u8 = 0x04;
    /// Mode: blinking instead of bright backgrounds.
    pub const BLINK: u8 = 0x08;
    /// Mode: panning stops at line compare.
    pub const SPLIT_PANNING: u8 = 0x20;
    /// Mode: palette bits 4-5 come from Color select.
    pub const P54: u8 = 0x80;

    /// Bits that exist in a register.
    pub const fn mask(index: usize) -> u8 {
        match index {
            0..=0x0F | PLANE_ENABLE => 0x3F,
            MODE => 0xEF,
            OVERSCAN => 0xFF,
            PANNING | COLOR_SELECT => 0x0F,
            _ => 0,
        }
    }
}

/// Input status 0: vertical interrupt pending.
pub const STATUS0_INTERRUPT: u8 = 0x80;
/// Input status 0: switch sense, a monitor is connected.
pub const STATUS0_SENSE: u8 = 0x10;
/// Input status 1: not displaying (horizontal or vertical blanking).
pub const STATUS1_BLANK: u8 = 0x01;
/// Input status 1: vertical retrace.
pub const STATUS1_RETRACE: u8 = 0x08;

/// Bochs VBE registers.
pub mod dispi {
    /// Version.
    pub const ID: usize = 0;
    /// Width in pixels.
    pub const XRES: usize = 1;
    /// Height in pixels.
    pub const YRES: usize = 2;
    /// Bits a pixel.
    pub const BPP: usize = 3;
    /// Enable and flags.
    pub const ENABLE: usize = 4;
    /// 64 KiB bank at A0000.
    pub const BANK: usize = 5;
    /// Pixels a line in memory.
    pub const VIRT_WIDTH: usize = 6;
    /// Lines in memory.
    pub const VIRT_HEIGHT: usize = 7;
    /// First pixel shown of a line.
    pub const X_OFFSET: usize = 8;
    /// First line shown.
    pub const Y_OFFSET: usize = 9;
    /// Video memory in units of 64 KiB.
    pub const MEMORY_64K: usize = 10;
    /// Number of registers.
    pub const COUNT: usize = 11;

    /// Oldest version that software may ask for.
    pub const ID0: u16 = 0xB0C0;
    /// Newest version.
    pub const ID5: u16 = 0xB0C5;
    /// Enable: extended mode on.
    pub const ENABLED: u16 = 0x01;
    /// Enable: resolution registers read as the largest values.
    pub const GET_CAPS: u16 = 0x02;
    /// Enable: DAC entries have 8 bits.
    pub const DAC_8BIT: u16 = 0x20;
    /// Enable: do not clear video memory.
    pub const NO_CLEAR: u16 = 0x80;

    /// Largest width we show.
    pub const MAX_XRES: u16 = 2560;
    /// Largest height we show.
    pub const MAX_YRES: u16 = 1600;
    /// Largest depth.
    pub const MAX_BPP: u16 = 32;
}

/// The PCI function.
pub mod pci {
    use crate::bus::Bdf;
    use crate::mem::Layer;

    /// Where it sits.
    pub const BDF: Bdf = Bdf::new(2, 0);
    /// Vendor and device of the Bochs/QEMU standard VGA.
    pub const VENDOR: u16 = 0x1234;
    /// Device id.
    pub const DEVICE: u16 = 0x1111;
    /// VGA-compatible display controller.
    pub const CLASS: u32 = 0x03_00_00;
    /// Revision 2: register block in BAR 2 with the extension registers.
    pub const REVISION: u8 = 2;
    /// Subsystem: Red Hat, QEMU.
    pub const SUBSYSTEM: u32 = 0x1100_1AF4;

    /// Command register.
    pub const COMMAND: u8 = 0x04;
    /// Command: memory space enabled.
    pub const COMMAND_MEMORY: u32 = 0x02;
    /// Frame buffer BAR.
    pub const BAR0: u8 = 0x10;
    /// Register block BAR.
    pub const BAR2: u8 = 0x18;
    /// Subsystem ids.
    pub const SUBSYSTEM_ID: u8 = 0x2C;
    /// Expansion ROM BAR.
    pub const ROM: u8 = 0x30;
    /// Interrupt line, scratch for software.
    pub const INTERRUPT_LINE: u8 = 0x3C;
    /// BAR bit: prefetchable.
    pub const PREFETCHABLE: u32 = 0x08;
    /// ROM BAR: decoding enabled.
    pub const ROM_ENABLE: u32 = 0x01;

    /// The frame buffer's place in the physical map.
    pub const LAYER_BAR0: Layer = Layer::Bar(BDF.device << 3);
    /// The register block's place in the physical map.
    pub const LAYER_BAR2: Layer = Layer::Bar(BDF.device << 3 | 2);
    /// The expansion ROM's place in the physical map.
    pub const LAYER_ROM: Layer = Layer::Bar(BDF.device << 3 | 6);

    /// Register block: first byte after the EDID.
    pub const EDID_END: u32 = 0x400;
    /// Register block: VGA ports 3C0h-3DFh.
    pub const VGA_PORTS: std::ops::Range<u32> = 0x400..0x420;
    /// Register block: DISPI registers, 16 bits each.
    pub const DISPI: std::ops::Range<u32> = 0x500..0x516;
    /// Register block: size of the extension registers.
    pub const EXTENSION_SIZE: u32 = 0x600;
    /// Register block: byte order of the frame buffer.
    pub const BYTE_ORDER: u32 = 0x604;
    /// Byte order: little endian.
    pub const LITTLE_ENDIAN: u32 = 0x1E1E_1E1E;
}

/// First address of the CPU's window.
pub const WINDOW: u32 = 0xA_0000;
/// Bytes of the segment that belongs to displays.
pub const WINDOW_BYTES: u32 = 0x2_0000;
/// Bytes of video memory that the classic VGA knows: four planes of 64 KiB.
pub const CLASSIC_BYTES: u32 = 0x4_0000;
