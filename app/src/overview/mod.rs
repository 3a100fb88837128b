//! How the company is doing: the first page.

#[cfg(feature = "ssr")]
pub mod pages;
