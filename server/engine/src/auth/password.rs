//! Password hashes: argon2id, two at a time at most, never on the threads that serve requests.

use crate::error::{Error, Result};
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and a core for a while.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Verified against when the person does not exist, so that an unknown e-mail takes as long as a wrong password.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());

/// Shortest password that we take.
pub const SHORTEST: usize = 10;

pub fn check_new(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST {
        return Err(Error::invalid(
            "password",
            format!("must have at least {SHORTEST} characters"),
        ));
    }
    if password.len() > 1000 {
        return Err(Error::invalid("password", "must have at most 1,000 bytes"));
    }
    Ok(())
}

pub async fn hash(password: String) -> Result<String> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// False for a wrong password and for an absent hash; both take the same time.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let Some(text) = hash.or_else(|| NOBODY.clone()) else {
            return Ok(false);
        };
        let parsed = PasswordHash::new(&text).map_err(|error| Error::internal(error.to_string()))?;
        let right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
        Ok(right && known)
    })
    .await?
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash.to_string())
}
