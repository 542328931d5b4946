//! Random images. Half are nothing but random bytes. These seldom meet a device, so that the other half are mixed with
//! instructions that do: port and memory-mapped accesses, PCI configuration, control and model-specific registers.

use crate::random::Random;

/// Size of operands and addresses where the code runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Bits16,
    Bits32,
}

/// What the ROM copies to address 0: vectors, tables, and code from 7C00h on.
const RAM_IMAGE: usize = 0xFC00;
const LOAD: usize = 0x7C00;
/// What interrupts and exceptions without and with an error code lead to, and the tables of protected mode.
const SKIP: usize = 0x500;
const SKIP_ERROR: usize = 0x508;
const GDT: usize = 0x580;
const ENTER_32: usize = 0x620;

/// At FE00h: copies [`RAM_IMAGE`] bytes to address 0 and picks one of 32 places to begin at, by the clock, so that
/// after a reset things go otherwise.
const COPY: [u8; 0x23] = [
    0xFC, // cld
    0x31, 0xC0, // xor ax, ax
    0x8E, 0xD0, 0x8E, 0xC0, // mov ss, ax; mov es, ax
    0xBC, 0x00, 0x70, // mov sp, 7000h
    0x31, 0xF6, 0x31, 0xFF, // xor si, si; xor di, di
    0xB9, 0x00, 0x3F, // mov cx, 3F00h
    0xF3, 0x2E, 0x66, 0xA5, // cs rep movsd
    0x0F, 0x31, // rdtsc
    0x66, 0x83, 0xE0, 0x1F, // and eax, 1Fh
    0x66, 0x05, 0x00, 0x7C, 0x00, 0x00, // add eax, 7C00h
    0x8E, 0xD9, // mov ds, cx
];
/// Where [`COPY`] begins in the ROM.
const COPY_AT: usize = 0xFE00;
/// Steps from reset to the end of [`COPY`]: a jump, 12 instructions and a repeated one (CX steps).
const COPY_STEPS: u64 = 1 + 12 + 0x3F00;
/// push 0; push ax; retf
const GO_16: [u8; 4] = [0x6A, 0x00, 0x50, 0xCB];
/// lgdt [cs:FEF0h]; mov ebx, cr0; inc bx; mov cr0, ebx; jmp dword 8:620h
const GO_32: [u8; 22] = [
    0x2E, 0x66, 0x0F, 0x01, 0x16, 0xF0, 0xFE, 0x0F, 0x20, 0xC3, 0x43, 0x0F, 0x22, 0xC3, 0x66, 0xEA, 0x20,
    0x06, 0x00, 0x00, 0x08, 0x00,
];
/// mov cx, 10h; mov ds, cx; mov es, cx; mov ss, cx; mov esp, 7000h; jmp eax
const START_32: [u8; 17] =
    [0x66, 0xB9, 0x10, 0x00, 0x8E, 0xD9, 0x8E, 0xC1, 0x8E, 0xD1, 0xBC, 0x00, 0x70, 0x00, 0x00, 0xFF, 0xE0];
/// Interrupts return a byte further on, so that code gets past its faults. push bp; mov bp, sp; inc word [bp+2]; pop bp;
/// iret
const SKIP_16: [u8; 8] = [0x55, 0x89, 0xE5, 0xFF, 0x46, 0x02, 0x5D, 0xCF];
/// inc dword [esp]; iretd
const SKIP_32: [u8; 4] = [0xFF, 0x04, 0x24, 0xCF];
/// add esp, 4; inc dword [esp]; iretd
const SKIP_ERROR_32: [u8; 7] = [0x83, 0xC4, 0x04, 0xFF, 0x04, 0x24, 0xCF];
/// Exceptions that push an error code (SDM vol. 3A, table 6-1).
const WITH_ERROR: [usize; 7] = [8, 10, 11, 12, 13, 14, 17];
/// Null, flat 32-bit code, flat data.
const FLAT_GDT: [u64; 3] = [0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF];
/// jmp FE00h, at the reset vector.
const RESET: [u8; 3] = [0xE9, 0x0D, 0xFE];

/// First port and how many there are, of each device.
const PORTS: [(u16, u16); 22] = [
    (0x00, 0x20),
    (0x20, 2),
    (0x40, 4),
    (0x60, 5),
    (0x70, 2),
    (0x80, 0x13),
    (0xA0, 2),
    (0xC0, 0x20),
    (0x1CE, 4),
    (0x1F0, 8),
    (0x170, 8),
    (0x376, 1),
    (0x3B0, 0x30),
    (0x3F0, 8),
    (0x3F8, 8),
    (0x2E8, 0x18),
    (0x4D0, 2),
    (0x510, 12),
    (0xCF8, 8),
    (0xB000, 0x40),
    (0xB100, 0x10),
    (0xC000, 0x10),
];
/// First address and size of memory that is none.
const MMIO: [(u32, u32); 8] = [
    (0xA_0000, 0x2_0000),
    (0xC_0000, 0x4_0000),
    (0xFEC0_0000, 0x40),
    (0xFEE0_0000, 0x400),
    (0xE000_0000, 0x100_0000),
    (0xF000_0000, 0x1000),
    (0xFFFC_0000, 0x4_0000),
    (0x10_0000, 0x10_0000),
];
/// Device and function of the PCI functions that there are.
const FUNCTIONS: [u8; 5] = [0x00, 0x08, 0x09, 0x0B, 0x10];
const MSRS: [u32; 13] =
    [0x10, 0x17, 0x1B, 0x2A, 0x79, 0x8B, 0xFE, 0x174, 0x175, 0x176, 0x179, 0x277, 0xC000_0080];

/// Writes instructions that reach devices.
struct Writer<'a> {
    random: &'a mut Random,
    out: Vec<u8>,
    size: Size,
}

impl Writer<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.out.extend(bytes);
    }

    /// An instruction with 32-bit operands.
    fn wide(&mut self, bytes: &[u8]) {
        if self.size == Size::Bits16 {
            self.out.push(0x66);
        }
        self.put(bytes);
    }

    fn byte(&mut self) -> u8 {
        // Small values and single bits are commands and register numbers more often than others.
        match self.random.below(3) {
            0 => self.random.below(16) as u8,
            1 => 1 << self.random.below(8),
            _ => self.random.bits() as u8,
        }
    }

    /// mov reg, imm32 (register number in the opcode).
    fn load(&mut self, register: u8, value: u32) {
        self.wide(&[0xB8 | register]);
        self.put(&value.to_le_bytes());
    }

    fn port_access(&mut self) {
        let (first, count) = PORTS[self.random.below(PORTS.len() as u64) as usize];
        let port = first + self.random.below(u64::from(count)) as u16;
        self.load(2, u32::from(port));
        // in al; in eax; out al; out eax; rep insb; rep outsb
        for _ in 0..1 + self.random.below(3) {
            let value = self.byte();
            match self.random.below(16) {
                0..=3 => self.put(&[0xEC]),
                4 => self.put(&[0xED]),
                5..=12 => self.put(&[0xB0, value, 0xEE]),
                13 => self.put(&[0xEF]),
                14 => self.put(&[0xB1, value, 0xF3, 0x6C]),
                _ => self.put(&[0xB1, value, 0xF3, 0x6E]),
            }
        }
    }

    fn memory_access(&mut self) {
        let (first, size) = MMIO[self.random.below(MMIO.len() as u64) as usize];
        let address = first + self.random.below(u64::from(size)) as u32;
        let value = u32::from(self.byte()) << (8 * self.random.below(4));
        if self.size == Size::Bits16 {
            // Through a segment, as far as it reaches: mov bx, segment; mov ds, bx; mov [offset], ax
            let [low, high] = ((address >> 4) as u16).to_le_bytes();
            self.put(&[0xBB, low, high, 0x8E, 0xDB, 0xB0, value as u8, 0xA2, (address & 15) as u8, 0]);
            return;
        }
        match self.random.below(3) {
            // mov eax, [address]; mov [address], al; mov dword [address], value
            0 => self.put(&[0xA1]),
            1 => self.put(&[0xA2]),
            _ => {
                self.put(&[0xC7, 0x05]);
                self.put(&address.to_le_bytes());
                self.put(&value.to_le_bytes());
                return;
            }
        }
        self.put(&address.to_le_bytes());
    }

    fn pci_write(&mut self) {
        let function = FUNCTIONS[self.random.below(FUNCTIONS.len() as u64) as usize];
        let address = 1 << 31 | u32::from(function) << 8 | self.random.below(64) as u32 * 4;
        self.load(0, address);
        self.load(2, 0xCF8);
        self.wide(&[0xEF]);
        let value = self.random.bits() as u32 & self.random.bits() as u32;
        self.load(0, value);
        let port = 0xCFC + self.random.below(4) as u32;
        self.load(2, port);
        match self.random.below(2) {
            0 => self.put(&[0xEE]),
            _ => self.wide(&[0xEF]),
        }
    }

    fn system_register(&mut self) {
        match self.random.below(5) {
            0 => {
                let msr = MSRS[self.random.below(MSRS.len() as u64) as usize];
                self.load(1, msr);
                self.put(&[0x0F, 0x32]);
                let value = self.random.bits() as u32;
                self.load(0, value);
                self.put(&[0x0F, 0x30]);
            }
            // mov eax, cr0/2/3/4; flip a bit; mov cr, eax
            1 | 2 => {
                let register = [0u8, 2, 3, 4][self.random.below(4) as usize];
                self.put(&[0x0F, 0x20, 0xC0 | register << 3]);
                let bit = self.random.below(32) as u8;
                self.wide(&[0x0F, 0xBA, 0xF8, bit]);
                self.put(&[0x0F, 0x22, 0xC0 | register << 3]);
            }
            3 => {
                let (value, register) = (self.random.bits() as u32, self.random.below(8) as u8);
                self.load(0, value);
                self.put(&[0x0F, 0x23, 0xC0 | register << 3]);
            }
            // lidt, lgdt, lmsw, invlpg, sgdt ... of random operands
            _ => {
                let modrm = self.random.bits() as u8;
                self.put(&[0x0F, 0x01, modrm]);
            }
        }
    }

    fn step(&mut self) {
        match self.random.below(16) {
            0..=4 => self.port_access(),
            5..=7 => self.memory_access(),
            8 => self.pci_write(),
            9 => self.system_register(),
            // sti; nop; hlt; int n
            10 => self.put(&[0xFB, 0x90]),
            11 if self.random.below(8) == 0 => self.put(&[0xFB, 0xF4]),
            11 => {
                let vector = self.byte();
                self.put(&[0xCD, vector]);
            }
            _ => {
                let count = 1 + self.random.below(8);
                for _ in 0..count {
                    let byte = self.random.bits() as u8;
                    self.out.push(byte);
                }
            }
        }
    }
}

/// Random code of a length.
pub fn bytes(random: &mut Random, len: usize, size: Size) -> Vec<u8> {
    if random.below(2) == 0 {
        let mut out = vec![0; len];
        random.fill(&mut out);
        return out;
    }
    let mut writer = Writer { random, out: Vec::new(), size };
    while writer.out.len() < len {
        writer.step();
    }
    writer.out.truncate(len);
    writer.out
}

fn put(image: &mut [u8], at: usize, bytes: &[u8]) {
    image[at..at + bytes.len()].copy_from_slice(bytes);
}

/// An interrupt vector table or descriptor table at address 0, and the handlers.
fn vectors(image: &mut [u8], size: Size) {
    let entry = |handler: usize| [handler as u8, (handler >> 8) as u8];
    if size == Size::Bits16 {
        put(image, SKIP, &SKIP_16);
        for vector in 0..256 {
            let [low, high] = entry(SKIP);
            put(image, vector * 4, &[low, high, 0, 0]);
        }
        return;
    }
    put(image, SKIP, &SKIP_32);
    put(image, SKIP_ERROR, &SKIP_ERROR_32);
    for vector in 0..128 {
        let [low, high] = entry(if WITH_ERROR.contains(&vector) { SKIP_ERROR } else { SKIP });
        put(image, vector * 8, &[low, high, 8, 0, 0, 0x8E, 0, 0]);
    }
}

/// A ROM of 64 KiB that copies random code to where a BIOS loads a boot sector, and goes there.
pub fn rom(random: &mut Random, size: Size) -> Vec<u8> {
    let mut rom = bytes(random, RAM_IMAGE, size);
    // One in four has random vectors instead.
    if random.below(4) != 0 {
        vectors(&mut rom, size);
    }
    for (n, descriptor) in FLAT_GDT.iter().enumerate() {
        put(&mut rom, GDT + n * 8, &descriptor.to_le_bytes());
    }
    put(&mut rom, ENTER_32, &START_32);
    rom.resize(0x1_0000, 0xF4);
    put(&mut rom, COPY_AT, &COPY);
    match size {
        Size::Bits16 => put(&mut rom, COPY_AT + COPY.len(), &GO_16),
        Size::Bits32 => put(&mut rom, COPY_AT + COPY.len(), &GO_32),
    }
    // More descriptors than are there: random ones behind.
    put(&mut rom, 0xFEF0, &[0x7F, 0, GDT as u8, (GDT >> 8) as u8, 0, 0]);
    put(&mut rom, 0xFFF0, &RESET);
    debug_assert_eq!(LOAD % 256, 0);
    rom
}

/// Steps from reset to the random code of a [`rom`].
pub fn way(size: Size) -> u64 {
    COPY_STEPS
        + match size {
            Size::Bits16 => 3,
            Size::Bits32 => 5 + 6,
        }
}

/// Whether a linear address is that of the code at the end of a [`rom`], which leads to the random code.
pub fn is_way(ip: u32) -> bool {
    (0xFFFF_0000 + COPY_AT as u32..0xFFFF_FEF0).contains(&ip)
}

/// A floppy or disk of random bytes behind a random boot sector with the signature.
pub fn boot_disk(random: &mut Random, len: usize) -> Vec<u8> {
    let mut image = bytes(random, 4096, Size::Bits16);
    image.resize(len, 0xAA);
    put(&mut image, 510, &[0x55, 0xAA]);
    image
}

/// A CD with a random El Torito catalogue behind a valid boot record.
pub fn boot_cd(random: &mut Random) -> Vec<u8> {
    let mut image = bytes(random, 24 * 2048, Size::Bits16);
    put(&mut image, 16 * 2048, b"\x01CD001\x01");
    put(&mut image, 17 * 2048, b"\x00CD001\x01EL TORITO SPECIFICATION");
    put(&mut image, 17 * 2048 + 0x47, &18u32.to_le_bytes());
    if random.below(4) != 0 {
        let entry = [0x88, random.below(6) as u8, 0, 0, 0, 0, random.below(5) as u8, 0, 19, 0, 0, 0];
        put(&mut image, 18 * 2048, &[1, 0]);
        put(&mut image, 18 * 2048 + 0x1C, &[0xAA, 0x55, 0x55, 0xAA]);
        put(&mut image, 18 * 2048 + 0x20, &entry);
    }
    image
}

/// A VGA option ROM (PCI Firmware Specification, 5.1) with a random rest.
pub fn option_rom(random: &mut Random) -> Vec<u8> {
    let blocks = 1 + random.below(64) as usize;
    let mut rom = bytes(random, blocks * 512, Size::Bits16);
    let [low, high] = 0x20u16.to_le_bytes();
    put(&mut rom, 0, &[0x55, 0xAA, blocks as u8, 0xE9, 0x3D, 0x00]);
    put(&mut rom, 0x18, &[low, high]);
    // PCIR, vendor 1234h, device 1111h, a display controller.
    put(&mut rom, 0x20, b"PCIR\x34\x12\x11\x11\0\0\x18\0\0\0\0\x03");
    put(&mut rom, 0x30, &[blocks as u8, 0, 0, 0, 0, 0x80, 0, 0]);
    rom[6] = 0;
    rom[6] = rom.iter().fold(0u8, |sum, &b| sum.wrapping_add(b)).wrapping_neg();
    rom
}

#[cfg(test)]
mod tests {
    use super::*;
    use emu_core::machine::{Config, Machine, Until};

    /// The stubs lead to the random code in the mode they should.
    #[test]
    fn random_code_is_reached() {
        for (size, mode) in [(Size::Bits16, "real"), (Size::Bits32, "protected")] {
            let mut image = rom(&mut Random::new(3), size);
            image[LOAD..LOAD + 64].fill(0x90);
            put(&mut image, LOAD + 64, &[0xFA, 0xF4]);
            let mut config = Config::new();
            config.ram_bytes = 1 << 20;
            config.rom = Some((0xFFFF_0000, image));
            let mut machine = Machine::new(config).unwrap();
            machine.run(Until::instruction(way(size) - 1));
            assert!(machine.registers().linear_ip < LOAD as u32 || is_way(machine.registers().linear_ip));
            machine.step();
            let first = machine.registers().linear_ip as usize;
            assert!((LOAD..LOAD + 32).contains(&first), "{first:x}");
            machine.run(Until::instruction(way(size) + 70));
            let registers = machine.registers();
            assert_eq!((registers.linear_ip, registers.mode.as_str()), (LOAD as u32 + 66, mode));
        }
    }
}
