//! The questions. Each module turns typed parameters into one or a few scans and gives back plain columns; definitions follow the contract
//! to the letter and are tested on cases computed by hand.

pub mod campaigns;
pub mod chosen;
pub mod distribution;
pub(crate) mod facts;
pub mod overview;
pub mod rfm;
pub mod rhythm;
pub mod rules;

#[cfg(test)]
mod tests;
