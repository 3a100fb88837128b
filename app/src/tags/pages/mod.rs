//! Pages of tags. Everything works without JavaScript: lists are links, changes are forms.

mod chart;
mod edit;
mod fields;
mod form;
mod list;
mod one;
mod rules;
mod words;

pub use edit::{create, delete, edit, new, update, values};
pub use list::list;
pub use one::one;
pub use words::value as value_name;

#[cfg(test)]
mod tests;
