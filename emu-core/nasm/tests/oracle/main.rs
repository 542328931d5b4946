//! The assembler against NASM itself: the same text must give the same bytes, or be refused by both.

mod errors;
mod forms;
mod fuzz;
mod guests;
mod nasm;
mod programs;
