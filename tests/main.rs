//! The integration tests: the command as its users run it, with plugins that are real shared libraries.
//!
//! `cases.rs` runs whole articles, `command.rs` the command line, `pipeline.rs` pipeline files, `libraries.rs` broken libraries and misbehaving
//! plugins, `workers.rs` the worker tier, `conformance.rs` the conformance suite, `newcomer.rs` the guide line by line, `batch.rs` many articles at once, `offsets.rs` the three units of offsets,
//! `nasty.rs` any string there is.
//! Snapshots: run with `INSTA_UPDATE=always` to accept what comes out, then read the diff.

mod batch;
mod cases;
mod command;
mod conformance;
mod libraries;
mod nasty;
mod newcomer;
mod offsets;
mod pipeline;
mod support;
mod workers;
