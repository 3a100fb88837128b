//! A card: a title, what the numbers are counted in, and links to take them elsewhere.

use super::content::Content;
use leptos::prelude::*;

#[component]
pub fn Card(
    #[prop(into)] title: String,
    /// Unit, base and method, in grey.
    #[prop(into, optional)]
    subtitle: String,
    /// Links at the right: (text, address).
    #[prop(optional)]
    links: Vec<(String, String)>,
    /// How many of twelve columns it takes: `c6`.
    #[prop(into, optional)]
    columns: String,
    /// A word about the whole card, such as *proven*.
    #[prop(optional)]
    badge: Option<AnyView>,
    children: Content,
) -> impl IntoView {
    let more = (!links.is_empty() || badge.is_some()).then(|| {
        view! {
            <span class="more">
                {badge}
                {links.into_iter().map(|(text, href)| view! { <a href=href>{text}</a> }.into_any()).collect_view()}
            </span>
        }
        .into_any()
    });
    view! {
        <section class=format!("card {columns}")>
            <header>
                <h2>{title}</h2>
                {(!subtitle.is_empty()).then(|| view! { <span class="sub">{subtitle}</span> })}
                {more}
            </header>
            {children.0}
        </section>
    }
    .into_any()
}
