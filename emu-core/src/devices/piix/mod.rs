//! piix (being written).
