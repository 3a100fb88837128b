//! Portraits: how a group differs from a baseline.

#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod pages;
