//! The SQL of webhooks and of their deliveries.

use super::sending::Outcome;
use crate::auth::Actor;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use types::webhooks::{Delivery, DeliveryState, Direction, Webhook, WebhookChange};
use uuid::Uuid;

/// What is needed to see a crossing and to say it.
pub struct Watched {
    pub id: i64,
    pub segment_id: i64,
    pub segment_name: String,
    pub threshold: i64,
    pub direction: String,
    pub reached: Option<bool>,
    pub last_size: Option<i64>,
    pub last_version: Option<i64>,
}

/// The size of a segment in a version of the data.
pub struct Size {
    pub data_version: i64,
    pub size: i64,
}

struct Row {
    id: i64,
    segment_id: i64,
    segment_name: String,
    url: String,
    threshold: i64,
    direction: String,
    reached: Option<bool>,
    last_size: Option<i64>,
    last_version: Option<i64>,
    owner: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

struct DeliveryRow {
    id: i64,
    webhook_id: i64,
    event_id: Uuid,
    event: String,
    body: String,
    data_version: Option<i64>,
    state: String,
    attempts: i32,
    status: Option<i32>,
    problem: Option<String>,
    answer: Option<String>,
    job_id: Option<i64>,
    created_at: DateTime<Utc>,
    tried_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl DeliveryRow {
    fn shown(self) -> Result<(i64, Delivery)> {
        let unknown = || Error::internal(format!("delivery {} has an unknown state", self.id));
        let delivery = Delivery {
            id: self.id,
            event_id: self.event_id.to_string(),
            event: self.event,
            state: DeliveryState::parse(&self.state).ok_or_else(unknown)?,
            attempts: self.attempts,
            status: self.status,
            problem: self.problem,
            answer: self.answer,
            body: serde_json::from_str::<Value>(&self.body)?,
            data_version: self.data_version,
            job_id: self.job_id,
            created_at: self.created_at,
            tried_at: self.tried_at,
            finished_at: self.finished_at,
        };
        Ok((self.webhook_id, delivery))
    }
}

impl Row {
    fn shown(self, last_delivery: Option<Delivery>) -> Result<Webhook> {
        let unknown = || Error::internal(format!("webhook {} has an unknown direction", self.id));
        Ok(Webhook {
            id: self.id,
            segment: self.segment_id,
            segment_name: self.segment_name,
            url: self.url,
            threshold: self.threshold,
            direction: Direction::parse(&self.direction).ok_or_else(unknown)?,
            reached: self.reached,
            last_size: self.last_size,
            last_version: self.last_version,
            owner: self.owner,
            created_at: self.created_at,
            updated_at: self.updated_at,
            last_delivery,
        })
    }
}

/// Locks the segment against more webhooks until the transaction ends; how many it has.
pub async fn lock_and_count(tx: &mut PgConnection, segment: i64) -> Result<i64> {
    sqlx::query!("select id from segments where id = $1 for update", segment)
        .fetch_optional(&mut *tx)
        .await?;
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "n!" from webhooks where segment_id = $1"#,
        segment
    )
    .fetch_one(tx)
    .await?)
}

pub async fn insert(
    tx: &mut PgConnection,
    segment: i64,
    new: &WebhookChange,
    secret: &str,
    actor: &Actor,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "insert into webhooks (segment_id, url, threshold, direction, secret, person_id, owner)
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
        segment,
        new.url,
        new.threshold,
        new.direction.as_str(),
        secret,
        actor.person_id,
        actor.name
    )
    .fetch_one(tx)
    .await?)
}

/// With another threshold the side is that of the size that was last looked at.
pub async fn update(tx: &mut PgConnection, id: i64, change: &WebhookChange) -> Result<()> {
    sqlx::query!(
        "update webhooks set url = $2, direction = $4, updated_at = now(), threshold = $3,
                reached = case when threshold = $3 then reached else last_size >= $3 end
         where id = $1",
        id,
        change.url,
        change.threshold,
        change.direction.as_str()
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_side(tx: &mut PgConnection, id: i64, reached: bool, size: i64, version: i64) -> Result<()> {
    sqlx::query!(
        "update webhooks set reached = $2, last_size = $3, last_version = $4 where id = $1",
        id,
        reached,
        size,
        version
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The number of its segment; none when there is no such webhook.
pub async fn delete(tx: &mut PgConnection, id: i64) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar!("delete from webhooks where id = $1 returning segment_id", id)
            .fetch_optional(tx)
            .await?,
    )
}

/// Locks a webhook until the transaction ends, so that one looks at it at a time.
pub async fn lock(tx: &mut PgConnection, id: i64) -> Result<Option<Watched>> {
    Ok(sqlx::query_as!(
        Watched,
        "select w.id, w.segment_id, s.name as segment_name, w.threshold, w.direction, w.reached, w.last_size, w.last_version
         from webhooks w join segments s on s.id = w.segment_id where w.id = $1 for update of w",
        id
    )
    .fetch_optional(tx)
    .await?)
}

/// Each webhook with its segment.
pub async fn all(pool: &PgPool) -> Result<Vec<(i64, i64)>> {
    let rows = sqlx::query!("select id, segment_id from webhooks order by segment_id, id")
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.segment_id)).collect())
}

pub async fn any(tx: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from webhooks) as "any!""#)
        .fetch_one(tx)
        .await?)
}

pub async fn any_of(tx: &mut PgConnection, segments: &[i64]) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from webhooks where segment_id = any($1)) as "any!""#,
        segments
    )
    .fetch_one(tx)
    .await?)
}

/// Sizes of a segment that are known from a version on, in order.
pub async fn sizes_from(tx: &mut PgConnection, segment: i64, version: i64) -> Result<Vec<Size>> {
    Ok(sqlx::query_as!(
        Size,
        "select data_version, size from segment_sizes where segment_id = $1 and data_version >= $2 order by data_version",
        segment,
        version
    )
    .fetch_all(tx)
    .await?)
}

pub async fn insert_delivery(
    tx: &mut PgConnection,
    webhook: i64,
    event_id: Uuid,
    event: &str,
    body: &str,
    version: i64,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "insert into webhook_deliveries (webhook_id, event_id, event, body, data_version) values ($1, $2, $3, $4, $5) returning id",
        webhook,
        event_id,
        event,
        body,
        version
    )
    .fetch_one(tx)
    .await?)
}

pub async fn set_job(tx: &mut PgConnection, delivery: i64, job: i64) -> Result<()> {
    sqlx::query!("update webhook_deliveries set job_id = $2 where id = $1", delivery, job)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is still to be delivered.
pub struct Due {
    pub event_id: Uuid,
    pub event: String,
    pub body: String,
    pub url: String,
    pub secret: String,
}

/// None when it has arrived, or when its webhook is gone.
pub async fn due(pool: &PgPool, delivery: i64) -> Result<Option<Due>> {
    Ok(sqlx::query_as!(
        Due,
        "select d.event_id, d.event, d.body, w.url, w.secret from webhook_deliveries d join webhooks w on w.id = d.webhook_id
         where d.id = $1 and d.state <> 'delivered'",
        delivery
    )
    .fetch_optional(pool)
    .await?)
}

/// What came of an attempt; the state is that of now.
pub async fn tried(tx: &mut PgConnection, delivery: i64, outcome: &Outcome, now: DateTime<Utc>) -> Result<()> {
    let state = match (&outcome.problem, outcome.for_good) {
        (None, _) => DeliveryState::Delivered,
        (Some(_), true) => DeliveryState::Failed,
        (Some(_), false) => DeliveryState::Waiting,
    };
    sqlx::query!(
        "update webhook_deliveries set state = $2, attempts = attempts + 1, status = $3, problem = $4, answer = $5, tried_at = $6,
                finished_at = case when $2 = 'waiting' then null else $6::timestamptz end
         where id = $1",
        delivery,
        state.as_str(),
        outcome.status.map(i32::from),
        outcome.problem,
        outcome.answer,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The delivery of a job that is not tried again.
pub async fn give_up(pool: &PgPool, job: i64, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update webhook_deliveries set state = 'failed', finished_at = $2 where job_id = $1 and state = 'waiting'",
        job,
        now
    )
    .execute(pool)
    .await?;
    Ok(())
}

pub async fn find(pool: &PgPool, id: i64) -> Result<Option<Webhook>> {
    let row = sqlx::query_as!(
        Row,
        "select w.id, segment_id, s.name as segment_name, url, threshold, direction, reached, last_size, last_version, w.owner,
                w.created_at, w.updated_at
         from webhooks w join segments s on s.id = w.segment_id where w.id = $1",
        id
    )
    .fetch_optional(pool)
    .await?;
    match row {
        None => Ok(None),
        Some(row) => {
            let last = deliveries(pool, row.id, None, 1).await?.into_iter().next();
            row.shown(last).map(Some)
        }
    }
}

pub async fn list(pool: &PgPool, segment: Option<i64>, before: Option<i64>, limit: i64) -> Result<Vec<Webhook>> {
    let rows = sqlx::query_as!(
        Row,
        "select w.id, segment_id, s.name as segment_name, url, threshold, direction, reached, last_size, last_version, w.owner,
                w.created_at, w.updated_at
         from webhooks w join segments s on s.id = w.segment_id
         where ($1::bigint is null or segment_id = $1) and ($2::bigint is null or w.id < $2) order by w.id desc limit $3",
        segment,
        before,
        limit
    )
    .fetch_all(pool)
    .await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut last = sqlx::query_as!(
        DeliveryRow,
        "select distinct on (webhook_id) id, webhook_id, event_id, event, body, data_version, state, attempts, status, problem, answer,
                job_id, created_at, tried_at, finished_at
         from webhook_deliveries where webhook_id = any($1) order by webhook_id, id desc",
        &ids
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(DeliveryRow::shown)
    .collect::<Result<std::collections::HashMap<i64, Delivery>>>()?;
    rows.into_iter()
        .map(|row| {
            let delivery = last.remove(&row.id);
            row.shown(delivery)
        })
        .collect()
}

pub async fn deliveries(pool: &PgPool, webhook: i64, before: Option<i64>, limit: i64) -> Result<Vec<Delivery>> {
    sqlx::query_as!(
        DeliveryRow,
        "select id, webhook_id, event_id, event, body, data_version, state, attempts, status, problem, answer, job_id, created_at,
                tried_at, finished_at
         from webhook_deliveries where webhook_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3",
        webhook,
        before,
        limit
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .map(|row| row.shown().map(|(_, delivery)| delivery))
    .collect()
}
