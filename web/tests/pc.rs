//! The bindings as JavaScript sees them, in a wasm host.
#![cfg(target_arch = "wasm32")]

use glassbox_web::x86::{Pc, PcConfig, StopKind};
use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

fn message(error: JsError) -> String {
    let value: JsValue = error.into();
    String::from(value.unchecked_into::<js_sys::Error>().message())
}

#[wasm_bindgen_test]
fn refuses_what_it_does_not_know_in_one_line() {
    let mut config = PcConfig::new();
    for error in [
        config.attach_bytes("hdz", vec![0; 512], false),
        config.attach_bytes("fda", vec![], false),
        config.attach_remote("hda", 513.0, false),
        config.attach_remote("hda", f64::NAN, false),
        config.set_boot_order("n"),
    ] {
        let text = message(error.expect_err("was accepted"));
        assert!(!text.is_empty() && !text.contains('\n'), "{text}");
    }
}

#[wasm_bindgen_test]
fn takes_disks_of_every_kind() {
    let mut config = PcConfig::new();
    assert!(config.attach_bytes("fda", vec![0; 100], false).is_ok());
    assert!(config.attach_remote("hda", 1_048_576.0, false).is_ok());
    let read = Function::new_with_args("offset, length", "return new Uint8Array(length)");
    assert!(config.attach_callback("cdrom", read, 4096.0, true).is_ok());
}

/// A machine whose ROM ends with `code` at the reset vector.
fn with_rom(code: &[u8]) -> PcConfig {
    let mut rom = vec![0xF4; 0x1_0000];
    rom[0xFFF0..0xFFF0 + code.len()].copy_from_slice(code);
    let mut config = PcConfig::new();
    config.set_ram_bytes(1 << 20);
    config.set_rom(0xFFFF_0000, rom);
    config
}

#[wasm_bindgen_test]
fn refuses_impossible_machines() {
    let mut config = with_rom(&[]);
    config.set_ram_bytes(1);
    let text = message(Pc::new(config).err().expect("was accepted"));
    assert!(text.contains("memory") && !text.contains('\n'), "{text}");
}

#[wasm_bindgen_test]
fn runs_to_the_exit_port() {
    // mov al, 2Ah; out 0F4h, al
    let mut config = with_rom(&[0xB0, 0x2A, 0xE6, 0xF4]);
    config.set_exit_port(0xF4);
    let mut pc = Pc::new(config).unwrap_or_else(|_| panic!("machine"));
    assert_eq!(pc.run(1000, u64::MAX), StopKind::ExitPort);
    assert_eq!((pc.exit_code(), pc.instructions()), (0x2A, 2));
    assert_eq!(pc.state_hash().len(), 32);
}

#[wasm_bindgen_test]
fn shows_registers_memory_and_code_as_plain_objects() {
    let mut pc = Pc::new(with_rom(&[0xB0, 0x2A, 0xF4])).unwrap_or_else(|_| panic!("machine"));
    assert_eq!(pc.run(1, u64::MAX), StopKind::Limit);
    let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let registers = pc.registers().unwrap_or_else(|_| panic!("registers"));
    assert_eq!(get(&registers, "eip").and_then(|v| v.as_f64()), Some(f64::from(0xFFF2)));
    assert_eq!(get(&registers, "eax").and_then(|v| v.as_f64()).map(|v| v as u32 & 0xFF), Some(0x2A));
    let code: js_sys::Array =
        pc.disassemble(0xFFFF_FFF0, 1).unwrap_or_else(|_| panic!("code")).unchecked_into();
    assert_eq!(get(&code.get(0), "text").and_then(|v| v.as_string()).as_deref(), Some("mov al, 0x2a"));
    let memory: js_sys::Array =
        pc.read_memory(0xFFFF_FFF0, 2).unwrap_or_else(|_| panic!("memory")).unchecked_into();
    assert_eq!(memory.get(0).as_f64(), Some(f64::from(0xB0)));
}

#[wasm_bindgen_test]
fn exports_what_a_drive_holds_and_waits_for_what_is_not_here() {
    let mut config = with_rom(&[0xF4]);
    let image: Vec<u8> = (0..1_474_560u32).map(|at| (at >> 9) as u8).collect();
    config.attach_bytes("fda", image.clone(), false).unwrap_or_else(|_| panic!("floppy"));
    config.attach_remote("hda", 131_072.0, false).unwrap_or_else(|_| panic!("disk"));
    let mut pc = Pc::new(config).unwrap_or_else(|_| panic!("machine"));
    assert_eq!(pc.drive_length("fda").ok(), Some(1_474_560.0));
    assert_eq!(pc.export_drive("fda", 1024.0, 512).ok().flatten().as_deref(), Some(&image[1024..1536]));
    assert!(pc.export_drive("fda", 1.0, 512).is_err());
    assert!(pc.export_drive("fda", 1_474_560.0, 512).is_err());
    assert!(pc.export_drive("cdrom", 0.0, 512).is_err());
    assert!(matches!(pc.export_drive("hda", 65_536.0, 512), Ok(None)));
    assert_eq!(pc.missing_offset(), 65_536.0);
    assert!(pc.supply("hda", 65_536.0, &[7; 65_536]).is_ok());
    assert_eq!(pc.export_drive("hda", 65_536.0, 512).ok().flatten(), Some(vec![7; 512]));
    assert!(pc.supply("fda", 0.0, &[0; 65_536]).is_err());
}

#[wasm_bindgen_test]
fn changes_removable_media_only() {
    let mut pc = Pc::new(with_rom(&[0xF4])).unwrap_or_else(|_| panic!("machine"));
    assert!(pc.insert_bytes("fda", vec![0; 1_474_560], false).is_ok());
    assert!(pc.eject("fda").is_ok());
    let text = message(pc.eject("hda").expect_err("was accepted"));
    assert!(text.contains("hda") && text.contains("switch it off"), "{text}");
}
