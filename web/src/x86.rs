//! The PC for JavaScript: `PcConfig` collects what a machine is made of, `Pc` is the running machine.

mod compare;
mod config;
mod debugger;
mod drive;
mod export;
mod history;
mod inspect;
mod library;
mod look;
mod recording;
mod run;
mod snapshot;
mod symbols;

pub use compare::{RunParting, compare_moments};
pub use config::PcConfig;
pub use recording::read_recording;
pub use run::{Pc, StopKind};
