//! The register files of the two 8237A DMA controllers and their page registers. The channels themselves live on the
//! bus ([`crate::bus::IsaDma`]), where devices move data through them.
//!
//! Memory-to-memory transfers are not there, as in the PIIX3: bit 0 of the command register is kept and has no effect,
//! and the temporary register reads 0. A software request shows in the status register until terminal count; no
//! device answers it.

pub mod spec;
#[cfg(test)]
mod tests;
mod view;

use crate::bus::view::RegisterGroup;
use crate::bus::{Cx, Device, DmaChannel, Field, LoadError, Wiring, fields_of, load_state, save_state};
use crate::time::Ns;
use serde::{Deserialize, Serialize};
use spec::*;

/// Both DMA controllers.
#[derive(Default)]
pub struct DmaController {
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    /// Byte pointer flip-flop of each controller: the next access is to the high byte.
    high_byte: [bool; 2],
    /// What was written to page register ports that belong to no channel (80h shows POST codes).
    latches: [u8; 16],
}

impl DmaController {
    /// Both controllers, all channels masked.
    pub fn new() -> Self {
        Self::default()
    }

    /// The byte last written to port 80h.
    pub fn post_code(&self) -> u8 {
        self.state.latches[0]
    }

    /// Controller (0 or 1) and register of a port outside the page registers.
    fn decode(port: u16) -> (usize, u16) {
        if port < PAGES { (0, port & 0xF) } else { (1, port >> 1 & 0xF) }
    }

    /// Low or high byte, as the flip-flop says, which then turns over.
    fn next_byte_is_high(&mut self, controller: usize) -> bool {
        let flip_flop = &mut self.state.high_byte[controller];
        *flip_flop = !*flip_flop;
        !*flip_flop
    }

    fn read_register(&mut self, cx: &mut Cx, controller: usize, register: u16) -> u8 {
        let channels = &mut cx.dma.channels[controller * 4..][..4];
        match register {
            0..=7 => {
                let c = channels[usize::from(register / 2)];
                let value = if register & 1 == 0 { c.address } else { c.count };
                value.to_le_bytes()[usize::from(self.next_byte_is_high(controller))]
            }
            COMMAND_STATUS => {
                let status = bits(channels, |c| c.terminal_count) | bits(channels, |c| c.request) << 4;
                channels.iter_mut().for_each(|c| c.terminal_count = false);
                status
            }
            ALL_MASK => 0xF0 | bits(channels, |c| c.masked),
            MASTER_CLEAR => 0,
            _ => 0xFF,
        }
    }

    fn write_register(&mut self, cx: &mut Cx, controller: usize, register: u16, value: u8) {
        let channels = &mut cx.dma.channels[controller * 4..][..4];
        let chosen = usize::from(value & 3);
        match register {
            0..=7 => {
                let high = self.next_byte_is_high(controller);
                let c = &mut channels[usize::from(register / 2)];
                let (base, current) = if register & 1 == 0 {
                    (&mut c.base_address, &mut c.address)
                } else {
                    (&mut c.base_count, &mut c.count)
                };
                for half in [base, current] {
                    let mut bytes = half.to_le_bytes();
                    bytes[usize::from(high)] = value;
                    *half = u16::from_le_bytes(bytes);
                }
            }
            COMMAND_STATUS => cx.dma.command[controller] = value,
            REQUEST => channels[chosen].request = value & SET_BIT != 0,
            SINGLE_MASK => channels[chosen].masked = value & SET_BIT != 0,
            MODE => channels[chosen].mode = value & !3,
            CLEAR_BYTE_POINTER => self.state.high_byte[controller] = false,
            MASTER_CLEAR => self.master_clear(cx, controller),
            CLEAR_MASK => channels.iter_mut().for_each(|c| c.masked = false),
            ALL_MASK => {
                channels.iter_mut().enumerate().for_each(|(n, c)| c.masked = value & 1 << n != 0);
            }
            _ => {}
        }
    }

    /// What RESET does too: command, status, request and flip-flop cleared, every channel masked.
    fn master_clear(&mut self, cx: &mut Cx, controller: usize) {
        self.state.high_byte[controller] = false;
        cx.dma.command[controller] = 0;
        for c in &mut cx.dma.channels[controller * 4..][..4] {
            *c = DmaChannel { masked: true, request: false, terminal_count: false, ..*c };
        }
    }
}

/// One bit for each of four channels.
fn bits(channels: &[DmaChannel], of: impl Fn(&DmaChannel) -> bool) -> u8 {
    channels.iter().enumerate().fold(0, |all, (n, c)| all | u8::from(of(c)) << n)
}

impl Device for DmaController {
    fn name(&self) -> &'static str {
        "8237A"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(FIRST, FIRST + 0xF, 1);
        wiring.ports(SECOND, SECOND + 0x1F, 1);
        wiring.ports(PAGES, PAGES + 0xF, 1);
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::default();
        self.master_clear(cx, 0);
        self.master_clear(cx, 1);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        let value = match port.checked_sub(PAGES).filter(|&at| at < 16) {
            Some(at) => match PAGE_CHANNEL[usize::from(at)] {
                Some(channel) => cx.dma.channels[channel].page,
                None => self.state.latches[usize::from(at)],
            },
            None => {
                let (controller, register) = Self::decode(port);
                self.read_register(cx, controller, register)
            }
        };
        u32::from(value)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        let value = value as u8;
        match port.checked_sub(PAGES).filter(|&at| at < 16) {
            Some(at) => match PAGE_CHANNEL[usize::from(at)] {
                Some(channel) => cx.dma.channels[channel].page = value,
                None => self.state.latches[usize::from(at)] = value,
            },
            None => {
                let (controller, register) = Self::decode(port);
                self.write_register(cx, controller, register, value);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        save_state(&self.state)
    }

    fn fields(&self, bytes: &[u8]) -> Result<Vec<Field>, LoadError> {
        fields_of::<State>(self.name(), bytes)
    }

    fn load(&mut self, _cx: &mut Cx, bytes: &[u8]) -> Result<(), LoadError> {
        self.state = load_state(self.name(), bytes)?;
        Ok(())
    }

    fn title(&self) -> &'static str {
        "two 8237A DMA controllers"
    }

    fn view(&self, cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups(cx)
    }
}
