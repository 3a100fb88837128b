//! The SQL of accounts.

use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use types::auth::{Person, Rights, Role, Token};

pub struct PersonRow {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub role: String,
    pub can_export: bool,
    pub can_see_personal_data: bool,
    pub password_hash: String,
    pub disabled_at: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl PersonRow {
    pub fn rights(&self) -> Result<Rights> {
        let role = Role::parse(&self.role).ok_or_else(|| Error::internal("a person has an unknown role"))?;
        Ok(Rights {
            role,
            export: self.can_export,
            personal_data: self.can_see_personal_data,
        })
    }

    pub fn person(&self) -> Result<Person> {
        Ok(Person {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            rights: self.rights()?,
            disabled: self.disabled_at.is_some(),
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        })
    }
}

pub async fn person_by_email(pool: &PgPool, email: &str) -> Result<Option<PersonRow>> {
    Ok(sqlx::query_as!(
        PersonRow,
        "select id, email, name, role, can_export, can_see_personal_data, password_hash, disabled_at, last_seen_at, created_at
         from people where lower(email) = lower($1)",
        email
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn person_by_id(pool: &PgPool, id: i64) -> Result<Option<PersonRow>> {
    Ok(sqlx::query_as!(
        PersonRow,
        "select id, email, name, role, can_export, can_see_personal_data, password_hash, disabled_at, last_seen_at, created_at
         from people where id = $1",
        id
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn person_by_token(pool: &PgPool, token_hash: &[u8]) -> Result<Option<PersonRow>> {
    Ok(sqlx::query_as!(
        PersonRow,
        "with used as (
             update tokens set last_used_at = now()
             where token_hash = $1 and revoked_at is null returning person_id
         )
         select p.id, p.email, p.name, p.role, p.can_export, p.can_see_personal_data, p.password_hash, p.disabled_at,
                p.last_seen_at, p.created_at
         from people p join used on used.person_id = p.id where p.disabled_at is null",
        token_hash
    )
    .fetch_optional(pool)
    .await?)
}

pub async fn all_people(pool: &PgPool) -> Result<Vec<PersonRow>> {
    Ok(sqlx::query_as!(
        PersonRow,
        "select id, email, name, role, can_export, can_see_personal_data, password_hash, disabled_at, last_seen_at, created_at
         from people order by id"
    )
    .fetch_all(pool)
    .await?)
}

pub async fn touch_person(pool: &PgPool, id: i64) -> Result<()> {
    sqlx::query!("update people set last_seen_at = now() where id = $1", id)
        .execute(pool)
        .await?;
    Ok(())
}

/// None when the e-mail is taken.
pub async fn insert_person(
    tx: &mut PgConnection,
    email: &str,
    name: &str,
    rights: Rights,
    password_hash: &str,
) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "insert into people (email, name, role, can_export, can_see_personal_data, password_hash)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id",
        email,
        name,
        rights.role.as_str(),
        rights.export,
        rights.personal_data,
        password_hash
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn update_person(tx: &mut PgConnection, id: i64, name: &str, rights: Rights, disabled: bool) -> Result<bool> {
    let done = sqlx::query!(
        "update people set name = $2, role = $3, can_export = $4, can_see_personal_data = $5,
                disabled_at = case when $6 then coalesce(disabled_at, now()) end
         where id = $1",
        id,
        name,
        rights.role.as_str(),
        rights.export,
        rights.personal_data,
        disabled
    )
    .execute(&mut *tx)
    .await?;
    if disabled {
        sqlx::query!("delete from sessions where person_id = $1", id)
            .execute(tx)
            .await?;
    }
    Ok(done.rows_affected() == 1)
}

pub async fn set_password_hash(tx: &mut PgConnection, id: i64, hash: &str) -> Result<()> {
    sqlx::query!("update people set password_hash = $2 where id = $1", id, hash)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from sessions where person_id = $1", id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Administrators who can still sign in, besides one person.
pub async fn other_admins(tx: &mut PgConnection, besides: i64) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from people where role = 'admin' and disabled_at is null and id <> $1"#,
        besides
    )
    .fetch_one(tx)
    .await?)
}

pub async fn has_admin(pool: &PgPool) -> Result<bool> {
    Ok(
        sqlx::query_scalar!(r#"select exists(select 1 from people where role = 'admin') as "known!""#)
            .fetch_one(pool)
            .await?,
    )
}

pub async fn set_setup_code(tx: &mut PgConnection, hash: Option<&[u8]>) -> Result<()> {
    sqlx::query!("update installation set setup_code_hash = $1", hash)
        .execute(tx)
        .await?;
    Ok(())
}

/// The stored hash, with the installation's row locked until the transaction ends: two visitors cannot use one code.
pub async fn lock_setup_code(tx: &mut PgConnection) -> Result<Option<Vec<u8>>> {
    Ok(
        sqlx::query_scalar!("select setup_code_hash from installation for update")
            .fetch_one(tx)
            .await?,
    )
}

pub async fn record_failure(pool: &PgPool, subject: &str) -> Result<()> {
    sqlx::query!("delete from login_failures where at < now() - interval '1 day'")
        .execute(pool)
        .await?;
    sqlx::query!("insert into login_failures (subject) values ($1)", subject)
        .execute(pool)
        .await?;
    Ok(())
}

pub async fn forget_failures(pool: &PgPool, subject: &str) -> Result<()> {
    sqlx::query!("delete from login_failures where subject = $1", subject)
        .execute(pool)
        .await?;
    Ok(())
}

/// Failures of a subject in the last quarter of an hour.
pub async fn recent_failures(pool: &PgPool, subject: &str) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from login_failures where subject = $1 and at > now() - interval '15 minutes'"#,
        subject
    )
    .fetch_one(pool)
    .await?)
}

pub async fn insert_token(tx: &mut PgConnection, person_id: i64, name: &str, hash: &[u8]) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "insert into tokens (person_id, name, token_hash) values ($1, $2, $3) returning id",
        person_id,
        name,
        hash
    )
    .fetch_one(tx)
    .await?)
}

pub async fn tokens(pool: &PgPool, person_id: Option<i64>) -> Result<Vec<Token>> {
    Ok(sqlx::query_as!(
        Token,
        r#"select t.id, t.person_id, p.email as "email!", t.name, t.created_at, t.last_used_at, t.revoked_at
           from tokens t join people p on p.id = t.person_id
           where $1::bigint is null or t.person_id = $1 order by t.id"#,
        person_id
    )
    .fetch_all(pool)
    .await?)
}

pub async fn revoke_token(tx: &mut PgConnection, id: i64, person_id: Option<i64>) -> Result<bool> {
    let done = sqlx::query!(
        "update tokens set revoked_at = coalesce(revoked_at, now()) where id = $1 and ($2::bigint is null or person_id = $2)",
        id,
        person_id
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
