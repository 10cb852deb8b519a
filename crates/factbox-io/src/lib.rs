//! Articles in, records out. The README beside this crate has terms, limits and an example.

pub mod read;
pub mod write;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
