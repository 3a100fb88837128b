//! Parts of one subject, each with its own address.

use leptos::prelude::*;

/// (text, address, whether this is the one shown).
pub fn tabs(label: String, items: Vec<(String, String, bool)>) -> AnyView {
    let items = items
        .into_iter()
        .map(|(text, href, current)| {
            view! { <a href=href aria-current=current.then_some("page")>{text}</a> }.into_any()
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{items}</nav> }.into_any()
}
