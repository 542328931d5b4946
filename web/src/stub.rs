//! Stands in for the PC's façade until it is there.
#![allow(missing_docs)]
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYet;
pub trait BlockDevice {
    fn len(&self) -> u64;
    fn read(&mut self, offset: u64, buf: &mut [u8]) -> Result<(), NotYet>;
    fn read_only(&self) -> bool;
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BootDevice {
    Floppy,
    Disk,
    CdRom,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriveId {
    Floppy(u8),
    Disk(u8),
    CdRom,
}
pub struct Kernel {
    pub image: Vec<u8>,
    pub initrd: Vec<u8>,
    pub command_line: String,
}
#[derive(Default)]
pub struct Config {
    pub ram_bytes: u32,
    pub bios: Vec<u8>,
    pub vga_bios: Vec<u8>,
    pub rom: Option<(u32, Vec<u8>)>,
    pub boot_order: Vec<BootDevice>,
    pub kernel: Option<Kernel>,
    pub rtc_unix_seconds: i64,
    pub reset_on_shutdown: bool,
    pub exit_port: Option<u16>,
    pub capture_port: Option<u16>,
    pub floppies: [Option<Box<dyn BlockDevice>>; 2],
    pub disks: [Option<Box<dyn BlockDevice>>; 2],
    pub cdrom: Option<Box<dyn BlockDevice>>,
}
impl Config {
    pub fn new() -> Config {
        Config { ram_bytes: 64 << 20, ..Config::default() }
    }
}
pub struct Until {
    pub instruction: u64,
    pub time: u64,
}
pub struct BlockRequest {
    pub drive: DriveId,
    pub offset: u64,
    pub len: u32,
}
pub enum Stop {
    Limit,
    NeedsBlock(BlockRequest),
    PowerOff,
    Shutdown,
    HaltedForever,
    ExitPort(u8),
}
pub enum Input {
    Key { code: u16, pressed: bool },
    Mouse { dx: i32, dy: i32, wheel: i32, buttons: u8 },
    Serial { port: u8, bytes: Vec<u8> },
}
#[derive(Default)]
pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub aspect: (u32, u32),
    pub rgba: Vec<u8>,
    pub dirty: bool,
}
pub struct TextScreen {
    pub rows: Vec<String>,
    pub cursor: Option<(u32, u32)>,
}
#[derive(Serialize)]
pub struct Registers {
    pub eax: u32,
    pub eip: u32,
}
pub struct DisasmLine {
    pub address: u32,
    pub bytes: Vec<u8>,
    pub text: String,
}
pub struct Machine {
    config: Config,
    time: u64,
    instructions: u64,
    serial: Vec<u8>,
    typed: String,
    frame: Frame,
    keys: u32,
}
impl Machine {
    pub fn new(config: Config) -> Result<Machine, String> {
        if config.ram_bytes < 1 << 20 {
            return Err("memory: give 1 to 2048 MB".into());
        }
        Ok(Machine {
            config,
            time: 0,
            instructions: 0,
            serial: b"stub serial\r\n".to_vec(),
            typed: String::new(),
            frame: Frame::default(),
            keys: 1,
        })
    }
    pub fn run(&mut self, until: Until) -> Stop {
        if let Some(disk) = &mut self.config.disks[0] {
            let mut sector = [0; 512];
            if disk.read(0, &mut sector).is_err() {
                return Stop::NeedsBlock(BlockRequest { drive: DriveId::Disk(0), offset: 0, len: 512 });
            }
        }
        let mut sum = 0u64;
        while self.instructions < until.instruction && self.time < until.time {
            for i in 0..1000u64 {
                sum = sum.rotate_left(3) ^ i;
            }
            self.instructions += 1000;
            self.time += 10_000;
        }
        if sum == 1 {
            return Stop::Shutdown;
        }
        Stop::Limit
    }
    pub fn step(&mut self) -> Stop {
        self.instructions += 1;
        self.time += 10;
        Stop::Limit
    }
    pub fn instructions(&self) -> u64 {
        self.instructions
    }
    pub fn time(&self) -> u64 {
        self.time
    }
    pub fn is_halted(&self) -> bool {
        false
    }
    pub fn input(&mut self, input: Input) {
        match input {
            Input::Key { code, pressed: true } => {
                self.keys += 1;
                self.typed.push_str(&format!("{code:X} "));
            }
            Input::Serial { bytes, .. } => self.serial.extend(bytes),
            _ => {}
        }
    }
    pub fn reset(&mut self) {
        self.typed.clear();
    }
    pub fn take_serial(&mut self, port: usize) -> Vec<u8> {
        if port == 0 { std::mem::take(&mut self.serial) } else { vec![] }
    }
    pub fn take_debug(&mut self) -> Vec<u8> {
        vec![]
    }
    pub fn take_captured(&mut self) -> Vec<u8> {
        vec![]
    }
    pub fn render(&mut self) -> &Frame {
        self.frame.dirty = self.keys != 0 || (self.time / 100_000_000) % 2 == 0;
        if self.frame.dirty {
            self.keys = 0;
            self.frame.width = 720;
            self.frame.height = 400;
            self.frame.aspect = (4, 3);
            let phase = (self.time / 20_000_000) as usize;
            self.frame.rgba = (0..720 * 400usize)
                .flat_map(|i| [(i % 720 + phase) as u8, (i / 720) as u8, phase as u8, 255])
                .collect();
        }
        &self.frame
    }
    pub fn text_screen(&self) -> Option<TextScreen> {
        Some(TextScreen { rows: vec![self.typed.clone()], cursor: Some((0, 0)) })
    }
    pub fn state_hash(&mut self) -> u128 {
        self.instructions as u128
    }
    pub fn registers(&self) -> Registers {
        Registers { eax: 1, eip: self.instructions as u32 }
    }
    pub fn disassemble(&mut self, linear: u32, count: usize) -> Vec<DisasmLine> {
        (0..count as u32)
            .map(|i| DisasmLine { address: linear + i, bytes: vec![0x90], text: "nop".into() })
            .collect()
    }
    pub fn read_memory(&mut self, _linear: u32, len: usize) -> Vec<Option<u8>> {
        vec![Some(0); len]
    }
    pub fn change_floppy(&mut self, drive: usize, image: Option<Box<dyn BlockDevice>>) {
        self.config.floppies[drive] = image;
    }
    pub fn change_cdrom(&mut self, image: Option<Box<dyn BlockDevice>>) {
        self.config.cdrom = image;
    }
    pub fn speaker(&self) -> Option<u32> {
        None
    }
}
