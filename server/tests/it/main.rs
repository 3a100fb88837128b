//! The real program on a real PostgreSQL: started as a process, asked over HTTP, killed where that is the point.
#![expect(clippy::unwrap_used, reason = "a failing test says where")]

mod api;
mod bad_input;
mod bucket;
mod command_line;
mod disasters;
mod harness;
mod kills;
mod main_job;
mod parts;
mod permissions;
mod runs;
mod s3;
mod safety;
mod segments;
mod tags;
mod takeout;
