//! Random transactions through both engines. All of one follows from its seed.

mod access_list;
mod block;
mod both;
mod program;
mod random;
mod scene;

pub use block::{Refunded, compare_block};
pub use both::{Difference, compare, trace};
pub use scene::{FORKS, Scene};
