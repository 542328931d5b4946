//! Memory as instructions see it: segment checks, then the TLB, then RAM or a device.

use super::cpu::Cpu;
use super::exception::Exception;
use super::regs::{attr, seg};
use super::tlb::{Access, Place, is_user};
use crate::mem::{Ram, Target};

/// An integer that instructions operate on.
pub trait Int: Copy + Eq + std::fmt::Debug + 'static {
    /// Size in bytes.
    const BYTES: u32;
    /// Size in bits.
    const BITS: u32;
    /// The low bytes of a u64.
    fn from_u64(value: u64) -> Self;
    /// Zero-extended.
    fn to_u64(self) -> u64;
    /// From a backing-store offset.
    fn load(ram: &Ram, offset: u32) -> Self;
    /// To a backing-store offset.
    fn store(self, ram: &mut Ram, offset: u32);
    /// Low bits of a u32 (zero-extended for u64).
    #[inline(always)]
    fn from_u32(value: u32) -> Self {
        Self::from_u64(u64::from(value))
    }
    /// Zero-extended, cut to 32 bits.
    #[inline(always)]
    fn to_u32(self) -> u32 {
        self.to_u64() as u32
    }
    /// Sign-extended (cut to 32 bits).
    #[inline(always)]
    fn to_i32(self) -> i32 {
        let shift = 32u32.saturating_sub(Self::BITS);
        ((self.to_u32() << shift) as i32) >> shift
    }
}

macro_rules! int {
    ($($t:ty)*) => { $(
        impl Int for $t {
            const BYTES: u32 = size_of::<$t>() as u32;
            const BITS: u32 = <$t>::BITS;
            #[inline(always)]
            fn from_u64(value: u64) -> Self {
                value as $t
            }
            #[inline(always)]
            fn to_u64(self) -> u64 {
                self as u64
            }
            #[inline(always)]
            fn load(ram: &Ram, offset: u32) -> Self {
                <$t>::from_le_bytes(ram.read(offset))
            }
            #[inline(always)]
            fn store(self, ram: &mut Ram, offset: u32) {
                ram.write(offset, self.to_le_bytes());
            }
        }
    )* };
}
int!(u8 u16 u32 u64);

impl Cpu {
    /// Reads memory at `seg:offset` with all checks.
    #[inline(always)]
    pub fn read<W: Int>(&mut self, seg: u8, offset: u32) -> Result<W, Exception> {
        let s = &self.st.seg[usize::from(seg & 7)];
        if u64::from(offset) + u64::from(W::BYTES) <= s.read_end {
            let linear = s.base.wrapping_add(offset);
            if let Some(at) = self.tlb.hit(linear, W::BYTES, Access::Read, is_user(&self.st)) {
                return Ok(W::load(&self.bus.cx.mem.ram, at));
            }
        }
        self.read_checked(seg, offset)
    }

    /// Writes memory at `seg:offset` with all checks.
    #[inline(always)]
    pub fn write<W: Int>(&mut self, seg: u8, offset: u32, value: W) -> Result<(), Exception> {
        let s = &self.st.seg[usize::from(seg & 7)];
        if u64::from(offset) + u64::from(W::BYTES) <= s.write_end {
            let linear = s.base.wrapping_add(offset);
            if let Some(at) = self.tlb.hit(linear, W::BYTES, Access::Write, is_user(&self.st)) {
                value.store(&mut self.bus.cx.mem.ram, at);
                return Ok(());
            }
        }
        self.write_checked(seg, offset, value)
    }

    /// Reads, changes and writes back; nothing changes if the location cannot be written.
    #[inline(always)]
    pub fn update<W: Int>(
        &mut self,
        seg: u8,
        offset: u32,
        change: impl FnOnce(&mut Cpu, W) -> W,
    ) -> Result<(), Exception> {
        let s = &self.st.seg[usize::from(seg & 7)];
        if u64::from(offset) + u64::from(W::BYTES) <= s.write_end {
            let linear = s.base.wrapping_add(offset);
            if let Some(at) = self.tlb.hit(linear, W::BYTES, Access::Write, is_user(&self.st)) {
                let old = W::load(&self.bus.cx.mem.ram, at);
                let new = change(self, old);
                new.store(&mut self.bus.cx.mem.ram, at);
                return Ok(());
            }
        }
        let linear = self.check_segment(seg, offset, W::BYTES, Access::Write)?;
        self.prepare_write(linear, W::BYTES, is_user(&self.st))?;
        let old = W::from_u64(self.read_prepared(linear, W::BYTES));
        let new = change(self, old);
        self.write_prepared(linear, W::BYTES, new.to_u64());
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn read_checked<W: Int>(&mut self, seg: u8, offset: u32) -> Result<W, Exception> {
        let linear = self.check_segment(seg, offset, W::BYTES, Access::Read)?;
        self.read_linear(linear, W::BYTES, is_user(&self.st)).map(W::from_u64)
    }

    #[cold]
    #[inline(never)]
    fn write_checked<W: Int>(&mut self, seg: u8, offset: u32, value: W) -> Result<(), Exception> {
        let linear = self.check_segment(seg, offset, W::BYTES, Access::Write)?;
        self.write_linear(linear, W::BYTES, is_user(&self.st), value.to_u64())
    }

    /// The segment's part of an access: type, limit, null (SDM vol. 3A, 5.3-5.4) and alignment; the linear address.
    pub fn check_segment(
        &mut self,
        seg: u8,
        offset: u32,
        len: u32,
        access: Access,
    ) -> Result<u32, Exception> {
        let s = self.st.seg[usize::from(seg & 7)];
        let fault = if seg == seg::SS { Exception::SS0 } else { Exception::GP0 };
        let fast_end = if access == Access::Write { s.write_end } else { s.read_end };
        let last = u64::from(offset) + u64::from(len) - 1;
        if last >= fast_end {
            if s.attr & attr::P == 0 {
                // A null selector: #GP(0) even for SS, which cannot be null but in the midst of a task switch.
                return Err(Exception::GP0);
            }
            let code = s.attr & attr::CODE != 0;
            let readable = !code || s.attr & attr::RW != 0;
            let writable = !code && s.attr & attr::RW != 0;
            if access == Access::Write && !writable || access == Access::Read && !readable {
                return Err(Exception::GP0);
            }
            let down = !code && s.attr & attr::DC != 0;
            let top = if s.is_32() { u64::from(u32::MAX) } else { 0xFFFF };
            let inside = down && u64::from(offset) > u64::from(s.limit) && last <= top;
            if !inside {
                return Err(fault);
            }
        }
        let linear = s.base.wrapping_add(offset);
        // What is longer is checked piece by piece.
        if len <= 8 {
            self.check_alignment(linear, len.next_power_of_two())?;
        }
        Ok(linear)
    }

    /// #AC if a linear address is no multiple of what its operand needs, and such checks are on (SDM vol. 3A, table 6-7).
    #[inline]
    pub fn check_alignment(&self, linear: u32, to: u32) -> Result<(), Exception> {
        if self.align_check && !linear.is_multiple_of(to) { Err(Exception::AC) } else { Ok(()) }
    }

    /// Reads 1-8 bytes at a linear address, little-endian.
    pub fn read_linear(&mut self, linear: u32, len: u32, user: bool) -> Result<u64, Exception> {
        self.watch(linear, len, Access::Read);
        let within = 4096 - (linear & 0xFFF);
        let first = self.locate(linear, Access::Read, user)?;
        if len <= within {
            return Ok(self.read_at(linear, first, len));
        }
        let rest = linear.wrapping_add(within);
        let second = self.locate(rest, Access::Read, user)?;
        let low = self.read_at(linear, first, within);
        Ok(low | self.read_at(rest, second, len - within) << (8 * within))
    }

    /// Writes 1-8 bytes at a linear address, all or none.
    pub fn write_linear(&mut self, linear: u32, len: u32, user: bool, value: u64) -> Result<(), Exception> {
        self.prepare_write(linear, len, user)?;
        self.write_prepared(linear, len, value);
        Ok(())
    }

    /// Makes sure that a following [`Cpu::write_prepared`] of the same range cannot fault.
    pub fn prepare_write(&mut self, linear: u32, len: u32, user: bool) -> Result<(), Exception> {
        let first = self.locate(linear, Access::Write, user)?;
        let within = 4096 - (linear & 0xFFF);
        let second =
            if len > within { self.locate(linear.wrapping_add(within), Access::Write, user)? } else { first };
        self.prepared = [first, second];
        self.watch(linear, len, Access::Write);
        Ok(())
    }

    /// Reads back the range of the last [`Cpu::prepare_write`].
    fn read_prepared(&mut self, linear: u32, len: u32) -> u64 {
        let [first, second] = self.prepared;
        let within = 4096 - (linear & 0xFFF);
        if len <= within {
            return self.read_at(linear, first, len);
        }
        let rest = linear.wrapping_add(within);
        self.read_at(linear, first, within) | self.read_at(rest, second, len - within) << (8 * within)
    }

    /// Reads 1-8 bytes that do not leave their page, seen by the probe.
    fn read_at(&mut self, linear: u32, place: Place, len: u32) -> u64 {
        let value = self.read_place(place, len);
        self.probe_data(linear, len, place, Access::Read, value);
        value
    }

    /// Writes 1-8 bytes that do not leave their page, seen by the probe.
    fn write_at(&mut self, linear: u32, place: Place, len: u32, value: u64) {
        self.write_place(place, len, value);
        self.probe_data(linear, len, place, Access::Write, value);
    }

    /// Writes the range of the last [`Cpu::prepare_write`].
    pub fn write_prepared(&mut self, linear: u32, len: u32, value: u64) {
        let [first, second] = self.prepared;
        let within = 4096 - (linear & 0xFFF);
        if len <= within {
            self.write_at(linear, first, len, value);
        } else {
            self.write_at(linear, first, within, value);
            self.write_at(linear.wrapping_add(within), second, len - within, value >> (8 * within));
        }
    }

    /// Reads 1-8 bytes that do not leave their page.
    pub(super) fn read_place(&mut self, place: Place, len: u32) -> u64 {
        match place {
            Place::Ram(offset) => {
                let mut b = [0; 8];
                b[..len as usize].copy_from_slice(self.bus.cx.mem.ram.slice(offset, len));
                u64::from_le_bytes(b)
            }
            Place::Phys(phys) => self.read_device(phys, len),
        }
    }

    /// Reads bytes of code that do not leave their page. Code that is nowhere, where a guest is lost, costs no more than
    /// other code.
    pub(super) fn read_code(&mut self, place: Place, bytes: &mut [u8]) {
        match place {
            Place::Ram(offset) => {
                bytes.copy_from_slice(self.bus.cx.mem.ram.slice(offset, bytes.len() as u32));
            }
            Place::Phys(phys) if self.bus.cx.mem.map.resolve(phys).read == Target::Open => bytes.fill(0xFF),
            Place::Phys(phys) => {
                for (byte, at) in bytes.iter_mut().zip(phys..) {
                    *byte = self.read_device(at, 1) as u8;
                }
            }
        }
    }

    fn write_place(&mut self, place: Place, len: u32, value: u64) {
        match place {
            Place::Ram(offset) => {
                self.bus.cx.mem.note_write(offset, len);
                self.bus
                    .cx
                    .mem
                    .ram
                    .slice_mut(offset, len)
                    .copy_from_slice(&value.to_le_bytes()[..len as usize]);
                self.notice_code_writes();
            }
            Place::Phys(phys) => self.write_device(phys, len, value),
        }
    }

    #[cold]
    fn read_device(&mut self, phys: u64, len: u32) -> u64 {
        let Target::Mmio(id) = self.bus.cx.mem.map.resolve(phys).read else { return u64::MAX };
        self.before_device();
        let mut value = 0;
        for (at, size) in pieces(phys as u32, len) {
            let part = self.bus.mmio_read(id, at, size);
            value |= u64::from(part) << (8 * (at.wrapping_sub(phys as u32)));
        }
        self.after_device();
        value
    }

    #[cold]
    fn write_device(&mut self, phys: u64, len: u32, value: u64) {
        let Target::Mmio(id) = self.bus.cx.mem.map.resolve(phys).write else { return };
        self.before_device();
        for (at, size) in pieces(phys as u32, len) {
            let part = (value >> (8 * at.wrapping_sub(phys as u32))) as u32;
            self.bus.mmio_write(id, at, size, part);
        }
        self.after_device();
    }

    /// Reads a system structure (descriptor, TSS) with supervisor rights whatever the CPL.
    pub fn read_system<W: Int>(&mut self, linear: u32) -> Result<W, Exception> {
        if let Some(at) = self.tlb.hit(linear, W::BYTES, Access::Read, false) {
            return Ok(W::load(&self.bus.cx.mem.ram, at));
        }
        self.read_linear(linear, W::BYTES, false).map(W::from_u64)
    }

    /// Writes a system structure with supervisor rights whatever the CPL.
    pub fn write_system<W: Int>(&mut self, linear: u32, value: W) -> Result<(), Exception> {
        self.write_linear(linear, W::BYTES, false, value.to_u64())
    }

    /// Checks that `len` bytes (at most 4096) at a linear address can be written, without writing.
    pub fn probe_write(&mut self, linear: u32, len: u32, user: bool) -> Result<(), Exception> {
        self.probe_pages(linear, len, Access::Write, user)
    }

    /// Checks that `len` bytes (at most 4096) at a linear address can be read, without reading.
    pub fn probe_read(&mut self, linear: u32, len: u32, user: bool) -> Result<(), Exception> {
        self.probe_pages(linear, len, Access::Read, user)
    }

    /// A fault names the first byte in the page that lacks the right.
    fn probe_pages(&mut self, linear: u32, len: u32, access: Access, user: bool) -> Result<(), Exception> {
        self.locate(linear, access, user)?;
        let last_page = linear.wrapping_add(len - 1) & !0xFFF;
        if last_page != linear & !0xFFF {
            self.locate(last_page, access, user)?;
        }
        Ok(())
    }

    /// Reads 16 bytes at `seg:offset`: low half first.
    pub fn read_128(&mut self, seg: u8, offset: u32) -> Result<[u64; 2], Exception> {
        Ok([self.read(seg, offset)?, self.read(seg, offset.wrapping_add(8))?])
    }

    /// Writes 16 bytes at `seg:offset`, all or none.
    pub fn write_128(&mut self, seg: u8, offset: u32, value: [u64; 2]) -> Result<(), Exception> {
        let linear = self.check_segment(seg, offset, 16, Access::Write)?;
        self.probe_write(linear, 16, is_user(&self.st))?;
        self.write(seg, offset, value[0])?;
        self.write(seg, offset.wrapping_add(8), value[1])
    }
}

/// Cuts an access of `len` bytes into naturally sized ones of 4, 2 and 1 bytes.
fn pieces(from: u32, len: u32) -> impl Iterator<Item = (u32, u8)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let left = len.checked_sub(done).filter(|&l| l > 0)?;
        let size = match left {
            4.. => 4,
            2..=3 => 2,
            _ => 1,
        };
        let at = from.wrapping_add(done);
        done += size;
        Some((at, size as u8))
    })
}
