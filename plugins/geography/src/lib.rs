//! Places.
pub mod gazetteer;
pub mod hashing;
pub mod letters;
