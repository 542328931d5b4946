//! mc146818 (being written).
