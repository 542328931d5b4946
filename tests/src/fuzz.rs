//! Random bytes where a guest's code should be.
