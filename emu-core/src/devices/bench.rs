//! What tests of several devices share: numbers without order, images, and a bus that is driven as a CPU drives it.

use crate::bus::{Bus, Device};
use crate::host::{BlockDevice, MemoryImage, NotYet};
use crate::time::NEVER;
use std::cell::RefCell;
use std::rc::Rc;

/// Numbers without order, the same in every run (Marsaglia's xorshift). Not to begin with 0.
pub struct Numbers(pub u32);

impl Numbers {
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    pub fn byte(&mut self) -> u8 {
        (self.next() >> 11) as u8
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (self.next() >> 3) % limit
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}

/// Contents by which every byte of an image tells where it is from.
pub fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i as u32).wrapping_mul(0x9E37_79B1).rotate_left(9) as u8 ^ (i / 512) as u8).collect()
}

/// An image in memory with the [`pattern`].
pub fn memory(len: usize) -> Option<Box<dyn BlockDevice>> {
    Some(Box::new(MemoryImage::new(pattern(len))))
}

/// An image with the [`pattern`] that has only those sectors which arrived.
pub struct Remote {
    bytes: Vec<u8>,
    here: Rc<RefCell<Vec<bool>>>,
}

impl Remote {
    /// An image, and which of its sectors have arrived: none, until the test says otherwise.
    pub fn image(len: usize) -> (Box<dyn BlockDevice>, Rc<RefCell<Vec<bool>>>) {
        let here = Rc::new(RefCell::new(vec![false; len / 512]));
        (Box::new(Self { bytes: pattern(len), here: here.clone() }), here)
    }
}

impl BlockDevice for Remote {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet> {
        let from = offset as usize;
        assert!(offset.is_multiple_of(512) && buf.len().is_multiple_of(512));
        assert!(from + buf.len() <= self.bytes.len());
        let sectors = from / 512..(from + buf.len()) / 512;
        if !self.here.borrow()[sectors].iter().all(|&h| h) {
            return Err(NotYet);
        }
        buf.copy_from_slice(&self.bytes[from..from + buf.len()]);
        Ok(())
    }
}

/// A machine of a few devices, without a CPU.
pub trait Driven {
    fn bus(&mut self) -> &mut Bus;

    fn inb(&mut self, port: u16) -> u8 {
        self.bus().port_read(port, 1) as u8
    }

    fn outb(&mut self, port: u16, value: u8) {
        self.bus().port_write(port, 1, u32::from(value));
    }

    /// Runs the machine to its next deadline; false if there is none.
    fn step(&mut self) -> bool {
        let next = self.bus().cx.timers.next();
        if next != NEVER {
            self.bus().run_timers(next);
        }
        next != NEVER
    }

    /// Runs until nothing is due any more.
    fn idle(&mut self) {
        for _ in 0..100_000 {
            if self.bus().cx.signals.needs_block.is_some() || !self.step() {
                return;
            }
        }
        panic!("the device never comes to rest");
    }

    /// Loads the present state of a device with random bytes changed, again and again. Each time that it is taken the
    /// device has to come to rest, and `poke` may do with it what it likes.
    fn load_damaged<D: Device>(
        &mut self,
        random: &mut Numbers,
        mut poke: impl FnMut(&mut Self, &mut Numbers),
    ) {
        let good = self.bus().device::<D>().expect("it is attached").save();
        let mut taken = 0;
        for _ in 0..3000 {
            let mut bytes = good.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len() as u32) as usize;
                bytes[at] = random.byte();
            }
            let loaded = self.bus().with::<D, _>(|device, cx| device.load(cx, &bytes));
            if loaded.expect("it is attached").is_err() {
                continue;
            }
            taken += 1;
            let deadlines = vec![self.bus().cx.now; self.bus().cx.timers.deadlines().len()];
            assert!(self.bus().cx.timers.restore(&deadlines));
            self.idle();
            (0..20).for_each(|_| poke(self, random));
        }
        assert!(taken > 100, "most changed bytes are plain data");
    }
}
