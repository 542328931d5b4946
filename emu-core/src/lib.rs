//! The Glassbox PC.
