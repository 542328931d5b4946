//! What the chips show of themselves: programmed through their ports as the datasheets say, then every register and
//! field that is shown against what the datasheet says it is then.

mod board;
mod dma;
mod floppy;
mod ide;
mod interrupts;
mod keyboard;
mod machine;
mod pci;
mod serial;
mod timers;
mod video;
