//! Traces of random programs: EIP-3155 beside revm's, and what must hold of the others whatever the program.

mod debugger;
mod eip3155;
mod explain;
mod geth;
mod programs;
mod walk;
