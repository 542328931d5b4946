//! Random transactions through both engines. All of one follows from its seed.

mod access_list;
mod block;
mod both;
mod lines;
mod program;
mod random;
mod scene;

pub use block::{Refunded, compare_block};
pub use both::{Difference, compare};
pub use lines::{our_lines, revm_lines};
pub use random::Random;
pub use scene::{FORKS, Scene};
