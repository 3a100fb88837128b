//! The way in and out: the forms of the sign-in page arrive here. Whatever is refused goes back to the page as a word in the address, so
//! that a reload repeats nothing; the page has the sentence for each word.

use crate::problem::Answer;
use crate::session::{self, Address, AuthSession, Credentials};
use crate::state::AppState;
use app::context::encode_pairs;
use app::visit::own_address;
use axum::Form;
use axum::extract::State;
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

pub async fn first(State(state): State<AppState>, mut session: AuthSession, Form(typed): Form<First>) -> Answer {
    match auth::complete_setup(&state.engine, &typed.code, &typed.email, &typed.name, typed.password).await {
        Ok(account) => {
            session::begin(&mut session, account).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => Ok(back(word(&error)?, "")),
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
