//! Hashes of the pictures that QEMU 7.2 draws of our scenarios (`qemu` makes and checks them), for machines without it.

use super::Rig;
use super::scenarios::ALL;
use xxhash_rust::xxh3::Xxh3;

pub(super) const GOLDENS: &[(&str, u64)] = &[
    ("text 80x25", 0xBF273546046FB54B),
    ("text 40x25 of two fonts", 0x1E0DE15CC2C1720B),
    ("text 80x50 scrolled", 0x81E603D3397F11F7),
    ("text monochrome", 0x1E3216412EDF085C),
    ("CGA four colours", 0xAB8FFC614873D0F4),
    ("CGA two colours", 0x16AF4B382071DAEA),
    ("EGA 320x200", 0x58E921C04FEF5092),
    ("EGA 640x200", 0xEA0BFC1D67B5BE25),
    ("EGA 640x350", 0x667859A6882CAD99),
    ("VGA 640x480 split", 0x1B529D7702D36B68),
    ("VGA 640x480 by all write modes", 0x2D7FA64EF64F39EC),
    ("VGA color select", 0x3FAD934ECB37A77C),
    ("mode 13h", 0xF81087BD6BAF2EA4),
    ("mode X scrolled and split", 0xAC1ADF732082695B),
    ("VBE 4", 0x245D883A6BDD5DD9),
    ("VBE 8", 0x573A7B5CF0EAB134),
    ("VBE 8 wide DAC", 0x35469B7773DFDB72),
    ("VBE 15", 0xA41235FDEBBE08AF),
    ("VBE 16", 0xC5AA80CE252DF9D5),
    ("VBE 24", 0xCF811BCF5596058E),
    ("VBE 32", 0xE7DA165FFC355928),
    ("VBE 8 by banks", 0x353425BA91D9FF94),
];

/// Hash of a picture's size and the high bits of its colours.
pub(super) fn hash(width: usize, height: usize, rgb: impl Iterator<Item = [u8; 3]>, color_bits: u32) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&(width as u32).to_le_bytes());
    hasher.update(&(height as u32).to_le_bytes());
    for pixel in rgb {
        hasher.update(&pixel.map(|v| v >> (8 - color_bits)));
    }
    hasher.digest()
}

#[test]
fn pictures_match_goldens() {
    assert_eq!(GOLDENS.len(), ALL.len());
    for scenario in ALL {
        let mut rig = Rig::new();
        (scenario.make)(&mut rig);
        let frame = rig.frame();
        let rgb = frame.rgba.as_chunks::<4>().0.iter().map(|&[r, g, b, _]| [r, g, b]);
        let ours = hash(frame.width as usize, frame.height as usize, rgb, scenario.color_bits);
        assert!(GOLDENS.contains(&(scenario.name, ours)), "{}: {ours:#018X}", scenario.name);
    }
}
