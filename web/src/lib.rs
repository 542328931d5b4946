//! JavaScript bindings of the Glassbox engines.
