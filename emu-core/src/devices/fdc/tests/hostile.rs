//! Whatever a guest writes, and whatever a snapshot holds, nothing panics and the device comes to rest.

use super::*;
use crate::devices::bench::Numbers;

fn poke(r: &mut Rig, random: &mut Numbers) {
    let value = random.next() as u8;
    match random.below(10) {
        0 => r.outb(DOR, value | if random.below(4) == 0 { 0 } else { 0x1C }),
        1 => r.outb(FIRST_PORT + random.below(8) as u16, value),
        2 => r.dma(value & 1 != 0, 1 + random.below(9000) as usize),
        3 => r.outb(DIR_CCR, if random.below(3) == 0 { value } else { 0 }),
        4 => r.idle(),
        5 => (0..random.below(600)).for_each(|_| _ = r.inb(FIFO)),
        6 => (0..random.below(600)).for_each(|_| r.outb(FIFO, value)),
        _ => {
            let codes = [0xE6, 0xC5, 0x4D, 0x42, 0x16, 0x4C, 0x49, 0x51, 0xD9, 0x0F, 0x07, 0x8F, 0x03, 0x13];
            r.outb(FIFO, codes[random.below(codes.len() as u32) as usize]);
            (0..8).for_each(|_| r.outb(FIFO, (random.next() & 0x13) as u8));
        }
    }
    r.inb(FIRST_PORT + random.below(8) as u16);
}

#[test]
fn random_guests() {
    for seed in 1..40 {
        let mut random = Numbers(0x9E37_79B9u32.wrapping_mul(seed));
        let mut r = Rig::with([memory(D1440), memory(368_640)]);
        for i in 0..3000u32 {
            poke(&mut r, &mut random);
            if i % 1000 == 999 {
                r.change(if seed % 2 == 0 { None } else { memory(D1440 / 2) });
            }
        }
        r.idle();
    }
}

#[test]
fn random_snapshots() {
    let mut random = Numbers(77);
    let mut r = Rig::a(D1440);
    r.poke(&[3; 512]);
    r.dma(false, 5000);
    r.command(&[0xC5, 0, 0, 0, 1, 2, 18, 0x1B, 0xFF]);
    r.step();
    r.load_damaged::<Fdc>(&mut random, poke);
}
