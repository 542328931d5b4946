//! What the monitor says of itself: an EDID 1.3 block (VESA E-EDID standard, release A) of a display whose preferred mode
//! is 1024x768 at 60 Hz.

/// The block, checksum included.
pub(super) const EDID: [u8; 128] = block();

/// VESA's timing for 1024x768 at 60 Hz: 65 MHz, 1344 dots and 806 lines in all.
const PREFERRED: Detailed = Detailed {
    clock_10khz: 6500,
    h: Axis { active: 1024, blank: 320, sync_offset: 24, sync_width: 136 },
    v: Axis { active: 768, blank: 38, sync_offset: 3, sync_width: 6 },
};

struct Axis {
    active: u16,
    blank: u16,
    sync_offset: u8,
    sync_width: u8,
}

struct Detailed {
    clock_10khz: u16,
    h: Axis,
    v: Axis,
}

/// Size of the picture in millimetres (4:3).
const SIZE_MM: (u16, u16) = (320, 240);

const fn block() -> [u8; 128] {
    let mut e = [0; 128];
    e = put(e, 0x00, &[0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00]);
    e = put(e, 0x08, &manufacturer(*b"GBX"));
    e = put(e, 0x0A, &[0x01, 0x00, 0, 0, 0, 0, 1, 30]); // product 1, no serial number, week 1 of 2020
    e = put(e, 0x12, &[1, 3]);
    e = put(e, 0x14, &[0x08, (SIZE_MM.0 / 10) as u8, (SIZE_MM.1 / 10) as u8, 120, 0x0A]); // analogue, gamma 2.2, RGB
    // Chromaticity of sRGB.
    e = put(e, 0x19, &[0xEE, 0x91, 0xA3, 0x54, 0x4C, 0x99, 0x26, 0x0F, 0x50, 0x54]);
    // Established: 720x400@70, 640x480@60, 800x600@60; 1024x768@60.
    e = put(e, 0x23, &[0xA1, 0x08, 0x00]);
    // Standard: 1280x1024@60 (5:4), 1600x1200@60 (4:3), the rest unused.
    e = put(e, 0x26, &[0x81, 0x80, 0xA9, 0x40, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    e = put(e, 0x36, &detailed(&PREFERRED));
    e = put(e, 0x48, &text(0xFC, *b"Glassbox\n    "));
    // Range limits: 50-75 Hz vertical, 30-90 kHz horizontal, 170 MHz, no secondary timing.
    e = put(e, 0x5A, &[0, 0, 0, 0xFD, 0, 50, 75, 30, 90, 17, 0, 0x0A, 32, 32, 32, 32, 32, 32]);
    e = put(e, 0x6C, &[0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    e[127] = checksum(&e);
    e
}

const fn put<const N: usize>(mut e: [u8; 128], at: usize, bytes: &[u8; N]) -> [u8; 128] {
    let mut i = 0;
    while i < N {
        e[at + i] = bytes[i];
        i += 1;
    }
    e
}

/// Three letters of five bits.
const fn manufacturer(id: [u8; 3]) -> [u8; 2] {
    const BEFORE_A: u8 = b'A' - 1;
    let [a, b, c] = [(id[0] - BEFORE_A) as u16, (id[1] - BEFORE_A) as u16, (id[2] - BEFORE_A) as u16];
    let packed = a << 10 | b << 5 | c;
    packed.to_be_bytes()
}

const fn detailed(t: &Detailed) -> [u8; 18] {
    let clock = t.clock_10khz.to_le_bytes();
    [
        clock[0],
        clock[1],
        t.h.active as u8,
        t.h.blank as u8,
        ((t.h.active >> 8) as u8) << 4 | (t.h.blank >> 8) as u8,
        t.v.active as u8,
        t.v.blank as u8,
        ((t.v.active >> 8) as u8) << 4 | (t.v.blank >> 8) as u8,
        t.h.sync_offset,
        t.h.sync_width,
        t.v.sync_offset << 4 | t.v.sync_width,
        0,
        SIZE_MM.0 as u8,
        SIZE_MM.1 as u8,
        ((SIZE_MM.0 >> 8) as u8) << 4 | (SIZE_MM.1 >> 8) as u8,
        0,
        0,
        0x18, // separate syncs, both negative
    ]
}

const fn text(tag: u8, name: [u8; 13]) -> [u8; 18] {
    let mut d = [0; 18];
    d[3] = tag;
    let mut i = 0;
    while i < 13 {
        d[5 + i] = name[i];
        i += 1;
    }
    d
}

const fn checksum(e: &[u8; 128]) -> u8 {
    let mut sum = 0u8;
    let mut i = 0;
    while i < 127 {
        sum = sum.wrapping_add(e[i]);
        i += 1;
    }
    0u8.wrapping_sub(sum)
}
