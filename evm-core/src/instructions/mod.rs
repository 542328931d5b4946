//! Instructions that do more than compute on the stack. Each takes its words from the stack of the frame, pays what
//! depends on them, and does only its operation: constant gas and the stack were checked before.

pub(crate) mod block;
pub(crate) mod calls;
pub(crate) mod data;
pub(crate) mod environment;
pub(crate) mod log;
pub(crate) mod storage;
