//! Fields of forms: a label above, help or the fault below, tied together for readers of the screen.

use super::content::Content;
use leptos::prelude::*;

/// A field around one control that the caller writes; the control carries `id`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] help: String,
    #[prop(into, optional)] fault: String,
    children: Content,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {children.0}
            {(!help.is_empty()).then(|| view! { <span class="help">{help}</span> })}
            {(!fault.is_empty()).then(|| view! { <span class="fault" id=format!("{id}-fault")>{fault}</span> })}
        </div>
    }
    .into_any()
}

/// One line of a list to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub text: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Choice {
        Choice {
            value: value.into(),
            text: text.into(),
        }
    }
}

/// A list to choose one from; `label` is only needed where no `<label for>` stands beside it.
pub fn select(id: String, name: String, label: Option<String>, choices: Vec<Choice>, chosen: &str) -> AnyView {
    let options = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.value == chosen;
            view! { <option value=choice.value selected=selected>{choice.text}</option> }.into_any()
        })
        .collect_view();
    view! { <select class="input" id=id name=name aria-label=label>{options}</select> }.into_any()
}
