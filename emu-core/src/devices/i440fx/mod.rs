//! i440fx (being written).
