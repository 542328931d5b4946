#![doc = include_str!("choices.md")]

pub mod access;
pub mod code;
pub mod counts;
pub mod cpu;
pub mod cpuid;
pub mod debug;
pub mod decode;
pub mod disasm;
pub mod eflags;
pub mod engine;
pub mod event_log;
pub mod exception;
pub mod fpu_state;
pub mod interp;
pub mod interrupt;
pub mod msr;
pub mod paging;
pub mod probe;
pub mod register_names;
pub mod regs;
pub mod segmentation;
pub mod softfloat;
pub mod task;
pub mod tlb;

pub use cpu::Cpu;
pub use engine::{Engine, Exit};
