//! A message above the content: what happened, what is safe, what to do.

use super::chip::Tone;
use super::content::Content;
use leptos::prelude::*;

#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(into, optional)] text: String,
    #[prop(optional)] children: Option<Content>,
) -> impl IntoView {
    let (class, role) = match tone {
        Tone::Good => ("notice notice--good", "status"),
        Tone::Warn => ("notice notice--warn", "status"),
        Tone::Bad => ("notice notice--bad", "alert"),
        Tone::Neutral | Tone::Accent => ("notice", "status"),
    };
    view! {
        <div class=class role=role>
            <b>{title}</b>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| children.0)}
        </div>
    }
    .into_any()
}
