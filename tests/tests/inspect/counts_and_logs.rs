//! Counts and logs tell what happened, and the machine does not notice them.

use emu_core::inspect::symbols::Symbols;
use emu_core::inspect::{Inspector, LogFilter};
use emu_core::machine::{Machine, Until};
use emu_core::x86::counts::Counts;
use emu_core::x86::event_log::{EventLogs, Ring};
use emu_core::x86::regs::gpr::{EBP, ECX, ESP};
use glassbox_tests::Guest;
use glassbox_tests::system::*;

/// Guests with timers and tasks run the same with everything on.
#[test]
fn counting_and_logging_change_nothing() {
    const PIECE: u64 = 300_000;
    for name in ["timer", "v86", "paging"] {
        let Some(guest) = Guest::find(name) else { continue };
        let machine = || Machine::new(guest.config()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let (mut watched, mut alone) = (machine(), machine());
        watched.set_event_logs(true, true, 1000);
        for n in 1..=12 {
            // On and off in turn.
            watched.set_counting(n % 2 == 1);
            watched.run(Until::instruction(n * PIECE));
            alone.run(Until::instruction(n * PIECE));
            assert_eq!(watched.state_hash(), alone.state_hash(), "{name}: after {} instructions", n * PIECE);
            let (total, lines) = watched.inspect().hottest(1000);
            if n % 2 == 1 {
                assert!(total <= PIECE && total > PIECE / 2, "{name}: {total}");
                assert!(lines.windows(2).all(|w| w[0].1 >= w[1].1));
            }
        }
        let interrupts = watched.inspect().interrupt_log(&LogFilter::default(), &Symbols::new());
        let ports = watched
            .inspect()
            .port_log(&LogFilter { count: Some(5), ..LogFilter::default() }, &Symbols::new());
        assert!(interrupts.on && interrupts.total > 0 && ports.events.len() == 5);
    }
}

/// mov ecx, 7; nop; loop $-1; hlt
const LOOP: [u8; 9] = [0xB9, 7, 0, 0, 0, 0x90, 0xE2, 0xFD, 0xF4];

#[test]
fn every_instruction_is_counted() {
    let mut s = System::new();
    s.code(&LOOP);
    s.engine.cpu.counts = Some(Box::new(Counts::new()));
    s.halt();
    let counts = s.engine.cpu.counts.as_ref().expect("they are on");
    let of = |at: u32| counts.of(CODE + at);
    assert_eq!([of(0), of(1), of(5), of(6), of(8)], [1, 0, 7, 7, 1]);
    assert_eq!(counts.total(), 16);
    assert_eq!(counts.hottest(2), [(CODE + 5, 7), (CODE + 6, 7)]);
    let lines = Inspector::new(&s.engine).code(CODE + 6, 2, 2, &Symbols::new());
    let seen: Vec<_> = lines.iter().map(|l| (l.text.as_str(), l.count, l.known)).collect();
    let target = format!("loop {:#x}", CODE + 5);
    assert_eq!(seen, [("mov ecx, 7", 1, true), ("nop", 7, true), (&target, 7, true), ("hlt", 1, true)]);
}

/// in al, 0x60 is answered 0xFF... by nobody; int 0x30; a page that is not there; ud2.
#[test]
fn events_are_logged_in_order() {
    let mut s = System::new();
    s.engine.cpu.logs =
        Some(Box::new(EventLogs { interrupts: Some(Ring::new(2)), ports: Some(Ring::new(10)) }));
    // in al, 1; mov dx, 0x3f8; out dx, ax; ud2
    s.code(&[0xE4, 1, 0x66, 0xBA, 0xF8, 3, 0x66, 0xEF, 0x0F, 0x0B]);
    s.halt();
    let mut symbols = Symbols::new();
    let map = format!("{CODE:08x} T code\n{:08x} T undefined\n", handler(6));
    symbols.load("map", map.as_bytes(), 0).expect("a good map");
    let look = Inspector::new(&s.engine);
    let ports = look.port_log(&LogFilter::default(), &symbols);
    let seen: Vec<_> = ports
        .events
        .iter()
        .map(|e| (e.port, e.size, e.write, e.value, e.from.eip - CODE, e.instruction))
        .collect();
    assert_eq!(seen, [(1, 1, false, 0x51, 0, 0), (0x3F8, 2, true, 0x51, 6, 2)]);
    let interrupts = look.interrupt_log(&LogFilter::default(), &symbols);
    let [ud] = &interrupts.events[..] else { panic!("{interrupts:?}") };
    assert_eq!(
        (ud.name, ud.source, ud.error_code, ud.from.cs, ud.from.eip),
        ("#UD", "exception", None, CODE0, CODE + 8)
    );
    let handler_of = ud.handler.as_ref().map(|h| (h.cs, h.eip, h.linear, h.symbol.as_deref()));
    assert_eq!(handler_of, Some((CODE0, handler(6), handler(6), Some("undefined"))));
    assert_eq!(ports.events[0].from.symbol.as_deref(), Some("code"));
    assert_eq!(ud.from.symbol.as_deref(), Some("code+0x8"));
    let only = |filter: LogFilter| look.port_log(&filter, &symbols).events.len();
    // The second byte of a word counts.
    assert_eq!(only(LogFilter { first: Some(0x3F9), last: Some(0x3F9), ..LogFilter::default() }), 1);
    assert_eq!(only(LogFilter { write: Some(false), ..LogFilter::default() }), 1);
    assert_eq!(only(LogFilter { after: Some(0), ..LogFilter::default() }), 1);

    // An interrupt whose gate is not there raises #NP; the ring keeps the last two.
    s.interrupt_gate(0x30, gate(CODE0, handler(0x30), 0x0E, 0));
    s.code(&[0xCD, 0x30]);
    s.enter_ring(0);
    s.engine.cpu.st.halted = false;
    s.halt();
    let log = Inspector::new(&s.engine).interrupt_log(&LogFilter::default(), &symbols);
    let seen: Vec<_> =
        log.events.iter().map(|e| (e.sequence, e.vector, e.source, e.failed, e.error_code)).collect();
    assert_eq!(seen, [(1, 0x30, "software", Some(11), None), (2, 11, "exception", None, Some(0x30 * 8 + 2))]);
    assert_eq!(log.total, 3);
}

/// Functions that keep frame pointers, entered by CALLs: main calls f calls g.
#[test]
fn frames_are_followed() {
    let mut s = System::new();
    let mut code = vec![0x90; 0x60];
    let mut put = |at: usize, bytes: &[u8]| code[at..at + bytes.len()].copy_from_slice(bytes);
    put(0x00, &[0xBD, 0, 0, 0, 0, 0xE8, 0x16, 0, 0, 0]); // mov ebp, 0; call 0x20
    put(0x20, &[0x55, 0x89, 0xE5, 0x6A, 0x42, 0xE8, 0x16, 0, 0, 0]); // push ebp; mov ebp, esp; push 0x42; call 0x40
    put(0x40, &[0x55, 0x89, 0xE5, 0x9C, 0xFA, 0xF4]); // push ebp; mov ebp, esp; pushf; cli; hlt
    s.code(&code);
    s.halt();
    let view = Inspector::new(&s.engine).stack(8, &Symbols::new());
    assert_eq!((view.sp, view.size), (s.reg(ESP), 4));
    let codes: Vec<_> = view.frames.iter().map(|f| f.code - CODE).collect();
    assert_eq!(codes, [s.eip() - CODE, 0x2A, 0x0A]);
    assert!(view.frames.iter().all(|f| f.checked));
    assert_eq!(view.frames[0].base, s.reg(EBP));
    let kinds: Vec<_> = view.cells.iter().take(6).map(|c| c.kind).collect();
    assert_eq!(kinds, ["data", "saved EBP", "return address", "data", "saved EBP", "return address"]);
    let frames: Vec<_> = view.cells.iter().take(6).map(|c| c.frame).collect();
    assert_eq!(frames, [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1)]);
}

/// In a handler the frame it was entered with is found.
#[test]
fn an_interrupt_frame_is_found() {
    let mut s = System::new();
    s.set_reg(ECX, 3);
    s.code(&[0x90, 0x90, 0x0F, 0x0B]);
    s.halt();
    let view = Inspector::new(&s.engine).stack(5, &Symbols::new());
    let seen: Vec<_> = view.cells.iter().take(3).map(|c| (c.kind, c.note.as_str())).collect();
    assert_eq!(seen, [("interrupt frame", "EIP"), ("interrupt frame", "CS"), ("interrupt frame", "EFLAGS")]);
}
