//! API tokens: shown once, stored as a hash, with the rights of their person.

use super::{Account, Actor, store};
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::{Right, Token};

/// Marks our secrets, so that scanners of leaked secrets can know them.
const PREFIX: &str = "sil_";

/// None when the token is unknown, revoked, or its person disabled.
pub async fn actor_by_token(engine: &Engine, token: &str) -> Result<Option<Actor>> {
    if !token.starts_with(PREFIX) {
        return Ok(None);
    }
    let row = store::person_by_token(engine.pool(), &super::sha256(token.as_bytes())).await?;
    row.map(|row| Account::from_row(&row).map(|account| account.actor()))
        .transpose()
}

/// Makes a token for a person: for oneself, or as an administrator for anybody. The secret is returned once.
pub async fn create_token(engine: &Engine, actor: &Actor, email: &str, name: &str) -> Result<(Token, String)> {
    let person = store::person_by_email(engine.pool(), email.trim())
        .await?
        .filter(|person| person.disabled_at.is_none())
        .ok_or_else(|| Error::not_found(format!("A person with the e-mail {email}")))?;
    if actor.person_id != Some(person.id) {
        actor.require(Right::Administer)?;
    }
    let secret = format!("{PREFIX}{}", hex::encode(super::random_bytes()));
    let mut tx = engine.pool().begin().await?;
    let id = store::insert_token(&mut tx, person.id, name.trim(), &super::sha256(secret.as_bytes())).await?;
    let detail = json!({ "person": person.id });
    audit::record(&mut tx, actor, "token.create", &format!("token {id}"), detail).await?;
    tx.commit().await?;
    let token = store::tokens(engine.pool(), Some(person.id))
        .await?
        .into_iter()
        .find(|token| token.id == id);
    Ok((token.ok_or_else(|| Error::not_found(format!("Token {id}")))?, secret))
}

/// An administrator sees all tokens, everybody else their own.
pub async fn list_tokens(engine: &Engine, actor: &Actor) -> Result<Vec<Token>> {
    actor.require(Right::See)?;
    store::tokens(engine.pool(), own_only(actor)).await
}

pub async fn revoke_token(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::See)?;
    let mut tx = engine.pool().begin().await?;
    if !store::revoke_token(&mut tx, id, own_only(actor)).await? {
        return Err(Error::not_found(format!("Token {id}")));
    }
    audit::record(&mut tx, actor, "token.revoke", &format!("token {id}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

fn own_only(actor: &Actor) -> Option<i64> {
    if actor.may(Right::Administer) {
        None
    } else {
        Some(actor.person_id.unwrap_or(0))
    }
}
