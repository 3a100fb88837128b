//! Segments: groups of customers, found by a method that runs on demand.

#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod sql;
#[cfg(feature = "ssr")]
pub mod words;
