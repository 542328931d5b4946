//! The running machine: slices, input, output and the picture.

use emu_core::bus::{BlockRequest, DriveId};
use emu_core::debugger::{Backwards, Debugger, Outcome};
use emu_core::inspect::symbols::Symbols;
use emu_core::machine::{Edit, History, Input, Machine, Medium, Recording, Stop, Until};
use emu_core::snapshot::Snapshot;
use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::config::PcConfig;
use super::drive::{Images, drive_of};
use crate::error::Error;

/// Why a run ended.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// The given number of instructions or the given time was reached.
    Limit = 0,
    /// A disk block must come first: see `requestDrive`, `requestOffset`, `requestLength`.
    NeedsBlock = 1,
    /// The guest switched the machine off.
    PowerOff = 2,
    /// Triple fault.
    Shutdown = 3,
    /// HLT with interrupts off and nothing that could end it.
    HaltedForever = 4,
    /// The guest wrote to the exit port: see `exitCode`.
    ExitPort = 5,
}

/// A PC.
#[wasm_bindgen]
pub struct Pc {
    pub(super) machine: Machine,
    pub(super) debugger: Debugger,
    /// Why the last run under the debugger came back.
    pub(super) outcome: Outcome,
    /// Names of the guest's addresses, as loaded.
    pub(super) symbols: Symbols,
    /// What it did since recording began.
    pub(super) history: Option<History>,
    /// The recording last given to be replayed.
    pub(super) replayed: Option<Recording>,
    /// The snapshot last saved or opened.
    pub(super) saved: Option<Snapshot>,
    /// The search through it that is under way.
    pub(super) search: Option<Backwards>,
    images: Images,
    request: Option<BlockRequest>,
    /// What the last export lacked: offset and length.
    pub(super) missing: (u64, u64),
    exit_code: u8,
    frame: FrameInfo,
}

/// Where the last rendered picture lies.
#[derive(Clone, Copy, Default)]
struct FrameInfo {
    width: u32,
    height: u32,
    aspect: (u32, u32),
    pointer: usize,
    length: usize,
}

#[wasm_bindgen]
impl Pc {
    /// Powers a machine on. Uses `config` up.
    ///
    /// # Errors
    /// One line that names the field at fault and the remedy.
    #[wasm_bindgen(constructor)]
    pub fn new(config: PcConfig) -> Result<Pc, JsError> {
        let PcConfig { config, images } = config;
        let machine = Machine::new(config).map_err(|error| Error::Machine(error.to_string()))?;
        Ok(Pc {
            machine,
            debugger: Debugger::new(),
            outcome: Outcome::Done,
            history: None,
            replayed: None,
            saved: None,
            search: None,
            symbols: Symbols::new(),
            images,
            request: None,
            missing: (0, 0),
            exit_code: 0,
            frame: FrameInfo::default(),
        })
    }

    /// Runs until the retired-instruction count or the virtual time (ns) is reached, whichever is first.
    pub fn run(&mut self, instruction: u64, time: u64) -> StopKind {
        let stop = self.run_until(Until { instruction, time });
        self.stopped(stop)
    }

    fn run_until(&mut self, until: Until) -> Stop {
        match &mut self.history {
            Some(history) => history.run(&mut self.machine, until),
            None => self.machine.run(until),
        }
    }

    /// What comes from outside goes into the record.
    fn give(&mut self, input: Input) {
        match &mut self.history {
            Some(history) => history.input(&mut self.machine, input),
            None => self.machine.input(input),
        }
    }

    /// Edits go into the record too.
    pub(super) fn edit(&mut self, edit: Edit) -> Result<(), String> {
        match &mut self.history {
            Some(history) => history.edit(&mut self.machine, edit),
            None => self.machine.edit(&edit),
        }
    }

    /// Something was changed that is no input: the past, which would not lead here, begins anew.
    pub(super) fn changed_otherwise(&mut self) {
        if let Some(history) = self.history.take() {
            self.history = Some(History::new(&mut self.machine, history.budget()));
        }
    }

    /// Executes one instruction. A sleeping CPU gets a tenth of a virtual second to wake up in.
    pub fn step(&mut self) -> StopKind {
        const PATIENCE_NS: u64 = 100_000_000;
        let instruction = self.machine.instructions().saturating_add(1);
        let time = self.machine.time().saturating_add(PATIENCE_NS);
        let stop = self.run_until(Until { instruction, time });
        self.stopped(stop)
    }

    pub(super) fn stopped(&mut self, stop: Stop) -> StopKind {
        self.request = None;
        match stop {
            Stop::Limit => StopKind::Limit,
            Stop::NeedsBlock(request) => {
                self.request = Some(request);
                StopKind::NeedsBlock
            }
            Stop::PowerOff => StopKind::PowerOff,
            Stop::Shutdown => StopKind::Shutdown,
            Stop::HaltedForever => StopKind::HaltedForever,
            Stop::ExitPort(code) => {
                self.exit_code = code;
                StopKind::ExitPort
            }
        }
    }

    /// The byte the guest wrote to the exit port.
    #[wasm_bindgen(getter, js_name = exitCode)]
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// The drive a run waits for.
    #[wasm_bindgen(getter, js_name = requestDrive)]
    pub fn request_drive(&self) -> Option<String> {
        self.request.as_ref().map(|request| request.drive.name().into())
    }

    /// The first byte a run waits for.
    #[wasm_bindgen(getter, js_name = requestOffset)]
    pub fn request_offset(&self) -> f64 {
        self.request.as_ref().map_or(0.0, |request| request.offset as f64)
    }

    /// How many bytes a run waits for.
    #[wasm_bindgen(getter, js_name = requestLength)]
    pub fn request_length(&self) -> f64 {
        self.request.as_ref().map_or(0.0, |request| f64::from(request.len))
    }

    /// Brings pages of a remote image: `offset` a multiple of 64 KiB, `bytes` whole pages (the last may be short).
    ///
    /// # Errors
    /// The drive is not remote, or the bytes are not whole pages inside it.
    pub fn supply(&mut self, drive: &str, offset: f64, bytes: &[u8]) -> Result<(), JsError> {
        let drive = drive_of(drive)?;
        let number = self.machine.medium(drive).map_or(0, Medium::number);
        Ok(self.images.supply(drive, number, offset, bytes)?)
    }

    /// Why the last read through a JavaScript function failed, once.
    #[wasm_bindgen(js_name = takeDiskFailure)]
    pub fn take_disk_failure(&mut self) -> Option<String> {
        self.images.take_failure()
    }

    /// Retired instructions since power-on.
    #[wasm_bindgen(getter)]
    pub fn instructions(&self) -> u64 {
        self.machine.instructions()
    }

    /// Virtual time since power-on, ns.
    #[wasm_bindgen(getter)]
    pub fn time(&self) -> u64 {
        self.machine.time()
    }

    /// Whether the CPU waits in HLT.
    #[wasm_bindgen(getter)]
    pub fn halted(&self) -> bool {
        self.machine.is_halted()
    }

    /// Presses the reset button.
    pub fn reset(&mut self) {
        self.give(Input::Reset);
    }

    /// A key by its set-1 make code (`E0xx` for extended keys).
    pub fn key(&mut self, code: u16, pressed: bool) {
        self.give(Input::Key { code, pressed });
    }

    /// Mouse movement in counts (`dy` grows downwards), wheel notches, and buttons: 1 left, 2 right, 4 middle.
    pub fn mouse(&mut self, dx: i32, dy: i32, wheel: i32, buttons: u8) {
        self.give(Input::Mouse { dx, dy, wheel, buttons });
    }

    /// Bytes that arrive at a serial port, 0 for COM1.
    #[wasm_bindgen(js_name = serialInput)]
    pub fn serial_input(&mut self, port: u8, bytes: Vec<u8>) {
        self.give(Input::Serial { port, bytes });
    }

    /// What the guest sent through a serial port since the last call, 0 for COM1.
    #[wasm_bindgen(js_name = takeSerial)]
    pub fn take_serial(&mut self, port: usize) -> Vec<u8> {
        self.machine.take_serial(port)
    }

    /// What the guest wrote to the debug ports 402h and E9h since the last call.
    #[wasm_bindgen(js_name = takeDebug)]
    pub fn take_debug(&mut self) -> Vec<u8> {
        self.machine.take_debug()
    }

    /// What the guest wrote to the capture port since the last call.
    #[wasm_bindgen(js_name = takeCaptured)]
    pub fn take_captured(&mut self) -> Vec<u8> {
        self.machine.take_captured()
    }

    /// What the speaker did since the last call: pairs of virtual time in ns and frequency in Hz, 0 for silence.
    #[wasm_bindgen(js_name = takeSpeaker)]
    pub fn take_speaker(&mut self) -> Vec<f64> {
        let changes = self.machine.take_speaker();
        changes.into_iter().flat_map(|(time, millihertz)| [time as f64, millihertz as f64 / 1000.0]).collect()
    }

    /// Draws the screen. Gives whether it changed since the last call; the picture stays in wasm memory at
    /// `framePointer`, four bytes RGBA a pixel, until the next call of any method.
    pub fn render(&mut self) -> bool {
        let Some(frame) = self.machine.render() else { return false };
        self.frame = FrameInfo {
            width: frame.width,
            height: frame.height,
            aspect: frame.aspect,
            pointer: frame.rgba.as_ptr().addr(),
            length: frame.rgba.len(),
        };
        frame.dirty
    }

    /// Pixels in a row of the last picture.
    #[wasm_bindgen(getter, js_name = frameWidth)]
    pub fn frame_width(&self) -> u32 {
        self.frame.width
    }

    /// Rows of the last picture.
    #[wasm_bindgen(getter, js_name = frameHeight)]
    pub fn frame_height(&self) -> u32 {
        self.frame.height
    }

    /// Width of the screen on a monitor, relative to `aspectHeight`.
    #[wasm_bindgen(getter, js_name = aspectWidth)]
    pub fn aspect_width(&self) -> u32 {
        self.frame.aspect.0
    }

    /// Height of the screen on a monitor, relative to `aspectWidth`.
    #[wasm_bindgen(getter, js_name = aspectHeight)]
    pub fn aspect_height(&self) -> u32 {
        self.frame.aspect.1
    }

    /// Address of the last picture in wasm memory.
    #[wasm_bindgen(getter, js_name = framePointer)]
    pub fn frame_pointer(&self) -> usize {
        self.frame.pointer
    }

    /// Bytes of the last picture.
    #[wasm_bindgen(getter, js_name = frameLength)]
    pub fn frame_length(&self) -> usize {
        self.frame.length
    }

    /// Puts an image given whole into a floppy or CD-ROM drive.
    ///
    /// # Errors
    /// An unknown or fixed drive, or an empty image.
    #[wasm_bindgen(js_name = insertBytes)]
    pub fn insert_bytes(&mut self, drive: &str, bytes: Vec<u8>, read_only: bool) -> Result<(), JsError> {
        let drive = removable(drive)?;
        let number = self.images.next_number();
        let image = self.images.bytes(bytes, read_only)?;
        Ok(self.change(drive, Some(Medium::numbered(image, number)))?)
    }

    /// Puts an image behind `read(offset, length): Uint8Array` into a floppy or CD-ROM drive.
    ///
    /// # Errors
    /// An unknown or fixed drive, or a size that is not whole sectors.
    #[wasm_bindgen(js_name = insertCallback)]
    pub fn insert_callback(
        &mut self,
        drive: &str,
        read: Function,
        len: f64,
        read_only: bool,
    ) -> Result<(), JsError> {
        let drive = removable(drive)?;
        let number = self.images.next_number();
        let image = self.images.callback(read, len, read_only)?;
        Ok(self.change(drive, Some(Medium::numbered(image, number)))?)
    }

    /// Puts an image of `len` bytes that `supply` brings into a floppy or CD-ROM drive.
    ///
    /// # Errors
    /// An unknown or fixed drive, or a size that is not whole sectors.
    #[wasm_bindgen(js_name = insertRemote)]
    pub fn insert_remote(&mut self, drive: &str, len: f64, read_only: bool) -> Result<(), JsError> {
        let drive = removable(drive)?;
        let number = self.images.next_number();
        let image = self.images.remote(drive, len, read_only)?;
        Ok(self.change(drive, Some(Medium::numbered(image, number)))?)
    }

    /// Takes the medium out of a floppy or CD-ROM drive.
    ///
    /// # Errors
    /// An unknown or fixed drive.
    pub fn eject(&mut self, drive: &str) -> Result<(), JsError> {
        Ok(self.change(removable(drive)?, None)?)
    }

    /// The number of the medium in a drive: 0 for one that was there at power-on (and if there is none), else which of
    /// those that were put in, counted from 1 over all drives. Going back puts former ones in again; `supply` brings
    /// pages of the one that is in.
    ///
    /// # Errors
    /// An unknown drive.
    #[wasm_bindgen(js_name = mediumNumber)]
    pub fn medium_number(&self, drive: &str) -> Result<u32, JsError> {
        Ok(self.machine.medium(drive_of(drive)?).map_or(0, Medium::number))
    }

    fn change(&mut self, drive: DriveId, medium: Option<Medium>) -> Result<(), Error> {
        let changed = match &mut self.history {
            Some(history) => history.change_medium(&mut self.machine, drive, medium),
            None => self.machine.change_medium(drive, medium),
        };
        changed.map_err(|error| Error::Machine(error.to_string()))
    }
}

fn removable(name: &str) -> Result<DriveId, Error> {
    match drive_of(name)? {
        DriveId::Disk(_) => Err(Error::FixedDrive(name.into())),
        drive => Ok(drive),
    }
}
