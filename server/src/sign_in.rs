//! The way in and out: the forms of the sign-in page arrive here. A refusal goes back to the page as a word in the address, so that a
//! reload repeats nothing; the page has the sentence for each word. Only the first administrator, who typed more than two fields, gets the
//! form back as it was.

use crate::problem::Answer;
use crate::session::{self, Address, AuthSession, Credentials};
use crate::state::AppState;
use app::auth::pages::refused_first;
use app::context::encode_pairs;
use app::state::AppState as PageState;
use app::visit::{own_address, preferences};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use engine::{Error, auth};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(mut session: AuthSession, Address(address): Address, Form(typed): Form<Typed>) -> Answer {
    let given = Credentials {
        email: typed.email,
        password: typed.password,
        address,
    };
    let account = match session.authenticate(given).await {
        Ok(Some(person)) => person.0,
        Ok(None) => return Ok(back("wrong", &typed.next)),
        Err(axum_login::Error::Backend(error)) => return Ok(back(word(&error)?, &typed.next)),
        Err(error) => return Err(Error::internal(format!("{error:?}")).into()),
    };
    session::begin(&mut session, account).await?;
    Ok(Redirect::to(own_address(&typed.next)).into_response())
}

#[derive(Deserialize)]
pub struct First {
    code: String,
    email: String,
    #[serde(default)]
    name: String,
    password: String,
}

pub async fn first(
    State(state): State<AppState>,
    mut session: AuthSession,
    headers: HeaderMap,
    Form(typed): Form<First>,
) -> Answer {
    match auth::complete_setup(&state.engine, &typed.code, &typed.email, &typed.name, typed.password).await {
        Ok(account) => {
            session::begin(&mut session, account).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => {
            let word = word(&error)?;
            // Somebody else may have been faster.
            if !auth::needs_setup(&state.engine).await? {
                return Ok(back(word, ""));
            }
            let pages = PageState::new(state.engine.clone(), state.site.clone());
            Ok(refused_first(&pages, preferences(&headers), word, typed.name, typed.email).await)
        }
    }
}

pub async fn sign_out(mut session: AuthSession) -> Answer {
    session::end(&mut session).await?;
    Ok(Redirect::to("/sign-in").into_response())
}

fn back(fault: &str, next: &str) -> Response {
    let address = format!(
        "/sign-in?{}",
        encode_pairs(&[("fault", fault), ("next", own_address(next))])
    );
    Redirect::to(&address).into_response()
}

/// The word of a refusal that the page explains; anything else is an error page.
fn word(error: &Error) -> Result<&'static str, Error> {
    match error {
        Error::Throttled(_) => Ok("throttled"),
        Error::Conflict(_) => Ok("taken"),
        Error::Invalid(fields) => Ok(match fields.first().map(|fault| fault.field.as_str()) {
            Some("code") => "code",
            Some("email") => "email",
            Some("password") => "password",
            _ => "wrong",
        }),
        Error::Unavailable(reason) => Err(Error::Unavailable(reason.clone())),
        other => Err(Error::internal(other.causes())),
    }
}
