//! uart16550 (being written).
