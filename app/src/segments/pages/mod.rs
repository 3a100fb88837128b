//! Pages of segments: the newest run with its groups, one run, all runs, and the button that starts one.

mod charts;
mod groups;
mod list;
mod one;
mod run;
pub mod saved;

pub use charts::worth;
pub use groups::{colour, group_name, size_table};
pub use list::list;
pub use one::one;
pub use run::{post_run_button, start};

#[cfg(test)]
mod tests;
