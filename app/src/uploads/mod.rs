//! Uploads: one file, its mapping, its outcome; the unit of undo.

#[cfg(feature = "ssr")]
pub mod pages;
