//! The first administrator: whoever holds the one-time code that the start printed.

use super::{Account, Actor, Scope, password, people, store};
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::{Rights, Role};

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 12;
const FAILURES_BEFORE_WAIT: i64 = 10;

/// True until there is an administrator.
pub async fn needs_setup(engine: &Engine) -> Result<bool> {
    Ok(!store::has_admin(engine.pool()).await?)
}

/// A new code, which makes older ones void; None when there is an administrator.
pub async fn issue_setup_code(engine: &Engine) -> Result<Option<String>> {
    if !needs_setup(engine).await? {
        return Ok(None);
    }
    let code: String = super::random_bytes()
        .iter()
        .take(CODE_LENGTH)
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let mut tx = engine.pool().begin().await?;
    store::set_setup_code(&mut tx, Some(&hash(&code))).await?;
    tx.commit().await?;
    let grouped = code
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join("-");
    Ok(Some(grouped))
}

/// Makes the holder of the code the first administrator.
pub async fn complete_setup(engine: &Engine, code: &str, email: &str, name: &str, password: String) -> Result<Account> {
    if store::recent_failures(engine.pool(), "setup").await? >= FAILURES_BEFORE_WAIT {
        return Err(Error::Throttled(15 * 60));
    }
    let email = people::check_email(email)?;
    password::check_new(&password)?;
    let password_hash = password::hash(password).await?;
    let mut tx = engine.pool().begin().await?;
    let expected = store::lock_setup_code(&mut tx).await?;
    if store::has_admin(engine.pool()).await? {
        return Err(Error::Conflict(
            "There is an administrator already. Sign in, or ask them for an account.".into(),
        ));
    }
    if expected.as_deref() != Some(&hash(code)[..]) {
        drop(tx);
        store::record_failure(engine.pool(), "setup").await?;
        return Err(Error::invalid("code", "is not the code that the last start printed"));
    }
    let rights = Rights {
        role: Role::Admin,
        export: true,
        personal_data: false,
    };
    let id = store::insert_person(&mut tx, &email, name.trim(), rights, &password_hash)
        .await?
        .ok_or_else(|| Error::Conflict(format!("There is a person with the e-mail {email} already.")))?;
    store::set_setup_code(&mut tx, None).await?;
    let actor = Actor {
        person_id: Some(id),
        name: email,
        rights,
        scope: Scope::All,
    };
    audit::record(&mut tx, &actor, "setup.complete", &format!("person {id}"), json!({})).await?;
    tx.commit().await?;
    people::account(engine, id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Person {id}")))
}

/// Blanks, dashes and case do not matter to somebody who types the code.
fn hash(code: &str) -> [u8; 32] {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    super::sha256(plain.as_bytes())
}
