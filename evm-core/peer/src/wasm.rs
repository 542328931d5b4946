//! What the Node benchmark calls.
