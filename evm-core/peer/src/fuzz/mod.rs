//! Random transactions through both engines. All of one follows from its seed.

mod both;
mod lines;
mod program;
mod random;
mod scene;

pub use both::{Difference, compare};
pub use lines::{our_lines, revm_lines};
pub use random::Random;
pub use scene::{FORKS, Scene};
