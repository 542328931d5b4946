//! ata (being written).
