//! Pages and islands. Pages are server-only: they ask the engine as the acting person and render what it answers.
//! No SQL and no maths here; islands hold no rule of the business.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

pub mod islands;
pub mod jobs;
