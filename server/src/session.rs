//! Who is asking: a bearer token or a session cookie, turned into the acting person before any handler runs. Passwords, throttling and
//! the store of sessions are the engine's.

use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_login::{AuthManagerLayer, AuthManagerLayerBuilder, AuthUser, AuthnBackend};
use engine::auth::{self, Account, Actor, PgSessions};
use engine::{Engine, Error};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

/// A session ends after so many days without a visit.
const IDLE_DAYS: i64 = 30;

/// The engine finds the sessions of a person by this value, to end them all at once.
const PERSON_KEY: &str = "person_id";
/// The day of the last visit: written once a day, which moves the end of the session on.
const SEEN_KEY: &str = "seen";

pub type AuthSession = axum_login::AuthSession<People>;

/// A person with a session, bound to the password of the moment.
#[derive(Clone)]
pub struct SignedIn(pub Account);

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "person {}", self.0.person.id)
    }
}

impl AuthUser for SignedIn {
    type Id = i64;

    fn id(&self) -> i64 {
        self.0.person.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        &self.0.session_tag
    }
}

/// What somebody types, and from where.
pub struct Credentials {
    pub email: String,
    pub password: String,
    pub address: String,
}

#[derive(Clone)]
pub struct People {
    engine: Engine,
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("People")
    }
}

impl AuthnBackend for People {
    type User = SignedIn;
    type Credentials = Credentials;
    type Error = Error;

    async fn authenticate(&self, given: Credentials) -> Result<Option<SignedIn>, Error> {
        let account = auth::sign_in(&self.engine, &given.email, &given.password, &given.address).await?;
        Ok(account.map(SignedIn))
    }

    async fn get_user(&self, id: &i64) -> Result<Option<SignedIn>, Error> {
        Ok(auth::account(&self.engine, *id).await?.map(SignedIn))
    }
}

/// The layer that reads and writes session cookies.
pub fn layer(state: &AppState) -> AuthManagerLayer<People, PgSessions> {
    let sessions = SessionManagerLayer::new(PgSessions::new(state.engine.clone()))
        .with_name("silhouette")
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(state.settings.is_https())
        .with_expiry(Expiry::OnInactivity(time::Duration::days(IDLE_DAYS)));
    AuthManagerLayerBuilder::new(
        People {
            engine: state.engine.clone(),
        },
        sessions,
    )
    .build()
}

/// Starts a session; the id of the cookie changes, so that a planted one is worth nothing.
pub async fn begin(session: &mut AuthSession, account: Account) -> Result<(), Error> {
    let person = SignedIn(account);
    session.login(&person).await.map_err(|error| session_error(&error))?;
    session
        .session
        .insert(PERSON_KEY, person.id())
        .await
        .map_err(Error::internal)
}

/// Ends the session of this browser.
pub async fn end(session: &mut AuthSession) -> Result<(), Error> {
    session
        .logout()
        .await
        .map(|_| ())
        .map_err(|error| session_error(&error))
}

fn session_error(error: &axum_login::Error<People>) -> Error {
    Error::internal(format!("the session could not be written: {error:?}"))
}

/// Finds the acting person and puts them into the request. A token that is not valid is refused here; nobody at all is not.
pub async fn acting(State(state): State<AppState>, session: AuthSession, mut request: Request, next: Next) -> Response {
    match find(&state, session, request.headers()).await {
        Ok(Some(Found { actor, account })) => {
            request.extensions_mut().insert(actor);
            if let Some(account) = account {
                request.extensions_mut().insert(account);
            }
        }
        Ok(None) => {}
        Err(error) => return Refusal(error).into_response(),
    }
    next.run(request).await
}

struct Found {
    actor: Actor,
    account: Option<Account>,
}

async fn find(state: &AppState, session: AuthSession, headers: &HeaderMap) -> Result<Option<Found>, Error> {
    if headers.contains_key(header::AUTHORIZATION) {
        let token = bearer(headers).ok_or(Error::Unauthenticated)?;
        let actor = auth::actor_by_token(&state.engine, token)
            .await?
            .ok_or(Error::Unauthenticated)?;
        return Ok(Some(Found { actor, account: None }));
    }
    let Some(SignedIn(account)) = session.user else {
        return Ok(None);
    };
    let today = state.engine.clock().now().date_naive().to_string();
    if session
        .session
        .get::<String>(SEEN_KEY)
        .await
        .map_err(Error::internal)?
        .as_ref()
        != Some(&today)
    {
        session.session.insert(SEEN_KEY, today).await.map_err(Error::internal)?;
    }
    Ok(Some(Found {
        actor: account.actor(),
        account: Some(account),
    }))
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The acting person of a handler; refused when there is none.
pub struct Acting(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Acting {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Acting, Refusal> {
        parts
            .extensions
            .get::<Actor>()
            .cloned()
            .map(Acting)
            .ok_or(Refusal(Error::Unauthenticated))
    }
}

/// Where the request comes from, for the throttle. A proxy on this machine says it in `X-Forwarded-For`; nobody else is believed.
pub struct Address(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Address, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        Ok(Address(client(peer, &parts.headers)))
    }
}

fn client(peer: Option<IpAddr>, headers: &HeaderMap) -> String {
    let forwarded = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    match peer {
        Some(peer) if peer.is_loopback() => forwarded().unwrap_or(peer).to_string(),
        Some(peer) => peer.to_string(),
        None => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.7".parse().unwrap());
        assert_eq!(client(Some("127.0.0.1".parse().unwrap()), &headers), "203.0.113.7");
        assert_eq!(client(Some("198.51.100.1".parse().unwrap()), &headers), "198.51.100.1");
    }

    #[test]
    fn the_scheme_of_a_token_may_be_written_anyhow() {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, "bearer sil_1".parse().unwrap());
        assert_eq!(bearer(&headers), Some("sil_1"));
        headers.insert(header::AUTHORIZATION, "Basic sil_1".parse().unwrap());
        assert_eq!(bearer(&headers), None);
    }
}
