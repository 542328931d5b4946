//! The Glassbox EVM.
