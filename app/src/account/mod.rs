//! One's own account: who I am here, what I may do, my password, my tokens, how the pages look.

#[cfg(feature = "ssr")]
pub mod pages;
