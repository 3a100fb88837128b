//! Pages and islands. Pages are server-only: they ask the engine as the acting person and render what it answers.
//! No SQL and no maths here; islands hold no rule of the business.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

pub mod account;
pub mod admin;
pub mod auth;
pub mod campaigns;
pub mod islands;
pub mod jobs;
pub mod overview;
pub mod portraits;
pub mod segments;
pub mod tags;
pub mod uploads;

#[cfg(feature = "ssr")]
pub mod assets;
#[cfg(feature = "ssr")]
pub mod axes;
#[cfg(feature = "ssr")]
pub mod charts;
#[cfg(feature = "ssr")]
pub mod conditions;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod documents;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod preferences;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod said;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod state;
#[cfg(all(test, feature = "ssr"))]
mod testing;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod visit;
