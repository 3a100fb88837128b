//! Calls that may be sent twice: the first is worked on, a repeated one gets the same answer. The key belongs to the acting person.
//!
//! Must not know how a header looks; an answer is a status, some headers and some bytes.

mod store;

use crate::Engine;
use crate::auth::Actor;
use crate::error::Result;
use std::time::Duration;

/// How often whoever works on a call says so.
pub const RENEW_EVERY: Duration = Duration::from_secs(5);
/// Silence after which the call is taken to be dead.
const HOLD_SECONDS: f64 = 20.0;

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What a key stands for when a call arrives.
#[derive(Debug, PartialEq)]
pub enum Claim {
    /// Nobody has called with this key: work on it, then [`keep`] or [`release`].
    Ours,
    /// Answered before.
    Kept(Kept),
    /// The first call is still being worked on.
    Held,
    /// The key was used for another request.
    Other,
}

/// `fingerprint` tells requests apart: the SHA-256 of what identifies this one.
pub async fn claim(engine: &Engine, actor: &Actor, key: &str, fingerprint: &[u8]) -> Result<Claim> {
    store::forget_old(engine.pool()).await?;
    let name = owner(actor);
    if store::take(engine.pool(), &name, key, fingerprint, HOLD_SECONDS).await? {
        return Ok(Claim::Ours);
    }
    let Some(row) = store::find(engine.pool(), &name, key).await? else {
        return Ok(Claim::Held);
    };
    if row.fingerprint != fingerprint {
        return Ok(Claim::Other);
    }
    match (row.status, row.headers, row.body) {
        (Some(status), Some(headers), Some(body)) => Ok(Claim::Kept(Kept {
            status: u16::try_from(status).unwrap_or(500),
            headers: serde_json::from_value(headers)?,
            body,
        })),
        _ => Ok(Claim::Held),
    }
}

/// Says that the call is still being worked on.
pub async fn renew(engine: &Engine, actor: &Actor, key: &str) -> Result<()> {
    store::renew(engine.pool(), &owner(actor), key, HOLD_SECONDS).await
}

pub async fn keep(engine: &Engine, actor: &Actor, key: &str, answer: &Kept) -> Result<()> {
    let headers = serde_json::to_value(&answer.headers)?;
    store::keep(engine.pool(), &owner(actor), key, answer.status, headers, &answer.body).await
}

/// Frees the key: the call failed in a way that may be tried again.
pub async fn release(engine: &Engine, actor: &Actor, key: &str) -> Result<()> {
    store::remove(engine.pool(), &owner(actor), key).await
}

fn owner(actor: &Actor) -> String {
    actor
        .person_id
        .map_or_else(|| actor.name.clone(), |id| format!("person {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[tokio::test]
    async fn a_repeated_call_gets_the_first_answer() {
        let t = testing::engine().await;
        let actor = Actor::command_line();
        let claim = async |key: &str, print: &[u8]| super::claim(&t.engine, &actor, key, print).await.unwrap();
        assert_eq!(claim("k", b"a").await, Claim::Ours);
        assert_eq!(claim("k", b"a").await, Claim::Held);
        let answer = Kept {
            status: 202,
            headers: vec![("location".into(), "/x".into())],
            body: b"{}".to_vec(),
        };
        keep(&t.engine, &actor, "k", &answer).await.unwrap();
        assert_eq!(claim("k", b"a").await, Claim::Kept(answer));
        assert_eq!(claim("k", b"b").await, Claim::Other);
        t.close().await;
    }

    #[tokio::test]
    async fn a_dead_call_frees_its_key() {
        let t = testing::engine().await;
        let actor = Actor::command_line();
        assert_eq!(claim(&t.engine, &actor, "k", b"a").await.unwrap(), Claim::Ours);
        sqlx::query("update idempotency set held_until = now() - interval '1 second'")
            .execute(t.engine.pool())
            .await
            .unwrap();
        assert_eq!(claim(&t.engine, &actor, "k", b"a").await.unwrap(), Claim::Ours);
        release(&t.engine, &actor, "k").await.unwrap();
        assert_eq!(claim(&t.engine, &actor, "k", b"other").await.unwrap(), Claim::Ours);
        t.close().await;
    }
}
