//! All that can look on, as one inspector: the engine is compiled once for those that do and once for none.

use super::why::{Count, Last};
use crate::Address;
use crate::U256;
use crate::execution::Journal;
use crate::inspector::{Flow, FrameExit, Inspector, View};
use crate::interpreter::{Frame, Halt};
use crate::trace::call::CallTracer;
use crate::trace::eip3155::Eip3155;
use crate::trace::prestate::PrestateTracer;
use crate::trace::struct_log::StructLogger;

/// One of them.
pub(super) enum Tracer<'t, 's> {
    Eip3155(&'t mut Eip3155<'s>),
    Struct(&'t mut StructLogger),
    Call(&'t mut CallTracer),
    Prestate(&'t mut PrestateTracer),
    Count(&'t mut Count),
    Last(&'t mut Last),
}

/// Does the same with whichever it is.
macro_rules! each {
    ($tracer:expr, $inner:ident => $body:expr) => {
        match $tracer {
            Tracer::Eip3155($inner) => $body,
            Tracer::Struct($inner) => $body,
            Tracer::Call($inner) => $body,
            Tracer::Prestate($inner) => $body,
            Tracer::Count($inner) => $body,
            Tracer::Last($inner) => $body,
        }
    };
}

impl Inspector for Tracer<'_, '_> {
    fn step(&mut self, view: &View<'_>) -> Flow {
        each!(self, inner => inner.step(view))
    }

    fn step_end(&mut self, view: &View<'_>, halt: Option<Halt>) {
        each!(self, inner => inner.step_end(view, halt));
    }

    fn enter(&mut self, frame: &Frame, journal: &Journal) {
        each!(self, inner => inner.enter(frame, journal));
    }

    fn exit(&mut self, exit: &FrameExit<'_>, journal: &Journal) {
        each!(self, inner => inner.exit(exit, journal));
    }

    fn selfdestruct(&mut self, address: Address, beneficiary: Address, value: U256) {
        each!(self, inner => inner.selfdestruct(address, beneficiary, value));
    }
}
