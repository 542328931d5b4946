//! The keyboard controller of a PS/2, with its keyboard and mouse.
//!
//! Commands are executed at once, so that the input buffer is never seen full; bytes to the host take their time
//! ([`spec::CONTROLLER_NS`], [`spec::BYTE_NS`]) and come one by one, each after the one before was read. There is no
//! password: A4h says so, A5h takes one and forgets it, A6h does nothing.

mod keyboard;
mod mouse;
mod scancodes;
pub mod spec;
#[cfg(test)]
mod tests;
mod view;

pub use scancodes::{PAUSE, PRINT_SCREEN};

use crate::bus::view::RegisterGroup;
use crate::bus::{
    Cx, Device, Field, Line, LineOut, LoadError, ResetKind, Wiring, fields_of, load_state, save_state,
};
use crate::time::{NEVER, Ns, TimerId};
use keyboard::Keyboard;
use mouse::Mouse;
use serde::{Deserialize, Serialize};
use spec::*;
use std::collections::VecDeque;

/// Keyboard controller, keyboard (ISA interrupt 1) and mouse (ISA interrupt 12).
#[derive(Default)]
pub struct Ps2Controller {
    wires: Option<Wires>,
    state: State,
}

#[derive(Clone, Copy)]
struct Wires {
    keyboard_irq: LineOut,
    mouse_irq: LineOut,
    /// The next byte reaches the output buffer.
    transfer: TimerId,
    /// Keyboard or mouse have something to do.
    devices: TimerId,
}

/// Whose bytes those in the output buffer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Source {
    Keyboard,
    Mouse,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct State {
    keyboard: Keyboard,
    mouse: Mouse,
    /// The 8042's RAM as far as commands reach it; byte 0 is the command byte.
    ram: [u8; 32],
    /// The last write went to the command port.
    command_last: bool,
    /// A command that waits for its parameter.
    expects: Option<u8>,
    /// Answers of the controller itself.
    replies: VecDeque<(Source, u8)>,
    /// Whose byte waits in the output buffer.
    full: Option<Source>,
    /// The output buffer; stays readable.
    output: u8,
    /// The translator saw a break prefix.
    broken: bool,
    transfer_at: Ns,
}

impl Default for State {
    fn default() -> Self {
        let mut ram = [0; 32];
        ram[0] = CTR_KEYBOARD_INT | CTR_MOUSE_INT;
        Self {
            keyboard: Keyboard::default(),
            mouse: Mouse::default(),
            ram,
            command_last: false,
            expects: None,
            replies: VecDeque::new(),
            full: None,
            output: 0,
            broken: false,
            transfer_at: NEVER,
        }
    }
}

impl Ps2Controller {
    /// Controller, keyboard and mouse as after a reset.
    pub fn new() -> Self {
        Self::default()
    }

    /// A key goes down or up. `code` is its make code in set 1: E0xx for extended keys, [`PAUSE`], [`PRINT_SCREEN`].
    /// The keyboard repeats held keys itself: repeats from the host are ignored, and every key must be let go.
    pub fn key(&mut self, cx: &mut Cx, code: u16, pressed: bool) {
        self.state.keyboard.key(code, pressed, cx.now);
        self.update(cx);
    }

    /// The mouse moved by `dx` to the right and `dy` down (in counts), its wheel by `wheel` notches down; `buttons` are
    /// left, right, middle, fourth and fifth in bits 0-4.
    pub fn mouse(&mut self, cx: &mut Cx, dx: i32, dy: i32, wheel: i32, buttons: u8) {
        self.state.mouse.moved(dx, dy, wheel, buttons, cx.now);
        self.update(cx);
    }

    /// Whether a guest listens to the mouse, so that capturing it makes sense.
    pub fn mouse_in_use(&self) -> bool {
        self.state.mouse.streams()
    }

    /// Scroll Lock, Num Lock and Caps Lock in bits 0-2.
    pub fn leds(&self) -> u8 {
        self.state.keyboard.leds()
    }

    fn ctr(&self, bit: u8) -> bool {
        self.state.ram[0] & bit != 0
    }

    fn set_ctr(&mut self, bit: u8, on: bool) {
        let ctr = &mut self.state.ram[0];
        *ctr = if on { *ctr | bit } else { *ctr & !bit };
    }

    fn status(&self) -> u8 {
        let full = match self.state.full {
            None => 0,
            Some(Source::Keyboard) => STATUS_OBF,
            Some(Source::Mouse) => STATUS_OBF | STATUS_AUX,
        };
        let command = if self.state.command_last { STATUS_COMMAND } else { 0 };
        full | command | STATUS_UNLOCKED | self.state.ram[0] & STATUS_SYS
    }

    /// Levels of interrupts 1 and 12. A disabled keyboard's interrupt is off, for the controller's own answers too.
    fn interrupts(&self) -> (bool, bool) {
        let keyboard = self.ctr(CTR_KEYBOARD_INT) && !self.ctr(CTR_KEYBOARD_OFF);
        (
            keyboard && self.state.full == Some(Source::Keyboard),
            self.ctr(CTR_MOUSE_INT) && self.state.full == Some(Source::Mouse),
        )
    }

    fn output_port(&self, cx: &Cx) -> u8 {
        let a20 = if cx.mem.a20() { OUT_A20 } else { 0 };
        let full = match self.state.full {
            None => 0,
            Some(Source::Keyboard) => OUT_KEYBOARD_OBF,
            Some(Source::Mouse) => OUT_MOUSE_OBF,
        };
        OUT_IDLE | OUT_NO_RESET | a20 | full
    }

    /// Interrupts and deadlines, after anything changed.
    fn update(&mut self, cx: &mut Cx) {
        self.plan_transfer(cx.now);
        let Some(wires) = self.wires else { return };
        let (keyboard, mouse) = self.interrupts();
        cx.lines.set(wires.keyboard_irq, keyboard);
        cx.lines.set(wires.mouse_irq, mouse);
        cx.timers.set(wires.transfer, self.state.transfer_at);
        cx.timers.set(wires.devices, self.state.keyboard.deadline().min(self.state.mouse.deadline()));
    }

    fn keyboard_ready(&self) -> bool {
        !self.ctr(CTR_KEYBOARD_OFF) && self.state.keyboard.ready()
    }

    fn mouse_ready(&self) -> bool {
        !self.ctr(CTR_MOUSE_OFF) && self.state.mouse.ready()
    }

    /// When the next byte arrives: only into an empty buffer, the controller's own before the devices'.
    fn plan_transfer(&mut self, now: Ns) {
        let planned = self.state.transfer_at;
        self.state.transfer_at = if self.state.full.is_some() {
            NEVER
        } else if !self.state.replies.is_empty() {
            planned.min(now.saturating_add(CONTROLLER_NS))
        } else if !self.keyboard_ready() && !self.mouse_ready() {
            NEVER
        } else if planned == NEVER {
            now.saturating_add(BYTE_NS)
        } else {
            planned
        };
    }

    /// A byte arrives in the output buffer.
    fn transfer(&mut self, now: Ns) {
        self.state.transfer_at = NEVER;
        if self.state.full.is_some() {
            return;
        }
        if let Some((source, byte)) = self.state.replies.pop_front() {
            (self.state.full, self.state.output) = (Some(source), byte);
        } else if self.keyboard_ready() {
            if let Some(byte) = self.state.keyboard.next_byte() {
                self.deliver_scan_code(byte);
            }
        } else if self.mouse_ready()
            && let Some(byte) = self.state.mouse.next_byte(now)
        {
            (self.state.full, self.state.output) = (Some(Source::Mouse), byte);
        }
    }

    /// A byte from the keyboard, translated if that is on: the break prefix becomes bit 7 of what follows it.
    fn deliver_scan_code(&mut self, byte: u8) {
        let mut byte = byte;
        if self.ctr(CTR_TRANSLATE) {
            if byte == 0xF0 {
                self.state.broken = true;
                return;
            }
            byte = scancodes::translate(byte) | if self.state.broken { 0x80 } else { 0 };
        }
        self.state.broken = false;
        (self.state.full, self.state.output) = (Some(Source::Keyboard), byte);
    }

    fn reply(&mut self, byte: u8) {
        self.state.replies.push_back((Source::Keyboard, byte));
    }

    fn command(&mut self, cx: &mut Cx, command: u8) {
        self.state.expects = None;
        match command {
            READ_CTR..=0x3F => self.reply(self.state.ram[usize::from(command & 0x1F)]),
            WRITE_CTR..=0x7F | LOAD_PASSWORD | WRITE_OUTPUT..=WRITE_MOUSE => {
                self.state.expects = Some(command)
            }
            TEST_PASSWORD => self.reply(NO_PASSWORD),
            MOUSE_OFF | MOUSE_ON => self.set_ctr(CTR_MOUSE_OFF, command == MOUSE_OFF),
            KEYBOARD_OFF | KEYBOARD_ON => self.set_ctr(CTR_KEYBOARD_OFF, command == KEYBOARD_OFF),
            TEST_MOUSE | TEST_KEYBOARD => self.reply(0),
            SELF_TEST => {
                self.set_ctr(CTR_SYS, true);
                self.reply(SELF_TEST_PASSED);
            }
            READ_INPUT => self.reply(IN_UNLOCKED),
            READ_OUTPUT => self.reply(self.output_port(cx)),
            A20_OFF | A20_ON => cx.gate_a20(command == A20_ON),
            // Clock and data of the keyboard; a disabled one has its clock held low.
            READ_TEST_INPUTS => self.reply(if self.ctr(CTR_KEYBOARD_OFF) { 2 } else { 3 }),
            PULSE_OUTPUT..=0xFF if command & OUT_NO_RESET == 0 => reset_cpu(cx),
            _ => {}
        }
    }

    fn data(&mut self, cx: &mut Cx, value: u8) {
        match self.state.expects.take() {
            Some(command @ WRITE_CTR..=0x7F) => self.state.ram[usize::from(command & 0x1F)] = value,
            Some(LOAD_PASSWORD) if value != 0 => self.state.expects = Some(LOAD_PASSWORD),
            Some(LOAD_PASSWORD) => {}
            Some(WRITE_OUTPUT) => {
                cx.gate_a20(value & OUT_A20 != 0);
                if value & OUT_NO_RESET == 0 {
                    reset_cpu(cx);
                }
            }
            Some(WRITE_KEYBOARD_BUFFER) => self.reply(value),
            Some(WRITE_MOUSE_BUFFER) => self.state.replies.push_back((Source::Mouse, value)),
            Some(WRITE_MOUSE) => {
                self.set_ctr(CTR_MOUSE_OFF, false);
                self.state.mouse.write(value, cx.now);
            }
            // Sending to a device enables it.
            _ => {
                self.set_ctr(CTR_KEYBOARD_OFF, false);
                self.state.keyboard.write(value, cx.now);
            }
        }
    }
}

fn reset_cpu(cx: &mut Cx) {
    cx.signals.reset = cx.signals.reset.or(Some(ResetKind::Cpu));
}

impl Device for Ps2Controller {
    fn name(&self) -> &'static str {
        "8042"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        wiring.ports(DATA, DATA, 1);
        wiring.ports(COMMAND, COMMAND, 1);
        self.wires = Some(Wires {
            keyboard_irq: wiring.drive(Line::isa(1)),
            mouse_irq: wiring.drive(Line::isa(12)),
            transfer: wiring.timer(),
            devices: wiring.timer(),
        });
    }

    fn reset(&mut self, cx: &mut Cx) {
        self.state = State::default();
        cx.gate_a20(true);
        self.update(cx);
    }

    fn port_read(&mut self, cx: &mut Cx, port: u16, _size: u8) -> u32 {
        if port == COMMAND {
            return u32::from(self.status());
        }
        self.state.full = None;
        self.update(cx);
        u32::from(self.state.output)
    }

    fn port_write(&mut self, cx: &mut Cx, port: u16, _size: u8, value: u32) {
        self.state.command_last = port == COMMAND;
        if port == COMMAND {
            self.command(cx, value as u8);
        } else {
            self.data(cx, value as u8);
        }
        self.update(cx);
    }

    fn timer(&mut self, cx: &mut Cx, timer: TimerId) {
        if self.wires.is_some_and(|w| w.transfer == timer) {
            self.transfer(cx.now);
        } else {
            self.state.keyboard.run(cx.now);
            self.state.mouse.run(cx.now);
        }
        self.update(cx);
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
        "8042 keyboard controller, keyboard and mouse"
    }

    fn view(&self, cx: &Cx, _now: Ns) -> Vec<RegisterGroup> {
        self.groups(cx)
    }
}
