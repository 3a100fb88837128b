//! One request of somebody who is signed in, or of somebody who is not. Reads who and what; answers with a page, an error
//! page or a way on.

use crate::context::{DataStamp, PageContext, Preferences, encode, last_day, period_of};
use crate::error;
use crate::format::Format;
use crate::page::{self, Page};
use crate::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::auth::{Account, Actor};
use engine::{Engine, Error};

/// A request of a person. The session layer of the server puts the [`Account`] into the request's extensions.
pub struct Visit {
    state: AppState,
    pub actor: Actor,
    pub context: PageContext,
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Visit, Response> {
        let Some(account) = parts.extensions.get::<Account>().cloned() else {
            return Err(to_sign_in(parts).into_response());
        };
        let preferences = preferences(&parts.headers);
        let config = state.engine.config();
        let format = Format::new(preferences.lang, &config.currency, config.time_zone);
        let data = match stamp(&state.engine, &account.actor()).await {
            Ok(data) => data,
            Err(error) => return Err(error::bare(&state.site, preferences, &error).await),
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let last_day = last_day(&format, data, state.engine.clock().now());
        let context = PageContext {
            person: account.person.clone(),
            theme: preferences.theme,
            lang: preferences.lang,
            format,
            data,
            period: period_of(&query, last_day),
            usual_end: last_day.succ_opt().unwrap_or(last_day),
            path: parts.uri.path().to_owned(),
            query,
        };
        Ok(Visit {
            state: state.clone(),
            actor: account.actor(),
            context,
        })
    }
}

impl Visit {
    pub fn engine(&self) -> &Engine {
        &self.state.engine
    }

    /// The page, or what went wrong with the way back.
    pub async fn show(self, page: Result<Page, Error>) -> Response {
        let page = match page {
            Ok(page) => page,
            Err(error) => error::page(&self.context, &error),
        };
        page::render(&self.state.site, self.context, page).await
    }

    /// After a change: on to the next address, so that a reload does not repeat it.
    pub async fn go(self, next: Result<String, Error>) -> Response {
        match next {
            Ok(address) => Redirect::to(&address).into_response(),
            Err(error) => self.show(Err(error)).await,
        }
    }
}

/// A request of somebody who may not be signed in.
pub struct Guest {
    pub state: AppState,
    pub preferences: Preferences,
    pub query: String,
}

impl FromRequestParts<AppState> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Guest, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        Ok(Guest {
            state: state.clone(),
            preferences: preferences(&parts.headers),
            query,
        })
    }
}

pub fn preferences(headers: &HeaderMap) -> Preferences {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    Preferences::read(text(header::COOKIE), text(header::ACCEPT_LANGUAGE))
}

/// A number in an address; what is not one does not exist.
pub fn number(text: &str, what: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| Error::not_found(format!("{what} {text}")))
}

/// Only addresses of this site, so that nobody is led away by a crafted link.
pub fn own_address(address: &str) -> &str {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\n', '\r']);
    if own { address } else { "/" }
}

fn to_sign_in(parts: &Parts) -> Response {
    if parts.method != axum::http::Method::GET {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let here = parts.uri.path_and_query().map_or("/", |here| here.as_str());
    if here == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    Redirect::to(&format!("/sign-in?next={}", encode(here))).into_response()
}

async fn stamp(engine: &Engine, actor: &Actor) -> Result<DataStamp, Error> {
    let stamp = engine::sealing::stamp(engine, actor).await?;
    Ok(DataStamp {
        version: stamp.version,
        as_of: stamp.data_as_of,
        customers: stamp.customers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_addresses_are_followed() {
        assert_eq!(own_address("/segments?a=1"), "/segments?a=1");
        for foreign in [
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "",
            "javascript:x",
        ] {
            assert_eq!(own_address(foreign), "/");
        }
    }

    #[test]
    fn what_is_no_number_does_not_exist() {
        assert_eq!(number("7", "Upload").unwrap(), 7);
        assert_eq!(number("x", "Upload").unwrap_err().status(), 404);
    }
}
