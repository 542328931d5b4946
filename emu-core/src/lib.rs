//! The Glassbox PC.

pub mod x86;
