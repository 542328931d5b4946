//! The register file as the CPU sees it through ports: sequencer, CRT controller, graphics controller, attribute
//! controller, DAC and the general registers (IBM PS/2 Video Subsystem, "Register Descriptions").

use super::spec::{self, attr, crtc, gc, port, seq};
use super::{State, Vga};
use crate::bus::Cx;

impl Vga {
    /// Reads an 8-bit port of the VGA.
    pub(super) fn register_read(&mut self, cx: &Cx, port: u16) -> u8 {
        if !self.decodes(port) {
            return 0xFF;
        }
        let s = &mut self.state;
        match port {
            port::CRTC_INDEX | port::CRTC_INDEX_MONO => s.crtc_index,
            port::CRTC_DATA | port::CRTC_DATA_MONO => s.crtc_read(),
            port::STATUS1 | port::STATUS1_MONO => {
                s.attr_data_next = false;
                self.input_status_1(cx, cx.now)
            }
            port::ATTR => s.attr_index,
            port::ATTR_DATA => s.attr.get(usize::from(s.attr_index & 0x1F)).copied().unwrap_or(0),
            port::MISC_WRITE => {
                spec::STATUS0_SENSE | if s.retrace_pending { spec::STATUS0_INTERRUPT } else { 0 }
            }
            port::ENABLE => u8::from(s.enabled),
            port::SEQ_INDEX => s.seq_index,
            port::SEQ_DATA => s.seq[usize::from(s.seq_index & 7)],
            port::DAC_MASK => s.dac.mask,
            port::DAC_READ_INDEX => s.dac.state(),
            port::DAC_WRITE_INDEX => s.dac.write_index(),
            port::DAC_DATA => s.dac.read(),
            port::FEATURE_READ => s.feature,
            port::MISC_READ => s.misc,
            port::GC_INDEX => s.gc_index,
            port::GC_DATA => s.gc.get(usize::from(s.gc_index & 15)).copied().unwrap_or(0),
            _ => 0xFF,
        }
    }

    /// Writes an 8-bit port of the VGA.
    pub(super) fn register_write(&mut self, cx: &mut Cx, port: u16, value: u8) {
        if !self.decodes(port) {
            return;
        }
        let s = &mut self.state;
        match port {
            port::CRTC_INDEX | port::CRTC_INDEX_MONO => s.crtc_index = value,
            port::CRTC_DATA | port::CRTC_DATA_MONO => s.crtc_write(value),
            port::STATUS1 | port::STATUS1_MONO => s.feature = value & 0x0B,
            port::ATTR => s.attr_write(value),
            port::MISC_WRITE => s.misc = value & 0xEF,
            port::ENABLE => s.enabled = value & 1 != 0,
            port::SEQ_INDEX => s.seq_index = value & 7,
            port::SEQ_DATA => s.seq_write(value),
            port::DAC_MASK => s.dac.mask = value,
            port::DAC_READ_INDEX => s.dac.set_read_index(value),
            port::DAC_WRITE_INDEX => s.dac.set_write_index(value),
            port::DAC_DATA => s.dac.write(value, s.dispi.wide_dac()),
            port::GC_INDEX => s.gc_index = value & 15,
            port::GC_DATA => s.gc_write(value),
            _ => {}
        }
        if matches!(port, port::MISC_WRITE | port::ENABLE | port::SEQ_DATA | port::GC_DATA) {
            self.map_window(cx);
        }
        if matches!(port, port::MISC_WRITE | port::SEQ_DATA | port::CRTC_DATA | port::CRTC_DATA_MONO) {
            self.update_retrace_interrupt(cx);
        }
    }

    /// Whether a port leads anywhere now: 3Bx or 3Dx by the I/O address bit, and nothing but the enable register itself
    /// while the subsystem is disabled.
    fn decodes(&self, port: u16) -> bool {
        let color = self.state.misc & spec::MISC_COLOR != 0;
        match port {
            port::ENABLE => true,
            _ if !self.state.enabled => false,
            port::CRTC_INDEX_MONO | port::CRTC_DATA_MONO | port::STATUS1_MONO => !color,
            port::CRTC_INDEX | port::CRTC_DATA | port::STATUS1 => color,
            _ => true,
        }
    }
}

impl State {
    fn seq_write(&mut self, value: u8) {
        let index = usize::from(self.seq_index & 7);
        self.seq[index] = value & seq::MASK[index];
    }

    fn gc_write(&mut self, value: u8) {
        let index = usize::from(self.gc_index & 15);
        if let (Some(register), Some(mask)) = (self.gc.get_mut(index), gc::MASK.get(index)) {
            *register = value & mask;
        }
    }

    fn crtc_read(&self) -> u8 {
        match self.crtc_index {
            crtc::LATCH => self.latch[usize::from(self.gc[gc::READ_MAP] & 3)],
            crtc::FLIP_FLOP => u8::from(self.attr_data_next) << 7,
            crtc::ATTR_INDEX => self.attr_index,
            index => self.crtc.get(usize::from(index)).copied().unwrap_or(0),
        }
    }

    /// Registers 0-7 can be write-protected, but for bit 8 of line compare in the overflow register.
    fn crtc_write(&mut self, value: u8) {
        const LINE_COMPARE_8: u8 = 0x10;
        let index = usize::from(self.crtc_index);
        let protected = index <= crtc::OVERFLOW && self.crtc[crtc::V_SYNC_END] & crtc::PROTECT != 0;
        let writable = match index {
            crtc::OVERFLOW if protected => LINE_COMPARE_8,
            _ if protected => 0,
            _ => 0xFF,
        };
        if let Some(register) = self.crtc.get_mut(index) {
            *register = *register & !writable | value & writable;
        }
    }

    /// Port 3C0h takes index and data in turn; reading input status 1 makes the next an index.
    fn attr_write(&mut self, value: u8) {
        if self.attr_data_next {
            let index = usize::from(self.attr_index & 0x1F);
            if let Some(register) = self.attr.get_mut(index) {
                *register = value & attr::mask(index);
            }
        } else {
            self.attr_index = value & 0x3F;
        }
        self.attr_data_next = !self.attr_data_next;
    }
}
