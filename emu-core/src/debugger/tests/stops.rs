//! Each kind of stop.

use super::programs::{protected, protected_machine, real, real_machine};
use super::*;

fn memory(detail: &Detail) -> (u32, bool, Vec<u8>, Vec<u8>) {
    match detail {
        Detail::Memory { linear, write, before, after, master: false, .. } => {
            (linear.expect("linear"), *write, before.clone(), after.clone())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn execution_stops_before_the_instruction_each_time() {
    let mut bench = Bench::with(real_machine(), &[at(real::AGAIN)]);
    for count in 1..=3 {
        let hit = bench.hit();
        assert_eq!((hit.detail, hit.hits, hit.by), (Detail::Execute { linear: real::AGAIN }, count, None));
        assert_eq!(bench.ip(), real::AGAIN);
        assert_eq!(bench.machine.registers().ecx, 4 - count as u32);
    }
    bench.nothing_more();
    assert_eq!(bench.debugger.stops()[0].hits, 3);
}

#[test]
fn execution_by_physical_address_and_by_selector() {
    // Linear addresses below 1 MiB are physical ones in this program, with and without paging.
    let places = ["phys:7c38", "8:7c38", "7c38", "0x7C38", "7c38h", "linear:7c38"];
    for place in places {
        let mut bench = Bench::with(protected_machine(), &[stop("execute", place)]);
        assert_eq!(bench.met().0, Detail::Execute { linear: protected::PAGED }, "{place}");
    }
    let mut bench =
        Bench::with(real_machine(), &[stop("execute", "0000:7c52"), stop("execute", "0001:7c42")]);
    assert_eq!(bench.hit().stop, 0);
    bench.nothing_more();
}

#[test]
fn a_repeated_instruction_is_one_execution() {
    let mut bench = Bench::with(real_machine(), &[at(real::MOVSB), at(real::INT)]);
    assert_eq!(bench.hit().stop, 0);
    // Cut into single iterations by the budget.
    for _ in 0..3 {
        let until = Until::instruction(bench.machine.instructions() + 1);
        assert_eq!(bench.debugger.run(&mut bench.machine, Command::Continue, until), Outcome::OutOfBudget);
        assert_eq!(bench.ip(), real::MOVSB);
    }
    let next = bench.run(Command::Resume);
    assert!(matches!(next, Outcome::Stopped(hits) if hits[0].stop == 1));
}

#[test]
fn memory_stops_after_the_access_and_names_who_did_it() {
    let mut bench = Bench::with(real_machine(), &[stop("write", "601")]);
    // The word at 600 is stored: its second byte is watched.
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail), by), ((0x600, true, vec![0], vec![0]), Some(real::STORE)));
    assert_eq!(bench.ip(), real::STORE + 2);
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail).0, by), (0x600, Some(real::STORE_SAME)));
    bench.nothing_more();
}

#[test]
fn reads_changes_and_read_modify_write() {
    let mut bench = Bench::with(real_machine(), &[stop("read", "604"), stop("change", "602")]);
    for (old, new) in [(0, 1), (1, 2), (2, 3)] {
        let (detail, by) = bench.met();
        assert_eq!((memory(&detail), by), ((0x602, true, vec![old], vec![new]), Some(real::AGAIN)));
        assert_eq!(bench.ip(), real::LOOP);
    }
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail).1, by), (false, Some(real::LOAD)));
    bench.nothing_more();
    let mut bench = Bench::with(real_machine(), &[stop("read", "602")]);
    (0..3).for_each(|_| assert_eq!(bench.met().1, Some(real::AGAIN)));
    // And by MOVSB, one iteration at a time.
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail).0, by), (0x602, Some(real::MOVSB)));
    bench.nothing_more();
}

#[test]
fn a_write_of_the_same_value_is_no_change() {
    let mut bench = Bench::with(real_machine(), &[StopSpec { length: 2, ..stop("change", "600") }]);
    assert_eq!(bench.met().1, Some(real::STORE));
    // 5 is stored once more, then 9.
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail), by), ((0x600, true, vec![5], vec![9]), Some(real::AFTER)));
    bench.nothing_more();
}

#[test]
fn physical_memory_is_watched_whatever_its_linear_address() {
    let mut bench =
        Bench::with(protected_machine(), &[StopSpec { length: 8, ..stop("write", "phys:20000") }]);
    let (detail, by) = bench.met();
    assert!(
        matches!(detail, Detail::Memory { linear: Some(0x40_1000), physical: Some(0x2_0000), .. }),
        "{detail:?}"
    );
    assert_eq!(by, Some(protected::STORE));
    assert_eq!(bench.met().1, Some(protected::STORE_USER));
    bench.nothing_more();
}

#[test]
fn memory_over_two_pages_and_stacks() {
    // The push of CALL's return address, and what user code left in its stack's place.
    let mut bench = Bench::with(real_machine(), &[StopSpec { length: 0x1002, ..stop("write", "5ffe") }]);
    let (detail, by) = bench.met();
    assert_eq!((memory(&detail).0, by), (0x6FFE, Some(real::CALL)));
    assert_eq!(bench.ip(), real::TWICE);
}

#[test]
fn the_marks_of_the_page_walk_are_seen() {
    let mut bench =
        Bench::with(protected_machine(), &[StopSpec { length: 4, ..stop("change", "phys:12004") }]);
    match bench.met() {
        (Detail::Memory { master: true, before, after, write: true, .. }, None) => {
            assert_eq!((before, after), (vec![0x07, 0, 2, 0], vec![0x67, 0, 2, 0]));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.ip(), protected::STORE + 10);
}

#[test]
fn ports_by_direction_and_range() {
    let mut bench = Bench::with(real_machine(), &[stop("portWrite", "60-71"), stop("portRead", "71")]);
    let out = Detail::Port { port: 0x70, size: 1, write: true, value: 0x0D };
    assert_eq!(bench.met(), (out, Some(real::OUT)));
    assert_eq!(bench.ip(), real::IN);
    // Register D of the clock: battery good.
    let read = Detail::Port { port: 0x71, size: 1, write: false, value: 0x80 };
    assert_eq!(bench.met(), (read, Some(real::IN)));
    bench.nothing_more();
}

#[test]
fn interrupts_and_exceptions_stop_at_their_handlers() {
    let stops = [stop("interrupt", "21"), stop("exception", "DE"), stop("exception", "0e")];
    let mut bench = Bench::with(real_machine(), &stops);
    assert_eq!(bench.met(), (Detail::Interrupt { vector: 0x21, external: false }, Some(real::INT)));
    assert_eq!(bench.ip(), real::HANDLER_21);
    let divide = Detail::Exception { vector: 0, error_code: None, cr2: None };
    assert_eq!(bench.met(), (divide, Some(real::DIV)));
    assert_eq!(bench.ip(), real::HANDLER_0);
    bench.nothing_more();
}

#[test]
fn a_page_fault_by_its_error_code() {
    for (code, met) in [("4", true), ("5", false), ("", true)] {
        let spec = StopSpec { error: code.into(), ..stop("exception", "#PF") };
        let mut bench = Bench::with(protected_machine(), &[spec]);
        if met {
            let fault = Detail::Exception { vector: 14, error_code: Some(4), cr2: Some(0x80_0000) };
            assert_eq!(bench.met(), (fault, Some(protected::FAULTS)));
            assert_eq!(bench.ip(), protected::HANDLER_14);
        }
        bench.nothing_more();
    }
}

#[test]
fn modes_privilege_and_control_registers() {
    let stops = [stop("mode", ""), stop("cpl", "3"), stop("control", "cr3")];
    let mut bench = Bench::with(protected_machine(), &stops);
    let mode = |from, to| Detail::Mode { from, to };
    assert_eq!(bench.met(), (mode("real", "protected"), Some(protected::TO_CR0)));
    assert_eq!(bench.ip(), protected::FAR_JUMP);
    let cr3 = Detail::Control { register: 3, from: 0, to: 0x1_0000 };
    assert_eq!(bench.met(), (cr3, Some(protected::TO_CR3)));
    assert_eq!(bench.met(), (mode("protected", "protected, paging"), Some(protected::PAGING)));
    assert_eq!(bench.met(), (Detail::Cpl { from: 0, to: 3 }, Some(protected::IRET)));
    assert_eq!(bench.ip(), protected::USER);
    // Back from INT 30h.
    assert!(matches!(bench.met().0, Detail::Cpl { to: 3, .. }));
    assert_eq!(bench.ip(), protected::FAULTS);
    assert_eq!(bench.met().0, mode("protected, paging", "protected"));
    bench.nothing_more();
    for (wanted, ip) in [("paging", protected::PAGED), ("protected", protected::FAR_JUMP)] {
        let mut bench = Bench::with(protected_machine(), &[stop("mode", wanted)]);
        bench.hit();
        assert_eq!(bench.ip(), ip);
        bench.nothing_more();
    }
}

#[test]
fn counts_and_times_are_exact() {
    let mut bench = Bench::with(real_machine(), &[stop("instructions", "7"), stop("time", "95")]);
    assert_eq!(bench.met(), (Detail::Instructions, None));
    assert_eq!(bench.machine.instructions(), 7);
    assert_eq!(bench.met(), (Detail::Time, None));
    assert_eq!((bench.machine.instructions(), bench.machine.time()), (10, 100));
    bench.nothing_more();
}

#[test]
fn conditions_hit_counts_and_logs() {
    let condition = StopSpec { condition: "cx == 1 && word[ds:0x602] == 2".into(), ..at(real::AGAIN) };
    let mut bench = Bench::with(real_machine(), &[condition]);
    assert_eq!((bench.hit().hits, bench.machine.registers().ecx), (1, 1));
    bench.nothing_more();
    let third = StopSpec { from: 3, ..at(real::AGAIN) };
    let mut bench = Bench::with(real_machine(), &[third]);
    assert_eq!((bench.hit().hits, bench.machine.registers().ecx), (3, 1));
    bench.nothing_more();
    let log =
        StopSpec { log: "ax={ax:04x} cx={cx} {{w}} {word[0x602]:d}".into(), from: 2, ..at(real::AGAIN) };
    let mut bench = Bench::with(real_machine(), &[log]);
    bench.nothing_more();
    assert_eq!(bench.debugger.take_log(), ["ax=0005 cx=2 {w} 1", "ax=0005 cx=1 {w} 2"]);
    let port = StopSpec { condition: "port == 0x70 && value == 13".into(), ..stop("port", "0-ffff") };
    let mut bench = Bench::with(real_machine(), &[port]);
    assert_eq!(bench.met().1, Some(real::OUT));
}

#[test]
fn a_condition_without_a_value_stops_and_says_so() {
    let absent = StopSpec { condition: "byte[0x80000000] == 1".into(), ..at(real::AGAIN) };
    let mut bench = Bench::with(real_machine(), &[absent]);
    let error = bench.hit().error.expect("an error");
    assert!(error.contains("0x80000000"), "{error}");
}

#[test]
fn stops_can_be_off_and_keep_their_hits() {
    let mut bench = Bench::with(real_machine(), &[at(real::AGAIN)]);
    bench.hit();
    let off = StopSpec { enabled: false, ..at(real::AGAIN) };
    bench.debugger.set_stops(&mut bench.machine, vec![off, at(real::LOOP)]).expect("good stops");
    assert_eq!(bench.debugger.stops()[0].hits, 1);
    assert_eq!(bench.hit().stop, 1);
    bench.debugger.set_stops(&mut bench.machine, vec![]).expect("good stops");
    assert!(!bench.machine.engine.cpu.probe.on_execution());
    bench.nothing_more();
}

/// Has the firmware configuration device store its signature by DMA: `mov dx, 518h; mov eax, 001F0000h (1F00h with its
/// bytes reversed); out dx, eax; cli; hlt`.
const FETCH: [u8; 13] = [0xBA, 0x18, 0x05, 0x66, 0xB8, 0x00, 0x00, 0x1F, 0x00, 0x66, 0xEF, 0xFA, 0xF4];

#[test]
fn what_devices_move_is_seen() {
    let mut machine = super::programs::machine(&FETCH);
    // Select item 0 and read 4 bytes to 20FEh; the device then clears the control word.
    let descriptor = [0, 0, 0, 0x0A, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0x20, 0xFE];
    super::programs::poke(&mut machine, 0x1F00, &descriptor);
    let stops = [
        stop("write", "20ff"),
        StopSpec { length: 2, ..stop("change", "phys:2100") },
        StopSpec { length: 16, ..stop("read", "1f00") },
        StopSpec { length: 4, ..stop("write", "2102") },
    ];
    let mut bench = Bench::with(machine, &stops);
    let outcome = bench.run(Command::Continue);
    let Outcome::Stopped(hits) = outcome else { panic!("{outcome:?}") };
    let seen: Vec<_> = hits.iter().map(|hit| (hit.stop, &hit.detail, hit.by)).collect();
    let moved = |physical, length, write, before: &[u8], after: &[u8]| Detail::Memory {
        linear: None,
        physical: Some(physical),
        length,
        write,
        before: before.to_vec(),
        after: after.to_vec(),
        master: true,
    };
    let wanted =
        [(0, &moved(0x20FF, 1, true, b"\0", b"E"), None), (1, &moved(0x2100, 2, true, b"\0\0", b"MU"), None)];
    assert_eq!(seen[..2], wanted);
    assert!(matches!(
        seen[2],
        (2, Detail::Memory { physical: Some(0x1F00), length: 16, write: false, .. }, None)
    ));
    assert_eq!(seen.len(), 3);
    bench.nothing_more();
}

/// Sends "login: " by COM1 without waiting, byte by byte, at the divisor it has.
const SEND: [u8; 30] = [
    // mov dx, 3F8h; mov si, 7C17h; next: lodsb; out dx, al; wait: mov dx, 3FDh; in al, dx; test al, 20h; jz wait
    0xBA, 0xF8, 0x03, 0xBE, 0x17, 0x7C, 0xAC, 0xBA, 0xF8, 0x03, 0xEE, 0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x20,
    0x74, 0xFB, // jmp next; hlt; hlt; the text
    0xEB, 0xF1, 0xF4, 0xF4, b'l', b'o', b'g', b'i', b'n', b':', b' ',
];

#[test]
fn text_on_the_serial_line() {
    for (port, met) in [("", true), ("com1", true), ("com2", false)] {
        let spec = StopSpec { text: "gin:".into(), ..stop("serial", port) };
        let mut bench = Bench::with(super::programs::machine(&SEND), &[spec]);
        let outcome = bench.run(Command::Continue);
        assert_eq!(matches!(outcome, Outcome::Stopped(_)), met, "{outcome:?}");
        if met {
            assert!(bench.machine.take_serial(0).ends_with(b"login:"));
        }
    }
}
