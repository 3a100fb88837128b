#![doc = include_str!("../README.md")]
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a failing test says where"))]

mod api;
mod assets;
pub mod cli;
mod commands;
mod config;
mod downloads;
mod events;
mod files;
mod headers;
mod health;
mod observe;
mod origin;
mod page_rules;
mod pages;
mod problem;
pub mod router;
pub mod routes;
mod session;
mod sign_in;
mod state;
mod telemetry;
mod uploads;
