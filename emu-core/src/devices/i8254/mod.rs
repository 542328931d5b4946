//! i8254 (being written).
