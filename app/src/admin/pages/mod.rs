//! Pages of administration. The engine checks the right; these pages only ask.

mod audit;
mod people;
mod person;
mod settings;
mod tokens;

pub use audit::audit;
pub use people::{create_person, people};
pub use person::{person, set_password, update_person};
pub use settings::settings;
pub use tokens::{create_token, revoke_token, shown_once, token_name, token_table, tokens};

use crate::context::PageContext;
use crate::i18n::{Lang, find, named};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{Choice, Head, Notice, Tone, tabs};
use leptos::prelude::*;
use types::auth::Role;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    People,
    Tokens,
    Audit,
    Settings,
}

/// The head and the tabs that all parts share.
fn framed(context: &PageContext, part: Part, body: impl FnOnce() -> AnyView + Send + 'static) -> Page {
    let lang = context.lang;
    let done = context
        .asked("done")
        .map(|done| find(lang, &format!("admin-done-{done}")).unwrap_or_else(|| t!(lang, "admin-done")));
    let tab = |this: Part, href: &str, text: String| (text, href.to_owned(), this == part);
    let items = vec![
        tab(Part::People, "/admin", t!(lang, "admin-people")),
        tab(Part::Tokens, "/admin/tokens", t!(lang, "admin-tokens")),
        tab(Part::Audit, "/admin/audit", t!(lang, "admin-audit")),
        tab(Part::Settings, "/admin/settings", t!(lang, "admin-settings")),
    ];
    Page::new(t!(lang, "nav-admin"), Nav::Admin, move || {
        view! {
            <Head title=t!(lang, "nav-admin") lead=t!(lang, "admin-lead")/>
            {tabs::tabs(t!(lang, "nav-admin"), items)}
            {done.map(|title| view! { <Notice tone=Tone::Good title=title/> })}
            {body()}
        }
        .into_any()
    })
}

fn role_choices(lang: Lang) -> Vec<Choice> {
    Role::ALL
        .into_iter()
        .map(|role| Choice::new(role.as_str(), named(lang, "role-", role.as_str())))
        .collect()
}

fn check(name: &'static str, text: String, checked: bool) -> AnyView {
    view! { <label class="check"><input type="checkbox" name=name value="yes" checked=checked/>{text}</label> }
        .into_any()
}

/// The rights that a person may have beyond the role.
fn extra_rights(lang: Lang, export: bool, personal_data: bool) -> AnyView {
    view! {
        <fieldset class="field">
            <legend class="label">{t!(lang, "admin-extra")}</legend>
            <div class="checks">
                {check("export", named(lang, "right-", "export"), export)}
                {check("personal_data", named(lang, "right-", "personal-data"), personal_data)}
            </div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests;
