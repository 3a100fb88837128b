//! Tags: the catalogue, one tag with its history, and the form that makes and changes them.

#[cfg(feature = "ssr")]
pub mod pages;
