//! What system software sees of the CPU, by SDM vol. 3A: descriptors, gates, tasks, paging, virtual-8086 mode, debugging.

mod debug;
mod gates;
mod interrupts;
mod modes;
mod paging;
mod repeat;
mod segments;
mod tasks;
mod v86;
