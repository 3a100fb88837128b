//! Fields of forms: a label above, help or the fault below, tied together for readers of the screen.

use super::content::Content;
use super::faults::Faults;
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

/// A field of one line. Its id is its place on the page, its name what the form sends.
#[derive(Clone, Debug, Default)]
pub struct TextField {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    label: String,
    help: String,
    value: String,
    placeholder: Option<String>,
    fault: Option<&'static str>,
    autocomplete: Option<&'static str>,
    required: bool,
    shortest: Option<&'static str>,
    longest: Option<&'static str>,
}

impl TextField {
    pub fn new(id: &'static str, name: &'static str, label: String) -> TextField {
        TextField {
            id,
            name,
            label,
            kind: "text",
            ..TextField::default()
        }
    }

    pub fn email(mut self) -> TextField {
        self.kind = "email";
        self.required = true;
        self
    }

    /// One that is there already.
    pub fn password(mut self) -> TextField {
        self.kind = "password";
        self.required = true;
        self.autocomplete("current-password")
    }

    /// One that is chosen now, with the length that the engine asks for.
    pub fn new_password(mut self) -> TextField {
        self.kind = "password";
        self.required = true;
        self.shortest = Some("10");
        self.autocomplete("new-password")
    }

    pub fn required(mut self) -> TextField {
        self.required = true;
        self
    }

    pub fn autocomplete(mut self, word: &'static str) -> TextField {
        self.autocomplete = Some(word);
        self
    }

    pub fn longest(mut self, characters: &'static str) -> TextField {
        self.longest = Some(characters);
        self
    }

    pub fn value(mut self, value: impl Into<String>) -> TextField {
        self.value = value.into();
        self
    }

    pub fn placeholder(mut self, text: String) -> TextField {
        self.placeholder = Some(text);
        self
    }

    pub fn help(mut self, text: String) -> TextField {
        self.help = text;
        self
    }

    /// The field as the engine calls it, when the form calls it otherwise.
    pub fn fault_of(mut self, field: &'static str) -> TextField {
        self.fault = Some(field);
        self
    }

    pub fn view(self, faults: &Faults) -> AnyView {
        let field = self.fault.unwrap_or(self.name);
        let (invalid, described) = (faults.invalid(field), faults.described(field, self.id));
        view! {
            <Field id=self.id label=self.label help=self.help fault=faults.at(field)>
                <input
                    class="input"
                    id=self.id
                    name=self.name
                    type=self.kind
                    value=(!self.value.is_empty()).then_some(self.value)
                    placeholder=self.placeholder
                    autocomplete=self.autocomplete
                    required=self.required
                    minlength=self.shortest
                    maxlength=self.longest
                    aria-invalid=invalid
                    aria-describedby=described
                />
            </Field>
        }
        .into_any()
    }
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
