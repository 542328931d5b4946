//! acpi (being written).
