//! The head of a page: where we are, the sentence that says what to know, what can be done.

use leptos::prelude::*;

#[component]
pub fn Head(
    #[prop(into)] title: String,
    /// Sentences first: the answer in words.
    #[prop(into, optional)]
    lead: String,
    /// The list that this page belongs to: (text, address).
    #[prop(optional)]
    up: Option<(String, String)>,
    #[prop(optional)] actions: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="head">
            <div>
                {up.map(|(text, href)| view! { <p class="crumb"><a href=href>{text}</a></p> }.into_any())}
                <h1>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
            </div>
            {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
        </div>
    }
    .into_any()
}
