//! Pages of saved segments: all of them, one, the builder, lists of ids, how they overlap. The engine decides who may change what.

mod delete;
mod edit;
mod faults;
mod form;
mod list;
mod lists;
mod live;
mod one;
mod overlap;
mod overlap_chart;
mod rule;
mod seed;
#[cfg(test)]
mod tests;
mod used;
mod why;

pub use delete::{delete, remove};
pub use edit::{change, create, edit, new};
pub use list::list;
pub use lists::{MOST_BYTES, change_list, create_list, new_list};
pub use live::{check, findings, values};
pub use one::{one, sizes, with_told};
pub use overlap::overlap;
pub use overlap_chart::by_name;

use crate::i18n::Lang;
use crate::t;
use leptos::prelude::*;

/// What a segment can be marked with: the colours of data, by their values in the light theme.
const COLOURS: [&str; 7] = [
    "#4b3fd1", "#e07b39", "#16876a", "#c2447d", "#2c83c4", "#a68a00", "#7a5c46",
];

/// The mark of a segment; without a colour an open ring.
fn mark(colour: &str) -> AnyView {
    let (fill, stroke) = match colour {
        "" => ("none", "var(--line-strong)"),
        colour => (colour, "none"),
    };
    let (fill, stroke) = (fill.to_owned(), stroke.to_owned());
    view! {
        <svg class="segment-mark" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
            <rect x="1" y="1" width="8" height="8" rx="3" fill=fill stroke=stroke stroke-width="1.4"></rect>
        </svg>
    }
    .into_any()
}

/// The two ways to look at segments.
pub fn tabs(lang: Lang, saved: bool) -> AnyView {
    crate::ui::tabs::tabs(
        t!(lang, "nav-segments"),
        vec![
            (t!(lang, "saved-tab-runs"), "/segments".to_owned(), !saved),
            (t!(lang, "saved-tab-saved"), "/segments/saved".to_owned(), saved),
        ],
    )
}
