//! The SQL of schedules.

use crate::auth::Actor;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::runs::{Every, NewSchedule, Schedule};
use types::segments::Method;

struct Row {
    id: i64,
    method: String,
    params: Value,
    seed: i64,
    every: String,
    weekday: Option<i16>,
    day: Option<i16>,
    at: String,
    next_at: Option<DateTime<Utc>>,
    last_run: Option<i64>,
    problem: Option<String>,
    person_id: Option<i64>,
    created_by: String,
}

impl Row {
    fn shown(self) -> Result<Schedule> {
        let unknown = || Error::internal(format!("schedule {} has an unknown method or rhythm", self.id));
        let small = |value: Option<i16>| value.and_then(|value| u8::try_from(value).ok());
        Ok(Schedule {
            id: self.id,
            method: Method::parse(&self.method).ok_or_else(unknown)?,
            params: serde_json::from_value(self.params)?,
            seed: self.seed,
            every: Every::parse(&self.every).ok_or_else(unknown)?,
            weekday: small(self.weekday),
            day: small(self.day),
            at: self.at,
            next_at: self.next_at,
            last_run: self.last_run,
            problem: self.problem,
            person_id: self.person_id,
            created_by: self.created_by,
        })
    }
}

pub async fn insert(tx: &mut PgConnection, new: &NewSchedule, next: DateTime<Utc>, actor: &Actor) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "insert into run_schedules (method, params, seed, every, weekday, day, at, next_at, person_id, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
        new.method.as_str(),
        Value::Object(new.params.clone()),
        new.seed,
        new.every.as_str(),
        new.weekday.map(i16::from),
        new.day.map(i16::from),
        new.at,
        next,
        actor.person_id,
        actor.name
    )
    .fetch_one(tx)
    .await?)
}

pub async fn list(pool: &PgPool) -> Result<Vec<Schedule>> {
    sqlx::query_as!(
        Row,
        "select id, method, params, seed, every, weekday, day, at, next_at, last_run, problem, person_id, created_by
         from run_schedules order by id"
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(Row::shown)
    .collect()
}

pub async fn delete(tx: &mut PgConnection, id: i64) -> Result<bool> {
    let gone = sqlx::query!("delete from run_schedules where id = $1", id)
        .execute(tx)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// A schedule whose time has come and that nobody else is looking at.
pub async fn lock_due(tx: &mut PgConnection, now: DateTime<Utc>) -> Result<Option<Schedule>> {
    sqlx::query_as!(
        Row,
        "select id, method, params, seed, every, weekday, day, at, next_at, last_run, problem, person_id, created_by
         from run_schedules where next_at <= $1 order by next_at, id limit 1 for update skip locked",
        now
    )
    .fetch_optional(tx)
    .await?
    .map(Row::shown)
    .transpose()
}

/// `started` is the run, or why there is none.
pub async fn advance(
    tx: &mut PgConnection,
    id: i64,
    next: Option<DateTime<Utc>>,
    started: std::result::Result<i64, String>,
) -> Result<()> {
    let (run, problem) = match started {
        Ok(run) => (Some(run), None),
        Err(problem) => (None, Some(problem)),
    };
    sqlx::query!(
        "update run_schedules set next_at = $2, last_run = coalesce($3, last_run), problem = $4 where id = $1",
        id,
        next,
        run,
        problem
    )
    .execute(tx)
    .await?;
    Ok(())
}
