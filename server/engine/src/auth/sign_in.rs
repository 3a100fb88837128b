//! Signing in with a password, with a throttle per person and per address.

use super::{Account, password, store};
use crate::Engine;
use crate::error::{Error, Result};

/// Failures in a quarter of an hour after which a person, or an address, has to wait.
const PER_PERSON: i64 = 8;
const PER_ADDRESS: i64 = 40;
const WAIT_SECONDS: u64 = 15 * 60;

/// None for a wrong e-mail or password: the answer does not say which.
pub async fn sign_in(engine: &Engine, email: &str, password: &str, address: &str) -> Result<Option<Account>> {
    let pool = engine.pool();
    // Hashed, so that the throttle's table holds no e-mail addresses that were never ours.
    let person = format!(
        "person:{}",
        hex::encode(super::sha256(email.trim().to_lowercase().as_bytes()))
    );
    let address = format!("address:{address}");
    if store::recent_failures(pool, &person).await? >= PER_PERSON
        || store::recent_failures(pool, &address).await? >= PER_ADDRESS
    {
        return Err(Error::Throttled(WAIT_SECONDS));
    }
    let row = store::person_by_email(pool, email.trim()).await?;
    let hash = row
        .as_ref()
        .filter(|row| row.disabled_at.is_none())
        .map(|row| row.password_hash.clone());
    if !password::verify(password.to_owned(), hash).await? {
        store::record_failure(pool, &person).await?;
        store::record_failure(pool, &address).await?;
        return Ok(None);
    }
    store::forget_failures(pool, &person).await?;
    let Some(row) = row else { return Ok(None) };
    store::touch_person(pool, row.id).await?;
    Ok(Some(Account::from_row(&row)?))
}
