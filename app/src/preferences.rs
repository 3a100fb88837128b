//! Language and colours, kept in cookies. A plain form, so that it works before any script has loaded.

use crate::context::{LANG_COOKIE, THEME_COOKIE, Theme};
use crate::i18n::Lang;
use crate::visit::own_address;
use axum::Form;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

pub async fn choose(Form(chosen): Form<Chosen>) -> Response {
    let lang = Lang::parse(&chosen.lang).and_then(|lang| cookie(LANG_COOKIE, lang.code()));
    let theme = Theme::parse(&chosen.theme).and_then(|theme| cookie(THEME_COOKIE, theme.as_str()));
    let cookies: Vec<_> = [lang, theme]
        .into_iter()
        .flatten()
        .map(|cookie| (SET_COOKIE, cookie))
        .collect();
    (AppendHeaders(cookies), Redirect::to(own_address(&chosen.back))).into_response()
}

/// Kept for a year; read by the server only.
fn cookie(name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    ))
    .ok()
}
