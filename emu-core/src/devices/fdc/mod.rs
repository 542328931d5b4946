//! fdc (being written).
