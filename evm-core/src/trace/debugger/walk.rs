//! The inspectors that count instructions.

use crate::execution::Journal;
use crate::inspector::{Flow, FrameExit, Inspector, View};
use crate::interpreter::Frame;

/// Asked at each instruction, with the positions at which the open frames were entered, and the position: true to stop
/// there.
pub(super) type Watching<'a> = &'a mut dyn FnMut(&View<'_>, &[u64], u64) -> bool;

/// Counts, and pauses at a position.
#[derive(Debug)]
pub(super) struct Walk {
    pub position: u64,
    pub pause: u64,
    pub entered: Vec<u64>,
}

impl Walk {
    pub fn new(position: u64, pause: u64, entered: Vec<u64>) -> Self {
        Self { position, pause, entered }
    }
}

impl Inspector for Walk {
    #[inline(always)]
    fn step(&mut self, _view: &View<'_>) -> Flow {
        if self.position == self.pause {
            return Flow::Pause;
        }
        self.position += 1;
        Flow::Go
    }

    fn enter(&mut self, _frame: &Frame, _journal: &Journal) {
        self.entered.push(self.position);
    }

    fn exit(&mut self, _exit: &FrameExit<'_>, _journal: &Journal) {
        self.entered.pop();
    }
}

/// A walk that looks.
pub(super) struct Watched<'a> {
    pub walk: &'a mut Walk,
    pub watch: Watching<'a>,
    /// It was the watch that paused.
    pub stop: bool,
}

impl Inspector for Watched<'_> {
    fn step(&mut self, view: &View<'_>) -> Flow {
        // Where a checkpoint is made the walk is resumed, and looks then.
        if self.walk.position == self.walk.pause {
            return Flow::Pause;
        }
        if (self.watch)(view, &self.walk.entered, self.walk.position) {
            self.stop = true;
            return Flow::Pause;
        }
        self.walk.position += 1;
        Flow::Go
    }

    fn enter(&mut self, frame: &Frame, journal: &Journal) {
        self.walk.enter(frame, journal);
    }

    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal) {
        self.walk.exit(exit, journal);
    }
}
