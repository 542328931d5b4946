//! What the Node benchmarks call: choose a case and an engine, then run it as often as wanted; or choose an endless
//! program, and walk back in its trace.

use crate::cases::{Case, cases, snailtracer};
use crate::glassbox::Glassbox;
use crate::peer::Revm;
use crate::walks;
use evm_core::trace::debugger::Debugger;
use std::cell::RefCell;

fn no_randomness(_: &mut [u8]) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}

getrandom::register_custom_getrandom!(no_randomness);

enum Engine {
    None,
    Glassbox(Box<Glassbox>),
    Revm(Box<Revm>),
}

thread_local! {
    static CODE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static WALKED: RefCell<Option<Debugger>> = const { RefCell::new(None) };
    static ENGINE: RefCell<Engine> = const { RefCell::new(Engine::None) };
}

/// Adds a byte to the code of the last case, snailtracer.
#[expect(unsafe_code)] // the attribute is what makes an export of it
#[unsafe(no_mangle)]
pub extern "C" fn code_byte(byte: u32) {
    CODE.with_borrow_mut(|code| code.push(byte as u8));
}

fn all() -> Vec<Case> {
    let mut all = cases();
    CODE.with_borrow(|code| {
        if !code.is_empty() {
            all.push(snailtracer(code.clone()));
        }
    });
    all
}

/// Cases there are.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn case_count() -> u32 {
    all().len() as u32
}

/// Makes a case ready in an engine: 0 is Glassbox, 1 is revm.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn prepare(case: u32, engine: u32) {
    let all = all();
    let Some(case) = all.get(case as usize) else { return };
    let ready = match engine {
        0 => Engine::Glassbox(Box::new(Glassbox::new(case))),
        _ => Engine::Revm(Box::new(Revm::new(case))),
    };
    ENGINE.set(ready);
}

/// Runs what is ready; gas used, or a negative number if it failed.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn run() -> f64 {
    let (gas, success) = ENGINE.with_borrow_mut(|engine| match engine {
        Engine::None => (0, false),
        Engine::Glassbox(machine) => machine.run(),
        Engine::Revm(machine) => machine.run(),
    });
    if success { gas as f64 } else { -1.0 - gas as f64 }
}

/// Makes an endless program ready; false when there are no more.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn walk(program: u32) -> bool {
    WALKED.set(None);
    let code = walks::programs().into_iter().nth(program as usize);
    WALKED.set(code.map(|(_, code)| walks::debugger(&code)));
    WALKED.with_borrow(Option::is_some)
}

/// Goes to a position.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn go_to(position: f64) {
    WALKED.with_borrow_mut(|debugger| debugger.as_mut().map(|debugger| debugger.go_to(position as u64)));
}

/// One instruction back; the position.
#[expect(unsafe_code)] // as above
#[unsafe(no_mangle)]
pub extern "C" fn back() -> f64 {
    WALKED.with_borrow_mut(|debugger| {
        debugger.as_mut().map_or(0.0, |debugger| {
            debugger.back();
            debugger.position() as f64
        })
    })
}
