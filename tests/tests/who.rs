//! Who did that last? Programs whose writers are known by their labels, in each video mode; and registers beside a search
//! by single steps.

use emu_core::debugger::{Backwards, Hit, Outcome, back, read_register};
use emu_core::machine::{Arrived, History, Machine, Stop, Until};
use glassbox_tests::{Guest, Random, bios_config, boxed};

/// A boot sector that ends in a halt for good, having run; and the addresses of its labels.
struct Program {
    machine: Machine,
    history: History,
    symbols: Vec<(String, u64)>,
}

impl Program {
    fn run(text: &str) -> Self {
        let frame = "org 7C00h\ncli\nxor ax, ax\nmov ds, ax\nmov es, ax\nmov ss, ax\nmov sp, 7C00h\n";
        let end = "\ncli\nend: hlt\njmp end\ntimes 510-($-$$) db 0\ndw 0AA55h\n";
        let source = format!("{frame}{text}{end}");
        let made = glassbox_nasm::assemble(&source, &glassbox_nasm::Options::default());
        let made = made.unwrap_or_else(|errors| panic!("{errors:?}"));
        let mut image = made.code.clone();
        image.resize(1_474_560, 0);
        let mut config = bios_config();
        config.floppies[0] = Some(boxed(image));
        let mut machine = Machine::new(config).expect("a sound machine");
        let mut history = History::new(&mut machine, History::BUDGET);
        let stop = history.run(&mut machine, Until::instruction(60_000_000));
        assert_eq!(stop, Stop::HaltedForever, "the program did not end: {text}");
        let symbols = made.symbols.iter().map(|s| (s.name.clone(), s.value)).collect();
        Self { machine, history, symbols }
    }

    fn label(&self, name: &str) -> u32 {
        let found = self.symbols.iter().find(|(symbol, _)| symbol == name);
        found.unwrap_or_else(|| panic!("no label {name}")).1 as u32
    }

    /// The instruction that did it last, by its linear address. The machine stands behind it.
    fn who(&mut self, what: &str, at: &str) -> Option<u32> {
        let mut search = Backwards::last(&mut self.machine, what, at, 1).unwrap_or_else(|e| panic!("{e}"));
        let hits = loop {
            match search.search(&mut self.history, &mut self.machine, 400_000).expect("the past") {
                Outcome::OutOfBudget => {}
                Outcome::Stopped(hits) => break hits,
                Outcome::Beginning => return None,
                other => panic!("{other:?}"),
            }
        };
        Some(author(&hits))
    }

    /// The writer's label, and what it has behind it; then forwards to the end again.
    fn check(&mut self, what: &str, at: &str, label: &str) {
        let end = (self.history.end(), self.machine.state_hash());
        assert_eq!(self.who(what, at), Some(self.label(label)), "{what} {at}: who is {label}?");
        assert_eq!(back(&mut self.history, &mut self.machine), Ok(Arrived::There));
        assert_eq!(
            self.machine.registers().linear_ip,
            self.label(label),
            "{what} {at}: one back is its writer"
        );
        self.history.go_to_time(&mut self.machine, end.0.time, u64::MAX).expect("the past");
        assert_eq!(self.machine.state_hash(), end.1, "{what} {at}");
    }
}

fn author(hits: &[Hit]) -> u32 {
    hits[0].by.expect("an instruction did it").linear
}

#[test]
fn text_cells() {
    let mut program = Program::run(
        "mov ax, 3\nint 10h\nmov ax, 0B800h\nmov es, ax
         mov di, (5*80+10)*2\nmov ax, 1F41h
         first: mov [es:di], ax
         mov byte [es:di+2], 'B'
         colour: mov byte [es:di+1], 2Eh
         mov byte [es:di-1], 3\nmov byte [es:di+160], 'x'",
    );
    program.check("pixel", "94,83", "colour");
    program.check("pixel", "90,80", "colour");
    // The one before that: asked again from there.
    assert_eq!(program.who("pixel", "94,83"), Some(program.label("colour")));
    assert_eq!(program.who("pixel", "94,83"), Some(program.label("first")));
}

#[test]
fn a_byte_a_pixel() {
    let mut program = Program::run(
        "mov ax, 13h\nint 10h\nmov ax, 0A000h\nmov es, ax\ncld
         xor di, di\nmov cx, 64000\nmov al, 7
         fill: rep stosb
         mov di, 50*320+100\nmov al, 40
         dot: mov [es:di], al
         mov [es:di+1], al\nmov [es:di-1], al",
    );
    program.check("pixel", "100,50", "dot");
    program.check("pixel", "100,51", "fill");
    program.check("pixel", "319,199", "fill");
}

#[test]
fn planes() {
    let mut program = Program::run(
        "mov ax, 12h\nint 10h\nmov ax, 0A000h\nmov es, ax\nmov ds, ax\ncld
         mov dx, 3C4h\nmov ax, 0202h\nout dx, ax
         mov dx, 3CEh\nmov ax, 1008h\nout dx, ax
         mov di, 200*80+30\nmov al, 0FFh
         dot: mov [es:di], al
         mov [es:di+1], al
         mov ax, 0105h\nout dx, ax
         mov si, 200*80+30\nmov di, 300*80+30
         copy: movsb
         mov ax, 0005h\nout dx, ax
         xor ax, ax\nmov ds, ax",
    );
    program.check("pixel", "243,200", "dot");
    program.check("pixel", "240,300", "copy");
}

/// Two pixels of the same address lie in two planes: only a write to its own is one's.
#[test]
fn unchained_bytes() {
    let mut program = Program::run(
        "mov ax, 13h\nint 10h\nmov ax, 0A000h\nmov es, ax
         mov dx, 3C4h\nmov ax, 0604h\nout dx, ax
         mov dx, 3D4h\nmov ax, 0E317h\nout dx, ax\nmov ax, 0014h\nout dx, ax
         mov dx, 3C4h\nmov di, 50*80+25\nmov al, 5
         push ax\nmov ax, 0202h\nout dx, ax\npop ax
         one: mov [es:di], al
         push ax\nmov ax, 0402h\nout dx, ax\npop ax
         two: mov [es:di], al
         nop",
    );
    program.check("pixel", "101,50", "one");
    program.check("pixel", "102,50", "two");
}

#[test]
fn two_bits_a_pixel() {
    let mut program = Program::run(
        "mov ax, 4\nint 10h\nmov ax, 0B800h\nmov es, ax
         mov di, 2000h+25*80+25
         odd: mov byte [es:di], 1Bh
         even: mov byte [es:di-2000h], 1Bh
         mov byte [es:di+1], 1Bh\nmov byte [es:di-1], 1Bh",
    );
    program.check("pixel", "100,51", "odd");
    program.check("pixel", "103,50", "even");
}

/// The same address in the window, in two banks.
#[test]
fn banks() {
    let mut program = Program::run(
        "mov ax, 4F02h\nmov bx, 101h\nint 10h\nmov ax, 0A000h\nmov es, ax
         mov ax, 4F05h\nxor bx, bx\nmov dx, 2\nint 10h
         mov di, 250*640+300-131072
         far_one: mov byte [es:di], 9
         mov ax, 4F05h\nxor bx, bx\nxor dx, dx\nint 10h
         mov di, 250*640+300-131072
         near_one: mov byte [es:di], 9
         nop",
    );
    program.check("pixel", "300,250", "far_one");
    let near = 250 * 640 + 300 - 131_072;
    program.check("pixel", &format!("{},{}", near % 640, near / 640), "near_one");
}

/// Through the linear frame buffer, from a segment without limit.
#[test]
fn linear_frame_buffer() {
    let mut program = Program::run(
        "mov di, 1000h\nmov ax, 4F01h\nmov cx, 112h\nint 10h
         mov ax, 4F02h\nmov bx, 4112h\nint 10h
         cli\nlgdt [gdtr]\nmov eax, cr0\nor al, 1\nmov cr0, eax\njmp $+2
         mov bx, 8\nmov fs, bx\nand al, 0FEh\nmov cr0, eax\njmp $+2
         movzx ecx, word [1010h]\nmovzx ebx, byte [1019h]\nshr ebx, 3
         imul ecx, 77\nimul ebx, 33\nadd ecx, ebx\nadd ecx, [1028h]
         mov eax, 123456h
         dot: mov [fs:ecx+1], al
         mov [fs:ecx+64], eax\nmov [fs:ecx-64], eax
         jmp over
         gdt: dq 0, 00CF92000000FFFFh
         gdtr: dw 15\ndd gdt
         over:",
    );
    program.check("pixel", "33,77", "dot");
    assert!(Backwards::last(&mut program.machine, "pixel", "9999,5", 1).is_err());
    assert!(Backwards::last(&mut program.machine, "pixel", "33", 1).is_err());
}

#[test]
fn registers_by_label() {
    let mut program = Program::run(
        "a: mov eax, 12345678h
         ah_: mov ah, 9
         same: mov ax, ax
         c: stc
         z: cmp ax, ax
         d: std
         e: mov es, ax
         fninit
         f: fld1
         g: mov ebx, cr0
         h: or bl, 2
         i: mov cr0, ebx
         mov bp, 77
         j: push bp
         mov dx, 3F9h
         k: out dx, al
         mov dx, 3FAh
         l: in al, dx
         nop",
    );
    for (register, label) in [
        ("eax", "l"),
        ("al", "l"),
        ("ah", "ah_"),
        ("zf", "h"),
        ("df", "d"),
        ("es", "e"),
        ("es_base", "e"),
        ("st0", "f"),
        ("cr0", "i"),
        ("bl", "h"),
        ("EBX", "h"),
        ("sp", "j"),
    ] {
        program.check("register", register, label);
    }
    program.check("port", "3f9", "k");
    program.check("port", "3f0-3ff", "k");
    assert!(Backwards::last(&mut program.machine, "register", "rax", 1).is_err());
    assert!(Backwards::last(&mut program.machine, "port", "wide", 1).is_err());
    assert!(Backwards::last(&mut program.machine, "wish", "3f9", 1).is_err());
}

/// Beside a search step by step, over whatever a guest does.
#[test]
fn registers_beside_single_steps() {
    for guest in ["timer", "protected"] {
        let guest = Guest::own(guest);
        let mut machine = Machine::new(guest.config()).expect("a sound machine");
        let mut history = History::new(&mut machine, History::BUDGET);
        history.run(&mut machine, Until::instruction(10_400_000));
        let mut random = Random::new(2);
        let names = ["eax", "cl", "dh", "esp", "eip", "cf", "if", "ds", "cs", "cr0", "xmm0", "zf"];
        for _ in 0..10 {
            let name = names[random.below(names.len() as u64) as usize];
            let window = 20_000;
            let from = history.end().instruction - 1 - random.below(400_000);
            history.go_to(&mut machine, from - window, u64::MAX).expect("the past");
            let bit = |machine: &Machine| {
                let flags = read_register(machine, "eflags").expect("flags");
                let whole = |name: &str| read_register(machine, name).expect("a register");
                match name {
                    "cf" => vec![flags[0] & 1],
                    "zf" => vec![flags[0] & 0x40],
                    "if" => vec![flags[1] & 2],
                    "cl" => vec![whole("ecx")[0]],
                    "dh" => vec![whole("edx")[1]],
                    other => whole(other),
                }
            };
            let mut last = None;
            let mut before = bit(&machine);
            while machine.instructions() < from - 1 {
                let next = machine.instructions() + 1;
                history.run(&mut machine, Until::instruction(next));
                let now = bit(&machine);
                if now != before {
                    last = Some(machine.instructions());
                }
                before = now;
            }
            history.go_to(&mut machine, from, u64::MAX).expect("the past");
            let mut search = Backwards::last(&mut machine, "register", name, 1).expect("a register");
            let outcome = search.search(&mut history, &mut machine, u64::MAX).expect("the past");
            match last {
                Some(at) => {
                    assert!(matches!(outcome, Outcome::Stopped(_)), "{name}: {outcome:?}");
                    assert_eq!(machine.instructions(), at, "{name} before {from}");
                }
                None => assert!(machine.instructions() <= from - window, "{name} before {from}"),
            }
        }
    }
}
