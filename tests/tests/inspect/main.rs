//! Looking into a stopped PC: what is said of it is so, and nothing changes by looking.

mod counts_and_logs;
mod devices;
mod looking;
mod symbols;
mod tables;
mod translation;
