//! The code of the boot option ROM, row by row: what the assembler would be given, and the bytes it makes of it. A test
//! gives the text to NASM, if there is one, and compares.

/// One line of assembly (NASM syntax, 16 bits from offset 0) and its bytes.
pub(super) type Row = (&'static str, &'static [u8]);

/// All rows in order. The list of DMA descriptors follows them.
pub(super) const ROWS: [&[Row]; 7] = [HEADER, PNP, PARAMETERS, LOAD, LINUX, MEMORY_MAP, PROTECTED];

/// Offset of the size in 512-byte blocks.
pub(super) const SIZE: usize = 0x02;
/// Offset and length of the Plug and Play header, and of its checksum within.
pub(super) const PNP_HEADER: (usize, usize, usize) = (0x20, 32, 9);
/// Offset of the number of descriptors (word).
pub(super) const COUNT: usize = 0x40;
/// Offset of the flag that tells Multiboot from Linux (word).
pub(super) const MULTIBOOT: usize = 0x42;
/// Offset of the real-mode kernel's segment (word).
pub(super) const REAL_SEGMENT: usize = 0x44;
/// Offset of its stack pointer (word).
pub(super) const REAL_STACK: usize = 0x46;
/// Offset of the segment of the Multiboot information (word).
pub(super) const INFO_SEGMENT: usize = 0x48;
/// Offset of the end of the room for the memory map, from the information on (word).
pub(super) const MMAP_END: usize = 0x4A;
/// Offset of the Multiboot kernel's entry (dword).
pub(super) const ENTRY: usize = 0x4C;
/// Where the code puts the memory map, from the information on.
pub(super) const INFO_MMAP: usize = 160;

/// Option ROM header: signature, size (patched), and an initialisation that reports a boot device.
#[rustfmt::skip]
const HEADER: &[Row] = &[
    ("dw 0xAA55", b"\x55\xAA"),
    ("db 0", b"\x00"),
    ("init: mov ax, 0x0020", b"\xB8\x20\x00"),
    ("retf", b"\xCB"),
    ("times 0x1A - ($ - $$) db 0", b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
    ("dw pnp", b"\x20\x00"),
    ("times 0x20 - ($ - $$) db 0", b"\x00\x00\x00\x00"),
];

/// Plug and Play expansion header: a bootstrap entry vector makes the ROM a boot device of its own.
#[rustfmt::skip]
const PNP: &[Row] = &[
    ("pnp: db \"$PnP\"", b"$PnP"),
    ("db 1, 2", b"\x01\x02"),
    ("dw 0", b"\x00\x00"),
    ("db 0", b"\x00"),
    ("db 0", b"\x00"),
    ("dd 0", b"\x00\x00\x00\x00"),
    ("dw 0", b"\x00\x00"),
    ("dw product", b"\x68\x00"),
    ("db 0, 0, 0", b"\x00\x00\x00"),
    ("db 0x04", b"\x04"),
    ("dw 0", b"\x00\x00"),
    ("dw 0", b"\x00\x00"),
    ("dw bev", b"\xB5\x00"),
    ("dw 0", b"\x00\x00"),
    ("dw 0", b"\x00\x00"),
];

/// What the builder fills in, a flat GDT, and two messages.
#[rustfmt::skip]
const PARAMETERS: &[Row] = &[
    ("count: dw 0", b"\x00\x00"),
    ("multiboot: dw 0", b"\x00\x00"),
    ("real_segment: dw 0", b"\x00\x00"),
    ("real_stack: dw 0", b"\x00\x00"),
    ("info_segment: dw 0", b"\x00\x00"),
    ("mmap_end: dw 0", b"\x00\x00"),
    ("entry: dd 0", b"\x00\x00\x00\x00"),
    ("gdt: dq 0", b"\x00\x00\x00\x00\x00\x00\x00\x00"),
    ("dq 0x00CF9B000000FFFF", b"\xFF\xFF\x00\x00\x00\x9B\xCF\x00"),
    ("dq 0x00CF93000000FFFF", b"\xFF\xFF\x00\x00\x00\x93\xCF\x00"),
    ("product: db \"Glassbox direct boot\", 0", b"Glassbox direct boot\x00"),
    ("failed: db \"Direct boot: the firmware configuration device failed\", 13, 10, 0", b"Direct boot: the firmware configuration device failed\x0D\x0A\x00"),
];

/// Carries out the list of DMA descriptors, each copied to the stack first: the device writes its answer into the
/// descriptor, and the ROM is write-protected by now.
#[rustfmt::skip]
const LOAD: &[Row] = &[
    ("bev: cld", b"\xFC"),
    ("push cs", b"\x0E"),
    ("pop ds", b"\x1F"),
    ("mov si, list", b"\xBE\x20\x02"),
    ("mov bx, [count]", b"\x8B\x1E\x40\x00"),
    ("push ss", b"\x16"),
    ("pop es", b"\x07"),
    ("next: test bx, bx", b"\x85\xDB"),
    ("jz loaded", b"\x74\x56"),
    ("sub sp, 16", b"\x83\xEC\x10"),
    ("mov di, sp", b"\x89\xE7"),
    ("mov bp, sp", b"\x89\xE5"),
    ("mov cx, 8", b"\xB9\x08\x00"),
    ("rep movsw", b"\xF3\xA5"),
    ("xor eax, eax", b"\x66\x31\xC0"),
    ("mov dx, 0x514", b"\xBA\x14\x05"),
    ("out dx, eax", b"\x66\xEF"),
    ("xor ecx, ecx", b"\x66\x31\xC9"),
    ("mov cx, ss", b"\x8C\xD1"),
    ("shl ecx, 4", b"\x66\xC1\xE1\x04"),
    ("movzx eax, bp", b"\x66\x0F\xB7\xC5"),
    ("add eax, ecx", b"\x66\x01\xC8"),
    ("bswap eax", b"\x66\x0F\xC8"),
    ("mov dl, 0x18", b"\xB2\x18"),
    ("out dx, eax", b"\x66\xEF"),
    ("wait_dma: mov eax, [bp]", b"\x66\x8B\x46\x00"),
    ("and eax, 0xFEFFFFFF", b"\x66\x25\xFF\xFF\xFF\xFE"),
    ("jnz wait_dma", b"\x75\xF4"),
    ("test byte [bp + 3], 1", b"\xF6\x46\x03\x01"),
    ("jnz fail", b"\x75\x06"),
    ("add sp, 16", b"\x83\xC4\x10"),
    ("dec bx", b"\x4B"),
    ("jmp next", b"\xEB\xB9"),
    ("fail: mov si, failed", b"\xBE\x7D\x00"),
    ("print: lodsb", b"\xAC"),
    ("test al, al", b"\x84\xC0"),
    ("jz stop", b"\x74\x09"),
    ("mov ah, 0x0E", b"\xB4\x0E"),
    ("mov bx, 7", b"\xBB\x07\x00"),
    ("int 0x10", b"\xCD\x10"),
    ("jmp print", b"\xEB\xF2"),
    ("stop: int 0x18", b"\xCD\x18"),
];

/// Enters the real-mode kernel: all segments at its start, CS 20h paragraphs above, interrupts off.
#[rustfmt::skip]
const LINUX: &[Row] = &[
    ("loaded: cmp word [multiboot], 0", b"\x83\x3E\x42\x00\x00"),
    ("jne protected", b"\x0F\x85\x92\x00"),
    ("cli", b"\xFA"),
    ("mov ax, [real_segment]", b"\xA1\x44\x00"),
    ("mov ss, ax", b"\x8E\xD0"),
    ("mov sp, [real_stack]", b"\x8B\x26\x46\x00"),
    ("mov ds, ax", b"\x8E\xD8"),
    ("mov es, ax", b"\x8E\xC0"),
    ("mov fs, ax", b"\x8E\xE0"),
    ("mov gs, ax", b"\x8E\xE8"),
    ("add ax, 0x20", b"\x83\xC0\x20"),
    ("push ax", b"\x50"),
    ("push 0", b"\x6A\x00"),
    ("retf", b"\xCB"),
];

/// Fills in the Multiboot information: lower and upper memory and the memory map, as the BIOS knows them.
#[rustfmt::skip]
const MEMORY_MAP: &[Row] = &[
    ("memory_map: mov es, [info_segment]", b"\x8E\x06\x48\x00"),
    ("int 0x12", b"\xCD\x12"),
    ("movzx eax, ax", b"\x66\x0F\xB7\xC0"),
    ("mov [es:4], eax", b"\x26\x66\xA3\x04\x00"),
    ("mov di, 164", b"\xBF\xA4\x00"),
    ("xor ebx, ebx", b"\x66\x31\xDB"),
    ("map_next: mov eax, 0xE820", b"\x66\xB8\x20\xE8\x00\x00"),
    ("mov ecx, 20", b"\x66\xB9\x14\x00\x00\x00"),
    ("mov edx, 0x534D4150", b"\x66\xBA\x50\x41\x4D\x53"),
    ("int 0x15", b"\xCD\x15"),
    ("jc map_end", b"\x72\x3F"),
    ("cmp eax, 0x534D4150", b"\x66\x3D\x50\x41\x4D\x53"),
    ("jne map_end", b"\x75\x37"),
    ("mov dword [es:di - 4], 20", b"\x26\x66\xC7\x45\xFC\x14\x00\x00\x00"),
    ("cmp dword [es:di], 0x100000", b"\x26\x66\x81\x3D\x00\x00\x10\x00"),
    ("jne map_on", b"\x75\x16"),
    ("cmp dword [es:di + 16], 1", b"\x26\x66\x83\x7D\x10\x01"),
    ("jne map_on", b"\x75\x0E"),
    ("mov eax, [es:di + 8]", b"\x26\x66\x8B\x45\x08"),
    ("shr eax, 10", b"\x66\xC1\xE8\x0A"),
    ("mov [es:8], eax", b"\x26\x66\xA3\x08\x00"),
    ("map_on: add di, 24", b"\x83\xC7\x18"),
    ("cmp di, [mmap_end]", b"\x3B\x3E\x4A\x00"),
    ("jae map_end", b"\x73\x05"),
    ("test ebx, ebx", b"\x66\x85\xDB"),
    ("jnz map_next", b"\x75\xAB"),
    ("map_end: sub di, 164", b"\x81\xEF\xA4\x00"),
    ("movzx edi, di", b"\x66\x0F\xB7\xFF"),
    ("mov [es:44], edi", b"\x26\x66\x89\x3E\x2C\x00"),
    ("ret", b"\xC3"),
];

/// Enters the Multiboot kernel: flat 32-bit protected mode, EAX the magic, EBX the information.
#[rustfmt::skip]
const PROTECTED: &[Row] = &[
    ("protected: call memory_map", b"\xE8\x84\xFF"),
    ("cli", b"\xFA"),
    ("mov es, [info_segment]", b"\x8E\x06\x48\x00"),
    ("xor eax, eax", b"\x66\x31\xC0"),
    ("mov ax, cs", b"\x8C\xC8"),
    ("shl eax, 4", b"\x66\xC1\xE0\x04"),
    ("lea edx, [eax + gdt]", b"\x66\x67\x8D\x90\x50\x00\x00\x00"),
    ("mov word [es:128], 23", b"\x26\xC7\x06\x80\x00\x17\x00"),
    ("mov [es:130], edx", b"\x26\x66\x89\x16\x82\x00"),
    ("push dword 8", b"\x66\x6A\x08"),
    ("lea edx, [eax + flat]", b"\x66\x67\x8D\x90\x08\x02\x00\x00"),
    ("push edx", b"\x66\x52"),
    ("xor ebx, ebx", b"\x66\x31\xDB"),
    ("mov bx, es", b"\x8C\xC3"),
    ("shl ebx, 4", b"\x66\xC1\xE3\x04"),
    ("mov ecx, [entry]", b"\x66\x8B\x0E\x4C\x00"),
    ("o32 lgdt [es:128]", b"\x26\x66\x0F\x01\x16\x80\x00"),
    ("mov eax, cr0", b"\x0F\x20\xC0"),
    ("or al, 1", b"\x0C\x01"),
    ("mov cr0, eax", b"\x0F\x22\xC0"),
    ("o32 retf", b"\x66\xCB"),
    ("bits 32", b""),
    ("flat: mov ax, 0x10", b"\x66\xB8\x10\x00"),
    ("mov ds, ax", b"\x8E\xD8"),
    ("mov es, ax", b"\x8E\xC0"),
    ("mov fs, ax", b"\x8E\xE0"),
    ("mov gs, ax", b"\x8E\xE8"),
    ("mov ss, ax", b"\x8E\xD0"),
    ("mov eax, 0x2BADB002", b"\xB8\x02\xB0\xAD\x2B"),
    ("jmp ecx", b"\xFF\xE1"),
    ("align 16, db 0", b"\x00\x00\x00"),
    ("list:", b""),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn the_bytes_are_what_nasm_makes_of_the_text() {
        let text: String =
            ROWS.iter().flat_map(|rows| rows.iter()).map(|(line, _)| format!("{line}\n")).collect();
        let bytes: Vec<u8> =
            ROWS.iter().flat_map(|rows| rows.iter()).flat_map(|(_, b)| b.iter().copied()).collect();
        let path = std::env::temp_dir().join(format!("glassbox-boot-rom-{}", std::process::id()));
        let (source, image) = (path.with_extension("asm"), path.with_extension("bin"));
        std::fs::write(&source, format!("bits 16\norg 0\n{text}")).unwrap();
        let run = Command::new("nasm").args(["-f", "bin", "-O2", "-o"]).arg(&image).arg(&source).output();
        match run {
            Err(_) => eprintln!("skipped: no nasm here (Debian: apt-get install nasm)"),
            Ok(output) => {
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                assert_eq!(std::fs::read(&image).unwrap(), bytes);
                let _ = std::fs::remove_file(&image);
            }
        }
        let _ = std::fs::remove_file(&source);
    }
}
