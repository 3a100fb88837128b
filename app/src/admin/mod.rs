//! Administration: people and rights, tokens, the audit log, settings.

#[cfg(feature = "ssr")]
pub mod pages;
