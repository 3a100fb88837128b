//! API tokens: who has one, a new one (shown once), and taking one back.

use super::{Part, framed};
use crate::context::PageContext;
use crate::i18n::Lang;
use crate::page::Page;
use crate::t;
use crate::ui::button::post_button;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Cell, Column, Notice, Table, TextField, Tone, chip};
use crate::visit::{Visit, number};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::{Error, auth};
use leptos::prelude::*;
use serde::Deserialize;
use types::auth::{Right, Token};

pub async fn tokens(visit: Visit) -> Response {
    let form = TokenForm {
        email: visit.context.person.email.clone(),
        name: String::new(),
    };
    let page = load(&visit)
        .await
        .map(|tokens| view(&visit.context, tokens, form, Answer::None));
    visit.show(page).await
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    pub email: String,
    pub name: String,
}

/// What the page says above the form.
pub(super) enum Answer {
    None,
    /// The secret of the token that was just made.
    Made(String),
    Refused(Faults),
}

/// Answers with the page itself and not with a way on: the secret must not stand in any address.
pub async fn create_token(visit: Visit, Form(form): Form<TokenForm>) -> Response {
    let page = created(&visit, form).await;
    visit.show(page).await
}

async fn created(visit: &Visit, form: TokenForm) -> Result<Page, Error> {
    visit.actor.require(Right::Administer)?;
    let lang = visit.context.lang;
    let answer = match auth::create_token(visit.engine(), &visit.actor, &form.email, &form.name).await {
        Ok((_, secret)) => Answer::Made(secret),
        Err(Error::NotFound(_)) => Answer::Refused(Faults::one("email", t!(lang, "tokens-nobody"))),
        Err(error) => Answer::Refused(Faults::of(lang, &error).ok_or(error)?),
    };
    let status = if matches!(answer, Answer::Refused(_)) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(view(&visit.context, load(visit).await?, form, answer).with_status(status))
}

pub async fn revoke_token(visit: Visit, Path(id): Path<String>) -> Response {
    let revoked = match (visit.actor.require(Right::Administer), number(&id, "Token")) {
        (Ok(()), Ok(id)) => auth::revoke_token(visit.engine(), &visit.actor, id).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    visit.go(revoked.map(|()| "/admin/tokens?done=revoked".into())).await
}

async fn load(visit: &Visit) -> Result<Vec<Token>, Error> {
    visit.actor.require(Right::Administer)?;
    auth::list_tokens(visit.engine(), &visit.actor).await
}

pub(super) fn view(context: &PageContext, tokens: Vec<Token>, form: TokenForm, answer: Answer) -> Page {
    let inner = context.clone();
    framed(context, Part::Tokens, move || {
        let lang = inner.lang;
        let (secret, faults, name) = match answer {
            Answer::None => (None, Faults::default(), form.name),
            // The next token is for something else.
            Answer::Made(secret) => (Some(secret), Faults::default(), String::new()),
            Answer::Refused(faults) => (None, faults, form.name),
        };
        view! {
            {secret.map(|secret| shown_once(lang, secret))}
            <Card title=t!(lang, "tokens-new") subtitle=t!(lang, "tokens-new-sub")>
                <form class="form-row" method="post" action="/admin/tokens">
                    {TextField::new("token-email", "email", t!(lang, "tokens-of")).email().value(form.email).view(&faults)}
                    {token_name(lang).value(name).view(&faults)}
                    <button class="btn btn--primary" type="submit">{t!(lang, "tokens-create")}</button>
                </form>
            </Card>
            <Card title=t!(lang, "admin-tokens") subtitle=t!(lang, "tokens-sub")>
                {token_table(&inner, &tokens, "/admin/tokens", true)}
            </Card>
        }
        .into_any()
    })
}

/// What a token is for.
pub fn token_name(lang: Lang) -> TextField {
    TextField::new("token-name", "name", t!(lang, "tokens-name"))
        .required()
        .longest("100")
        .placeholder(t!(lang, "tokens-name-example"))
}

/// The secret of a new token; there is no second chance to read it.
pub fn shown_once(lang: Lang, secret: String) -> AnyView {
    view! {
        <Notice tone=Tone::Good title=t!(lang, "tokens-made") text=t!(lang, "tokens-made-text")>
            <p class="admin-token">{secret}</p>
        </Notice>
    }
    .into_any()
}

/// Tokens with the button that takes each back; `base` is the address below which they are revoked.
pub fn token_table(context: &PageContext, tokens: &[Token], base: &str, with_person: bool) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    if tokens.is_empty() {
        return view! { <p class="muted">{t!(lang, "tokens-none")}</p> }.into_any();
    }
    let rows = tokens.iter().map(|token| {
        let last = match token.revoked_at {
            Some(at) => Cell::View(chip(Tone::Warn, t!(lang, "tokens-revoked", time = format.time(at)))),
            None => Cell::View(post_button(
                ButtonLook::Danger,
                None,
                format!("{base}/{}/revoke", token.id),
                t!(lang, "tokens-revoke"),
            )),
        };
        let name = if token.name.is_empty() {
            t!(lang, "tokens-unnamed")
        } else {
            token.name.clone()
        };
        vec![
            if with_person {
                Cell::Two(name, token.email.clone())
            } else {
                Cell::text(name)
            },
            Cell::Muted(format.time(token.created_at)),
            Cell::Muted(
                token
                    .last_used_at
                    .map_or_else(|| t!(lang, "tokens-unused"), |at| format.time(at)),
            ),
            last,
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "tokens-token")),
        Column::number(t!(lang, "tokens-created")).wide_only(),
        Column::number(t!(lang, "tokens-used")).wide_only(),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "admin-tokens"))
    .view()
}
