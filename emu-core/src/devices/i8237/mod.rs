//! i8237 (being written).
