//! Words that the server and the browser share: plain data, serde only. No IO, no clock, no rule of the business.

pub mod auth;
pub mod campaigns;
pub mod chart;
pub mod columns;
pub mod jobs;
pub mod overview;
pub mod portraits;
pub mod problems;
pub mod query;
pub mod rule_answers;
pub mod rules;
pub mod runs;
pub mod segments;
pub mod tags;
pub mod uploads;
pub mod webhooks;
