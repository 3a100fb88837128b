//! The way through a long list: where we are and the next piece.

use leptos::prelude::*;

/// `next` is the text and the address of the next piece; `first` leads back to the start.
pub fn pager(shown: String, first: Option<(String, String)>, next: Option<(String, String)>) -> AnyView {
    let link = |(text, href): (String, String)| view! { <a class="btn btn--small" href=href>{text}</a> };
    let label = shown.clone();
    view! {
        <nav class="pager" aria-label=label>
            <span>{shown}</span>
            <span class="row">{first.map(link)}{next.map(link)}</span>
        </nav>
    }
    .into_any()
}
