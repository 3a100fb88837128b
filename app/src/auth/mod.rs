//! Signing in, and the first administrator.

#[cfg(feature = "ssr")]
pub mod pages;
