//! port92 (being written).
