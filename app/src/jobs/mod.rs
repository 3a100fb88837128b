//! Jobs: what the machine is doing, did and could not do.

#[cfg(feature = "ssr")]
pub mod pages;
pub mod server_fns;
