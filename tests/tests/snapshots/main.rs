//! Snapshots of what people boot: saved anywhere, opened in another machine, and gone on from as if nothing had been.

mod corpus;
mod guests;
