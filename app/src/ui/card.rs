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
                {links.into_iter().map(|(text, href)| link(text, href, &title)).collect_view()}
            </span>
        }
        .into_any()
    });
    view! {
        <section class=format!("card {columns}")>
            <header>
                <div class="name">
                    <h2>{title}</h2>
                    {(!subtitle.is_empty()).then(|| view! { <span class="sub">{subtitle}</span> })}
                </div>
                {more}
            </header>
            {children.0}
        </section>
    }
    .into_any()
}

/// Whoever hears the link alone hears of which card it is.
fn link(text: String, href: String, title: &str) -> AnyView {
    let label = format!("{text}: {title}");
    view! { <a href=href aria-label=label>{text}</a> }.into_any()
}
