//! The mathematics behind every number that Silhouette shows: numbers in, numbers out. Nothing here reads a file, a clock or a
//! database, randomness comes in as a seed, and no data whatsoever makes it panic.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

pub mod clusters;
pub mod compare;
pub mod evidence;
pub mod lifecycle;
pub mod lift;
pub mod quantile;
pub mod rfm;
pub mod roi;
pub mod stats;
pub mod tgi;

#[cfg(test)]
mod testing;
