//! Whatever a guest writes, and whatever a snapshot holds, nothing panics and the device comes to rest.

use super::*;
use crate::devices::bench::Numbers;

/// One random access, biased towards the ports and values that start something.
fn poke(r: &mut Rig, random: &mut Numbers) {
    let base = COMMAND_BLOCK[random.below(2) as usize];
    let size = 1 << random.below(3);
    let value = random.next() >> random.below(32);
    match random.below(12) {
        0 => r.outb(base + 7, random.next() as u8),
        1 => r.outb(base + 7, [0x20, 0x25, 0xC8, 0xCA, 0xA0, 0xA0, 0xC4, 0x30][random.below(8) as usize]),
        2 => r.outb(base + 0x206, value as u8 & 0x86),
        3 => r.bus.port_write(BM_BASE + random.below(16) as u16, size, value),
        4 => r.config(random.below(64) * 4, value),
        5 => r.configure(),
        6..=8 => r.bus.port_write(base + random.below(8) as u16, size, value),
        9 => (0..random.below(600)).for_each(|i| r.bus.port_write(base, size, i ^ value)),
        10 => (0..random.below(600)).for_each(|_| _ = r.bus.port_read(base, size)),
        _ => r.idle(),
    }
    r.bus.port_read(base + random.below(8) as u16, size);
}

#[test]
fn random_guests() {
    for seed in 1..40 {
        let mut random = Numbers(0x9E37_79B9u32.wrapping_mul(seed));
        let mut r = Rig::with([memory(512 * 700), memory(512 * 3)], memory(2048 * 50));
        for i in 0..4000u32 {
            poke(&mut r, &mut random);
            if i % 1000 == 999 {
                r.insert_random(&mut random);
            }
        }
        r.idle();
    }
}

impl Rig {
    fn insert_random(&mut self, random: &mut Numbers) {
        let sectors = 1 + random.below(90) as usize;
        self.bus.with::<Ide, _>(|d, cx| {
            let _ = d.eject_cdrom(cx, sectors.is_multiple_of(2));
            let _ = d.insert_cdrom(cx, memory(2048 * sectors).unwrap());
        });
    }
}

#[test]
fn random_snapshots() {
    let mut random = Numbers(77);
    let mut r = Rig::with([memory(512 * 700), None], memory(2048 * 50));
    r.command(cmd::WRITE_SECTORS, 0, 5, 3);
    r.wait(0);
    r.put_data(0, &[5; 600]);
    r.load_damaged::<Ide>(&mut random, poke);
}
