//! i8259 (being written).
