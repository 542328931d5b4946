//! The images of FNSTENV, FLDENV, FNSAVE and FRSTOR (SDM vol. 1, figures 8-9 to 8-12).

use crate::x86::fpu_state::FpuState;
use crate::x86::softfloat::F80;

/// Which of the four layouts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Operand size 32 bits: 28 bytes of environment rather than 14.
    pub wide: bool,
    /// Real or virtual-8086 mode: linear addresses rather than selectors.
    pub real: bool,
}

/// The largest environment.
pub const ENVIRONMENT: usize = 28;
/// The largest image of the whole state.
pub const STATE: usize = ENVIRONMENT + 80;

impl Layout {
    /// Bytes of the environment.
    pub const fn environment(self) -> usize {
        if self.wide { 28 } else { 14 }
    }

    /// Bytes of the whole state.
    pub const fn state(self) -> usize {
        self.environment() + 80
    }
}

/// The fields of an environment after the three words, as they are in memory: seven in all.
fn pointers(fpu: &FpuState, layout: Layout) -> [u32; 4] {
    let linear = |selector: u16, offset: u32| (u32::from(selector) << 4).wrapping_add(offset);
    if layout.real {
        let code = linear(fpu.instruction_selector, fpu.instruction_offset);
        let data = linear(fpu.data_selector, fpu.data_offset);
        let upper = |address: u32| if layout.wide { address >> 16 << 12 } else { (address >> 16 & 15) << 12 };
        let low = |address: u32| address & 0xFFFF | if layout.wide { 0xFFFF_0000 } else { 0 };
        return [low(code), upper(code) | u32::from(fpu.opcode), low(data), upper(data)];
    }
    let code = u32::from(fpu.instruction_selector);
    let code = if layout.wide { code | u32::from(fpu.opcode) << 16 } else { code };
    [fpu.instruction_offset, code, fpu.data_offset, u32::from(fpu.data_selector) | 0xFFFF_0000]
}

/// Writes the environment image to the beginning of `image`.
pub fn store_environment(fpu: &FpuState, layout: Layout, image: &mut [u8]) {
    let words = [fpu.control, fpu.status_word(), fpu.tag_word()].map(|word| u32::from(word) | 0xFFFF_0000);
    let fields = words.into_iter().chain(pointers(fpu, layout));
    if layout.wide {
        image
            .chunks_exact_mut(4)
            .zip(fields)
            .for_each(|(to, field)| to.copy_from_slice(&field.to_le_bytes()));
    } else {
        let fields = fields.map(|field| (field as u16).to_le_bytes());
        image.chunks_exact_mut(2).zip(fields).for_each(|(to, field)| to.copy_from_slice(&field));
    }
}

/// The seven fields of an environment image.
fn fields(image: &[u8], layout: Layout) -> [u32; 7] {
    let mut fields = [0; 7];
    if layout.wide {
        for (field, from) in fields.iter_mut().zip(image.as_chunks::<4>().0) {
            *field = u32::from_le_bytes(*from);
        }
    } else {
        for (field, from) in fields.iter_mut().zip(image.as_chunks::<2>().0) {
            *field = u32::from(u16::from_le_bytes(*from));
        }
    }
    fields
}

/// Takes an environment from the beginning of `image`. What real mode stored comes back as a linear address with a
/// zero selector.
pub fn load_environment(fpu: &mut FpuState, layout: Layout, image: &[u8]) {
    let [control, status, tags, code, code_upper, data, data_upper] = fields(image, layout);
    if layout.real {
        let join = |low: u32, upper: u32| low & 0xFFFF | (upper >> 12 & 0xFFFF) << 16;
        fpu.opcode = (code_upper & 0x7FF) as u16;
        (fpu.instruction_selector, fpu.instruction_offset) = (0, join(code, code_upper));
        (fpu.data_selector, fpu.data_offset) = (0, join(data, data_upper));
    } else {
        // The 16-bit protected layout has no opcode.
        fpu.opcode = (code_upper >> 16 & 0x7FF) as u16;
        (fpu.instruction_selector, fpu.instruction_offset) = (code_upper as u16, code);
        (fpu.data_selector, fpu.data_offset) = (data_upper as u16, data);
    }
    fpu.set_tag_word(tags as u16);
    fpu.set_control_word(control as u16);
    fpu.set_status_word(status as u16);
}

/// Writes the image of the whole state: the environment, then ST(0) to ST(7).
pub fn store_state(fpu: &FpuState, layout: Layout, image: &mut [u8; STATE]) {
    store_environment(fpu, layout, image);
    let registers = image[layout.environment()..].as_chunks_mut::<10>().0;
    for (i, to) in registers.iter_mut().enumerate().take(8) {
        *to = fpu.get(i as u8).to_bytes();
    }
}

/// Takes the whole state from its image.
pub fn load_state(fpu: &mut FpuState, layout: Layout, image: &[u8; STATE]) {
    load_environment(fpu, layout, image);
    let registers = image[layout.environment()..].as_chunks::<10>().0;
    for (i, from) in registers.iter().enumerate().take(8) {
        // Not `set`: the tags are those of the image.
        fpu.st[fpu.index(i as u8)] = F80::from_bytes(*from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> FpuState {
        let mut fpu = FpuState::new();
        fpu.init();
        fpu.push(F80::ZERO);
        fpu.push(F80::ONE);
        fpu.opcode = 0x123;
        (fpu.instruction_selector, fpu.instruction_offset) = (0x1234, 0x5678);
        (fpu.data_selector, fpu.data_offset) = (0x9ABC, 0xDEF0);
        fpu
    }

    /// SDM vol. 1, figure 8-9: 32-bit protected mode.
    #[test]
    fn protected_32() {
        let mut image = [0; ENVIRONMENT];
        store_environment(&sample(), Layout { wide: true, real: false }, &mut image);
        let expected = [0xFFFF_037F, 0xFFFF_3000, 0xFFFF_4FFF, 0x5678, 0x0123_1234, 0xDEF0, 0xFFFF_9ABC]
            .map(u32::to_le_bytes);
        assert_eq!(image, *expected.as_flattened());
    }

    /// SDM vol. 1, figure 8-12: 16-bit real mode, 20-bit linear addresses. 12340h + 5678h is 179B8h.
    #[test]
    fn real_16() {
        let mut image = [0; 14];
        store_environment(&sample(), Layout { wide: false, real: true }, &mut image);
        let expected: [u16; 7] = [0x037F, 0x3000, 0x4FFF, 0x79B8, 0x1123, 0x8AB0, 0xA000];
        assert_eq!(image, *expected.map(u16::to_le_bytes).as_flattened());
    }

    /// What one layout stored it loads again, registers and all.
    #[test]
    fn there_and_back() {
        for (wide, real) in [(false, false), (false, true), (true, false), (true, true)] {
            let layout = Layout { wide, real };
            let (mut image, mut again) = ([0; STATE], [0; STATE]);
            store_state(&sample(), layout, &mut image);
            let mut fpu = FpuState::new();
            load_state(&mut fpu, layout, &image);
            assert_eq!((fpu.get(0), fpu.get(1), fpu.top, fpu.valid), (F80::ONE, F80::ZERO, 6, 0xC0));
            store_state(&fpu, layout, &mut again);
            assert_eq!(image, again, "{layout:?}");
        }
    }
}
