//! People, their rights and tokens, and the settings of the installation.

use super::{Listed, number};
use crate::api::input::{Json as Body, Params};
use crate::problem::Answer;
use crate::routes::{Calls, Needs};
use crate::session::Acting;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use engine::auth::{self, NewPerson, PersonChange};
use engine::{Engine, Error, settings};
use serde::{Deserialize, Serialize};
use types::auth::{Person, Right, Rights, Role, Token};
use types::problems::Problem;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub fn add(calls: Calls) -> Calls {
    calls
        .add(Needs::Person, routes!(me))
        .add(Needs::Right(Right::Administer), routes!(list_users))
        .add(Needs::Right(Right::Administer), routes!(create_user))
        .add(Needs::Right(Right::Administer), routes!(update_user))
        .add(Needs::Person, routes!(list_tokens))
        .add(Needs::Person, routes!(create_token))
        .add(Needs::Person, routes!(revoke_token))
        .add(Needs::Right(Right::See), routes!(get_settings))
}

/// The acting person.
#[derive(Serialize, ToSchema)]
struct Me {
    /// Null when the command line acts.
    id: Option<i64>,
    email: String,
    name: String,
    rights: Rights,
    /// Every right that the role or the administrator gives, by name.
    may: Vec<Right>,
}

/// Who the token or the session belongs to, and what they may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn me(State(engine): State<Engine>, Acting(actor): Acting, params: Params) -> Answer<Json<Me>> {
    params.finish()?;
    let person = match actor.person_id {
        Some(id) => auth::account(&engine, id).await?.map(|account| account.person),
        None => None,
    };
    let may = Right::ALL.into_iter().filter(|right| actor.may(*right)).collect();
    let name = person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    Ok(Json(Me {
        id: actor.person_id,
        email: actor.name,
        name,
        rights: actor.rights,
        may,
    }))
}

/// Everybody who may sign in, or might once.
#[utoipa::path(get, path = "/api/v1/users", tag = "accounts",
    responses((status = 200, body = Listed<Person>), (status = 403, body = Problem)))]
async fn list_users(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
) -> Answer<Json<Listed<Person>>> {
    params.finish()?;
    Ok(Json(Listed {
        items: auth::list_people(&engine, &actor).await?,
        next: None,
    }))
}

/// A new person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    email: String,
    #[serde(default)]
    name: String,
    role: Role,
    /// The right *export*, by name.
    #[serde(default)]
    export: bool,
    /// The right *personal-data*, by name.
    #[serde(default)]
    personal_data: bool,
    /// At least 10 characters.
    password: String,
}

/// Add a person.
#[utoipa::path(post, path = "/api/v1/users", tag = "accounts", request_body = NewUser,
    responses((status = 201, body = Person), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn create_user(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewUser>,
) -> Answer<(StatusCode, Json<Person>)> {
    params.finish()?;
    let rights = Rights {
        role: new.role,
        export: new.export,
        personal_data: new.personal_data,
    };
    let new = NewPerson {
        email: new.email,
        name: new.name,
        rights,
        password: new.password,
    };
    Ok((
        StatusCode::CREATED,
        Json(auth::create_person(&engine, &actor, new).await?),
    ))
}

/// What changes; absent fields stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UserChange {
    name: Option<String>,
    role: Option<Role>,
    export: Option<bool>,
    personal_data: Option<bool>,
    /// A disabled person can no longer sign in; nobody is deleted, so that the audit log keeps its names.
    disabled: Option<bool>,
    /// Sets a new password and ends the person's sessions.
    password: Option<String>,
}

/// Change a person.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "accounts", params(("id" = i64, Path)), request_body = UserChange,
    responses((status = 200, body = Person), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn update_user(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
    Body(change): Body<UserChange>,
) -> Answer<Json<Person>> {
    params.finish()?;
    let id = number(&id, "Person")?;
    let people = auth::list_people(&engine, &actor).await?;
    let known = people
        .into_iter()
        .find(|person| person.id == id)
        .ok_or_else(|| Error::not_found(format!("Person {id}")))?;
    let rights = Rights {
        role: change.role.unwrap_or(known.rights.role),
        export: change.export.unwrap_or(known.rights.export),
        personal_data: change.personal_data.unwrap_or(known.rights.personal_data),
    };
    let change_of = PersonChange {
        name: change.name.unwrap_or(known.name),
        rights,
        disabled: change.disabled.unwrap_or(known.disabled),
    };
    let person = auth::update_person(&engine, &actor, id, change_of).await?;
    if let Some(password) = change.password {
        auth::set_password(&engine, &actor, id, None, password).await?;
    }
    Ok(Json(person))
}

/// An administrator sees all tokens, everybody else their own. Secrets are not among them.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts", responses((status = 200, body = Listed<Token>)))]
async fn list_tokens(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
) -> Answer<Json<Listed<Token>>> {
    params.finish()?;
    Ok(Json(Listed {
        items: auth::list_tokens(&engine, &actor).await?,
        next: None,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What it is for.
    #[serde(default)]
    name: String,
    /// Whose rights it carries: one's own when absent; anybody's for an administrator.
    email: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CreatedToken {
    #[serde(flatten)]
    token: Token,
    /// Shown this once.
    secret: String,
}

/// Make a token.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", request_body = NewToken,
    responses((status = 201, body = CreatedToken), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn create_token(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    params: Params,
    Body(new): Body<NewToken>,
) -> Answer {
    params.finish()?;
    let email = new.email.unwrap_or_else(|| actor.name.clone());
    let (token, secret) = auth::create_token(&engine, &actor, &email, &new.name).await?;
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(CreatedToken { token, secret }),
    )
        .into_response())
}

/// Make a token worthless.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "accounts", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
async fn revoke_token(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    params: Params,
) -> Answer<StatusCode> {
    params.finish()?;
    auth::revoke_token(&engine, &actor, number(&id, "Token")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The settings of the installation that an answer depends on.
#[derive(Serialize, ToSchema)]
struct Settings {
    currency: String,
    time_zone: String,
    /// The zone can no longer change, because facts have been read in it.
    time_zone_fixed: bool,
    return_window_days: i64,
    version: &'static str,
}

/// Currency, time zone, windows.
#[utoipa::path(get, path = "/api/v1/settings", tag = "accounts", responses((status = 200, body = Settings)))]
async fn get_settings(State(engine): State<Engine>, Acting(actor): Acting, params: Params) -> Answer<Json<Settings>> {
    params.finish()?;
    let known = settings::get_settings(&engine, &actor).await?;
    Ok(Json(Settings {
        currency: known.currency,
        time_zone: known.time_zone,
        time_zone_fixed: known.time_zone_fixed,
        return_window_days: known.return_window_days,
        version: known.version,
    }))
}
