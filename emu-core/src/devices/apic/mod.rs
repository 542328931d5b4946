//! apic (being written).
