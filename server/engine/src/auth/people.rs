//! People and their rights, kept by administrators.

use super::{Actor, Scope, password, store};
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use types::auth::{Person, Right, Rights};

/// Somebody who can sign in, with what a session must be bound to.
#[derive(Clone, Debug)]
pub struct Account {
    pub person: Person,
    /// Changes with the password, so that old sessions end.
    pub session_tag: Vec<u8>,
}

impl Account {
    pub fn actor(&self) -> Actor {
        Actor {
            person_id: Some(self.person.id),
            name: self.person.email.clone(),
            rights: self.person.rights,
            scope: Scope::All,
        }
    }

    pub(super) fn from_row(row: &store::PersonRow) -> Result<Account> {
        Ok(Account {
            person: row.person()?,
            session_tag: super::sha256(row.password_hash.as_bytes()).to_vec(),
        })
    }
}

/// What an administrator says of a new person.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct NewPerson {
    pub email: String,
    #[serde(default)]
    pub name: String,
    #[serde(flatten)]
    pub rights: Rights,
    pub password: String,
}

/// What an administrator changes.
#[derive(Clone, Debug)]
pub struct PersonChange {
    pub name: String,
    pub rights: Rights,
    pub disabled: bool,
}

/// Somebody who may act now: None when unknown or disabled.
pub async fn account(engine: &Engine, person_id: i64) -> Result<Option<Account>> {
    let row = store::person_by_id(engine.pool(), person_id).await?;
    match row {
        Some(row) if row.disabled_at.is_none() => Ok(Some(Account::from_row(&row)?)),
        _ => Ok(None),
    }
}

pub async fn list_people(engine: &Engine, actor: &Actor) -> Result<Vec<Person>> {
    actor.require(Right::Administer)?;
    store::all_people(engine.pool())
        .await?
        .iter()
        .map(store::PersonRow::person)
        .collect()
}

pub async fn create_person(engine: &Engine, actor: &Actor, new: NewPerson) -> Result<Person> {
    actor.require(Right::Administer)?;
    let email = check_email(&new.email)?;
    password::check_new(&new.password)?;
    let hash = password::hash(new.password).await?;
    let mut tx = engine.pool().begin().await?;
    let id = store::insert_person(&mut tx, &email, new.name.trim(), new.rights, &hash)
        .await?
        .ok_or_else(|| Error::Conflict(format!("There is a person with the e-mail {email} already.")))?;
    if new.rights.has(Right::Administer) {
        store::set_setup_code(&mut tx, None).await?;
    }
    let detail = json!({ "rights": new.rights });
    audit::record(&mut tx, actor, "person.create", &format!("person {id}"), detail).await?;
    tx.commit().await?;
    find(engine, id).await
}

pub async fn update_person(engine: &Engine, actor: &Actor, id: i64, change: PersonChange) -> Result<Person> {
    actor.require(Right::Administer)?;
    let mut tx = engine.pool().begin().await?;
    let stays_admin = change.rights.has(Right::Administer) && !change.disabled;
    if !stays_admin && store::other_admins(&mut tx, id).await? == 0 {
        return Err(Error::Conflict(
            "Somebody must remain administrator. Make another person administrator first.".into(),
        ));
    }
    if !store::update_person(&mut tx, id, change.name.trim(), change.rights, change.disabled).await? {
        return Err(Error::not_found(format!("Person {id}")));
    }
    let detail = json!({ "rights": change.rights, "disabled": change.disabled });
    audit::record(&mut tx, actor, "person.update", &format!("person {id}"), detail).await?;
    tx.commit().await?;
    find(engine, id).await
}

/// People change their own password with the old one; an administrator sets anybody's.
pub async fn set_password(engine: &Engine, actor: &Actor, id: i64, old: Option<String>, new: String) -> Result<()> {
    password::check_new(&new)?;
    let row = store::person_by_id(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Person {id}")))?;
    if actor.person_id == Some(id) {
        let old = old.unwrap_or_default();
        if !password::verify(old, Some(row.password_hash)).await? {
            return Err(Error::invalid("old_password", "is not the present password"));
        }
    } else {
        actor.require(Right::Administer)?;
    }
    let hash = password::hash(new).await?;
    let mut tx = engine.pool().begin().await?;
    store::set_password_hash(&mut tx, id, &hash).await?;
    audit::record(&mut tx, actor, "person.password", &format!("person {id}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) fn check_email(email: &str) -> Result<String> {
    let email = email.trim();
    let well_formed = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.len() > 1)
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.len() <= 254;
    if well_formed {
        Ok(email.to_owned())
    } else {
        Err(Error::invalid("email", "is not an e-mail address"))
    }
}

async fn find(engine: &Engine, id: i64) -> Result<Person> {
    let row = store::person_by_id(engine.pool(), id).await?;
    row.ok_or_else(|| Error::not_found(format!("Person {id}")))?.person()
}
