//! The way in: e-mail and password, or the one-time code while there is no administrator. The forms go to `POST /sign-in` and
//! `POST /sign-in/first`; a refusal comes back as `?fault=`, or with what was typed.

use crate::context::{Preferences, encode_pairs, pairs};
use crate::error;
use crate::i18n::{Lang, find};

use crate::shell::Bare;
use crate::state::AppState;
use crate::ui::faults::Faults;
use crate::ui::{Field, Notice, TextField, Tone};
use crate::visit::{Guest, own_address};
use crate::{page, t};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

pub async fn sign_in(guest: Guest) -> Response {
    match engine::auth::needs_setup(&guest.state.engine).await {
        Ok(first) => page::render_bare(&guest.state.site, view(&guest, first)).await,
        Err(error) => error::bare(&guest.state.site, guest.preferences, &error).await,
    }
}

fn view(guest: &Guest, first: bool) -> Bare {
    let lang = guest.preferences.lang;
    let asked = |key: &str| {
        pairs(&guest.query)
            .into_iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
            .unwrap_or_default()
    };
    let next = own_address(&asked("next")).to_owned();
    let fault = asked("fault");
    let status = if fault.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let address = format!("/sign-in?{}", encode_pairs(&[("next", next.as_str())]));
    Bare {
        title: if first {
            t!(lang, "auth-first-title")
        } else {
            t!(lang, "auth-title")
        },
        preferences: guest.preferences,
        address,
        status,
        body: Box::new(move || {
            if first {
                first_form(lang, &fault, String::new(), String::new())
            } else {
                usual_form(lang, &fault, next)
            }
        }),
    }
}

/// The form of the first administrator again, with everything that is no secret still in it. An address could hold it, too, but addresses
/// are written into logs.
pub async fn refused_first(
    state: &AppState,
    preferences: Preferences,
    fault: &'static str,
    name: String,
    email: String,
) -> Response {
    let lang = preferences.lang;
    let page = Bare {
        title: t!(lang, "auth-first-title"),
        preferences,
        address: "/sign-in".to_owned(),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        body: Box::new(move || first_form(lang, fault, name, email)),
    };
    page::render_bare(&state.site, page).await
}

/// Why the last attempt was refused. An unknown word is treated as the usual one, because it came from the address.
fn refusal(lang: Lang, fault: &str) -> Option<AnyView> {
    if fault.is_empty() {
        return None;
    }
    let text = find(lang, &format!("auth-fault-{fault}")).unwrap_or_else(|| t!(lang, "auth-fault-wrong"));
    Some(view! { <Notice tone=Tone::Bad title=text/> }.into_any())
}

fn usual_form(lang: Lang, fault: &str, next: String) -> AnyView {
    view! {
        <form class="card auth-card form" method="post" action="/sign-in">
            <h1>{t!(lang, "auth-title")}</h1>
            {refusal(lang, fault)}
            <input type="hidden" name="next" value=next/>
            {email(lang, String::new())}
            {TextField::new("password", "password", t!(lang, "auth-password")).password().view(&Faults::default())}
            <button class="btn btn--primary" type="submit">{t!(lang, "auth-submit")}</button>
        </form>
    }
    .into_any()
}

fn first_form(lang: Lang, fault: &str, name: String, address: String) -> AnyView {
    view! {
        <form class="card auth-card form" method="post" action="/sign-in/first">
            <h1>{t!(lang, "auth-first-title")}</h1>
            <p class="soft">{t!(lang, "auth-first-lead")}</p>
            {refusal(lang, fault)}
            <Field id="code" label=t!(lang, "auth-code") help=t!(lang, "auth-code-help")>
                <input class="input input--code" id="code" name="code" required autocomplete="off" spellcheck="false" autofocus/>
            </Field>
            {TextField::new("name", "name", t!(lang, "auth-name")).autocomplete("name").value(name).view(&Faults::default())}
            {email(lang, address)}
            {TextField::new("password", "password", t!(lang, "auth-password"))
                .new_password()
                .help(t!(lang, "auth-password-help"))
                .view(&Faults::default())}
            <button class="btn btn--primary" type="submit">{t!(lang, "auth-first-submit")}</button>
        </form>
    }
    .into_any()
}

fn email(lang: Lang, typed: String) -> AnyView {
    TextField::new("email", "email", t!(lang, "auth-email"))
        .email()
        .value(typed)
        .autocomplete("username")
        .view(&Faults::default())
}
