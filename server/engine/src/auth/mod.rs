//! Who is acting, and what they may do: people, passwords, sessions, tokens, and the one-time code of the first administrator.
//!
//! Must not know how a cookie or a header looks.

mod actor;
mod password;
mod people;
mod sessions;
mod setup;
mod sign_in;
mod store;
mod tokens;

pub use actor::{Actor, Scope};
pub use people::{Account, NewPerson, PersonChange, account, create_person, list_people, set_password, update_person};
pub use sessions::PgSessions;
pub use setup::{complete_setup, issue_setup_code, needs_setup};
pub use sign_in::sign_in;
pub use tokens::{actor_by_token, create_token, list_tokens, revoke_token};

use sha2::{Digest, Sha256};

/// 32 random bytes from the system's source (two random UUIDs, stretched).
pub(crate) fn random_bytes() -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(uuid::Uuid::new_v4().as_bytes());
    hash.update(uuid::Uuid::new_v4().as_bytes());
    hash.update(uuid::Uuid::new_v4().as_bytes());
    hash.finalize().into()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
