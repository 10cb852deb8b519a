//! Articles in, records out.

pub mod read;
pub mod write;
