//! The page of one's own account and its forms. Everybody may change what is their own; rights are given elsewhere.

use crate::admin::pages::{shown_once, token_name, token_table};
use crate::context::{PageContext, Theme};
use crate::i18n::{Lang, named};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{Card, Head, Notice, TextField, Tone, chip};
use crate::visit::{Visit, number};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::{Error, auth};
use leptos::prelude::*;
use serde::Deserialize;
use types::auth::{Right, Token};

/// What the page has to say besides itself.
#[derive(Default)]
struct Said {
    faults: Faults,
    /// The secret of a token that was just made.
    secret: Option<String>,
}

pub async fn account(visit: Visit) -> Response {
    let page = load(&visit)
        .await
        .map(|tokens| view(&visit.context, tokens, Said::default()));
    visit.show(page).await
}

/// One's own tokens; administrators see all elsewhere.
async fn load(visit: &Visit) -> Result<Vec<Token>, Error> {
    let own = visit.context.person.id;
    let tokens = auth::list_tokens(visit.engine(), &visit.actor).await?;
    Ok(tokens.into_iter().filter(|token| token.person_id == own).collect())
}

#[derive(Deserialize)]
pub struct NewPassword {
    old: String,
    new: String,
}

/// A new password ends every session of the person, this one too: the way on leads through the sign-in page.
pub async fn change_password(visit: Visit, Form(form): Form<NewPassword>) -> Response {
    let id = visit.context.person.id;
    let error = match auth::set_password(visit.engine(), &visit.actor, id, Some(form.old), form.new).await {
        Ok(()) => return Redirect::to("/account?done=password").into_response(),
        Err(error) => error,
    };
    let Some(faults) = Faults::of(visit.context.lang, &error) else {
        return visit.show(Err(error)).await;
    };
    let said = Said { faults, secret: None };
    let page = load(&visit).await;
    let page = page.map(|tokens| view(&visit.context, tokens, said).with_status(StatusCode::UNPROCESSABLE_ENTITY));
    visit.show(page).await
}

#[derive(Deserialize)]
pub struct NewToken {
    #[serde(default)]
    name: String,
}

/// Answers with the page itself and not with a way on: the secret must not stand in any address.
pub async fn create_token(visit: Visit, Form(form): Form<NewToken>) -> Response {
    let page = created(&visit, &form.name).await;
    visit.show(page).await
}

async fn created(visit: &Visit, name: &str) -> Result<Page, Error> {
    let email = &visit.context.person.email;
    let (_, secret) = auth::create_token(visit.engine(), &visit.actor, email, name).await?;
    let said = Said {
        secret: Some(secret),
        ..Said::default()
    };
    Ok(view(&visit.context, load(visit).await?, said))
}

pub async fn revoke_token(visit: Visit, Path(id): Path<String>) -> Response {
    let revoked = revoke(&visit, &id).await;
    visit.go(revoked.map(|()| "/account?done=revoked".into())).await
}

async fn revoke(visit: &Visit, id: &str) -> Result<(), Error> {
    let number = number(id, "Token")?;
    let own = load(visit).await?.iter().any(|token| token.id == number);
    if !own {
        return Err(Error::not_found(format!("Token {id}")));
    }
    auth::revoke_token(visit.engine(), &visit.actor, number).await
}

fn view(context: &PageContext, tokens: Vec<Token>, said: Said) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "nav-account"), Nav::Account, move || {
        let lang = context.lang;
        let done = context.asked("done").map(|done| match done.as_str() {
            "revoked" => t!(lang, "account-done-revoked"),
            _ => t!(lang, "account-done-password"),
        });
        view! {
            <Head title=t!(lang, "nav-account") lead=t!(lang, "account-lead")/>
            {done.map(|title| view! { <Notice tone=Tone::Good title=title/> })}
            {said.secret.map(|secret| shown_once(lang, secret))}
            <div class="cols">
                {who(&context)}
                {password(lang, &said.faults)}
            </div>
            {looks(&context)}
            {own_tokens(&context, &tokens)}
        }
        .into_any()
    })
}

fn who(context: &PageContext) -> AnyView {
    let (lang, person) = (context.lang, &context.person);
    let rights = Right::ALL
        .into_iter()
        .filter(|right| context.may(*right))
        .map(|right| chip(Tone::Neutral, named(lang, "right-", right.as_str())))
        .collect_view();
    let name = if person.name.is_empty() {
        "–".to_owned()
    } else {
        person.name.clone()
    };
    view! {
        <Card title=t!(lang, "account-who") subtitle=t!(lang, "account-who-sub") columns="c6">
            <dl class="facts">
                <dt>{t!(lang, "account-name")}</dt><dd>{name}</dd>
                <dt>{t!(lang, "account-email")}</dt><dd>{person.email.clone()}</dd>
                <dt>{t!(lang, "account-role")}</dt><dd>{named(lang, "role-", person.rights.role.as_str())}</dd>
                <dt>{t!(lang, "account-rights")}</dt><dd class="row">{rights}</dd>
            </dl>
        </Card>
    }
    .into_any()
}

fn password(lang: Lang, faults: &Faults) -> AnyView {
    view! {
        <Card title=t!(lang, "account-password") subtitle=t!(lang, "account-password-sub") columns="c6">
            <form class="form" method="post" action="/account/password">
                {TextField::new("old", "old", t!(lang, "account-old")).password().fault_of("old_password").view(faults)}
                {TextField::new("new", "new", t!(lang, "account-new"))
                    .new_password()
                    .help(t!(lang, "account-new-help"))
                    .fault_of("password")
                    .view(faults)}
                <div class="form-actions"><button class="btn btn--primary" type="submit">{t!(lang, "account-change")}</button></div>
            </form>
        </Card>
    }
    .into_any()
}

/// Language and colours: forms, so that they work before any script has loaded.
fn looks(context: &PageContext) -> AnyView {
    let lang = context.lang;
    let languages = Lang::ALL
        .into_iter()
        .map(|choice| {
            // The name of a language stands in that language, so that whoever cannot read this page finds it.
            let text = match choice {
                Lang::En => "English",
                Lang::ZhCn => "简体中文",
            };
            let pressed = if choice == lang { "true" } else { "false" };
            view! { <button class="btn" type="submit" name="lang" value=choice.code() lang=choice.code() aria-pressed=pressed>{text}</button> }
                .into_any()
        })
        .collect_view();
    let themes = Theme::ALL
        .into_iter()
        .map(|choice| {
            let pressed = if choice == context.theme { "true" } else { "false" };
            let text = named(lang, "theme-", choice.as_str());
            view! { <button class="btn" type="submit" name="theme" value=choice.as_str() aria-pressed=pressed>{text}</button> }.into_any()
        })
        .collect_view();
    view! {
        <Card title=t!(lang, "account-looks") subtitle=t!(lang, "account-looks-sub")>
            <div class="account-looks">
                <form class="field" method="post" action="/preferences">
                    <input type="hidden" name="back" value="/account"/>
                    <span class="label" id="account-language">{t!(lang, "account-language")}</span>
                    <div class="row" role="group" aria-labelledby="account-language">{languages}</div>
                </form>
                <form class="field" method="post" action="/preferences">
                    <input type="hidden" name="back" value="/account"/>
                    <span class="label" id="account-theme">{t!(lang, "account-theme")}</span>
                    <div class="row" role="group" aria-labelledby="account-theme">{themes}</div>
                </form>
            </div>
        </Card>
    }
    .into_any()
}

fn own_tokens(context: &PageContext, tokens: &[Token]) -> AnyView {
    let lang = context.lang;
    view! {
        <Card title=t!(lang, "account-tokens") subtitle=t!(lang, "account-tokens-sub")>
            {token_table(context, tokens, "/account/tokens", false)}
            <form class="form-row" method="post" action="/account/tokens">
                {token_name(lang).view(&Faults::default())}
                <button class="btn" type="submit">{t!(lang, "tokens-create")}</button>
            </form>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
