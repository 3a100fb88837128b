//! Pages of segments: the current run with its groups, one run, all runs, what starts one, and how customers moved between two.

mod charts;
mod groups;
mod list;
mod moves;
mod new_run;
mod one;
mod quality;
mod run;
pub mod saved;
mod schedules;
mod takeout;
pub mod webhooks;

pub use charts::{by_name, worth};
pub use groups::{colour, group_name, size_table};
pub use list::list;
pub use moves::{moves, save as save_moved};
pub use new_run::{new_run, start};
pub use one::{choose, one};
pub use run::post_run_button;
pub use schedules::end as end_schedule;

#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod tests;
