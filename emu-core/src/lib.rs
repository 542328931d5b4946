//! The Glassbox PC: a deterministic x86 machine without clock, randomness, I/O or threads of its own.
//!
//! Layers, each seeing only those before it: [`time`] and [`mem`]; [`bus`]; then [`devices`] and [`x86`], which never
//! meet but in [`machine`]; and over all of them [`debugger`], [`inspect`] and [`snapshot`]. Everything that comes from outside is an `Input` stamped with virtual time.

pub mod bus;
pub mod debugger;
pub mod devices;
pub mod host;
pub mod inspect;
pub mod machine;
pub mod mem;
pub mod snapshot;
pub mod time;
pub mod x86;
