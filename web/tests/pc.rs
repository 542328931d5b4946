//! The bindings as JavaScript sees them, in a wasm host.
#![cfg(target_arch = "wasm32")]

use glassbox_web::x86::PcConfig;
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
