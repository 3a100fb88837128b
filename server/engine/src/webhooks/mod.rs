//! Webhooks: another system is told when the size of a saved segment reaches a threshold or falls below it.
//!
//! A crossing is seen by a job that every new version of the data asks for, and so does every change of what a segment means. It compares the
//! size with the side on which it stood before and writes the side and the event in one transaction, so that each crossing makes one event,
//! however many workers look and however often one of them dies. Each event is then delivered by a job of its own, which tries again for a while.

mod address;
pub mod jobs;
mod sending;
mod store;
#[cfg(test)]
mod tests;
mod watch;

pub(crate) use watch::{ask_for_segments, ask_for_version};

use crate::auth::{self, Actor};
use crate::error::{Error, Result};
use crate::queue::{self, NewJob};
use crate::{Engine, audit, segments};
use serde_json::json;
use sqlx::PgConnection;
use types::auth::Right;
use types::jobs::JobKind;
use types::problems::Page;
use types::webhooks::{Delivery, NewWebhook, Webhook, WebhookChange};
use uuid::Uuid;

/// Webhooks of one segment.
const MOST: i64 = 20;
/// Attempts at one delivery, over about an hour and a half.
const ATTEMPTS: i32 = 14;

/// What a program must know to wait for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub delivery_id: i64,
    pub job_id: i64,
}

/// A segment's size leaves the product by itself, so whoever makes it leave needs what taking it out needs.
fn require(actor: &Actor) -> Result<()> {
    actor.require(Right::Build)?;
    actor.require(Right::Export)
}

/// A webhook and its secret, which is not shown again.
pub async fn create_webhook(engine: &Engine, actor: &Actor, new: NewWebhook) -> Result<(Webhook, String)> {
    require(actor)?;
    let change = checked(
        engine,
        WebhookChange {
            url: new.url,
            threshold: new.threshold,
            direction: new.direction,
        },
    )?;
    // The side on which the size stands now: only what changes it is a crossing.
    let segment = segments::get_segment(engine, actor, new.segment)
        .await
        .map_err(|error| match error {
            Error::NotFound(_) => Error::invalid("segment", format!("there is no segment {}", new.segment)),
            other => other,
        })?;
    let secret = format!("whsec_{}", hex::encode(auth::random_bytes()));
    let mut tx = engine.pool().begin().await?;
    if store::lock_and_count(&mut tx, new.segment).await? >= MOST {
        return Err(Error::Conflict(format!("A segment has {MOST} webhooks at most.")));
    }
    let id = store::insert(&mut tx, new.segment, &change, &secret, actor).await?;
    if let Some(size) = segment.size {
        store::set_side(&mut tx, id, size >= change.threshold, size, segment.data_version).await?;
    }
    log(&mut tx, actor, "webhook.create", id, new.segment, &change).await?;
    tx.commit().await?;
    Ok((get_webhook(engine, actor, id).await?, secret))
}

/// Another address, threshold or direction. With another threshold the size stands on its side of that from now on; that is no crossing.
pub async fn update_webhook(engine: &Engine, actor: &Actor, id: i64, change: WebhookChange) -> Result<Webhook> {
    require(actor)?;
    let change = checked(engine, change)?;
    let mut tx = engine.pool().begin().await?;
    let Some(before) = store::lock(&mut tx, id).await? else {
        return Err(Error::not_found(format!("Webhook {id}")));
    };
    store::update(&mut tx, id, &change).await?;
    log(&mut tx, actor, "webhook.update", id, before.segment_id, &change).await?;
    tx.commit().await?;
    get_webhook(engine, actor, id).await
}

/// Nothing more is told, also not what waits.
pub async fn delete_webhook(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    require(actor)?;
    let mut tx = engine.pool().begin().await?;
    let Some(segment) = store::delete(&mut tx, id).await? else {
        return Err(Error::not_found(format!("Webhook {id}")));
    };
    let detail = json!({ "segment": segment });
    audit::record(&mut tx, actor, "webhook.delete", &format!("webhook {id}"), detail).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn get_webhook(engine: &Engine, actor: &Actor, id: i64) -> Result<Webhook> {
    require(actor)?;
    store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Webhook {id}")))
}

/// The newest webhooks, or those before an id; of one segment or of all.
pub async fn list_webhooks(
    engine: &Engine,
    actor: &Actor,
    segment: Option<i64>,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<Webhook>> {
    require(actor)?;
    let limit = limit.clamp(1, 500);
    let items = store::list(engine.pool(), segment, before, limit + 1).await?;
    Ok(page(items, limit, |webhook| webhook.id))
}

/// The newest deliveries of a webhook, or those before an id.
pub async fn list_deliveries(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<Delivery>> {
    get_webhook(engine, actor, id).await?;
    let limit = limit.clamp(1, 500);
    let items = store::deliveries(engine.pool(), id, before, limit + 1).await?;
    Ok(page(items, limit, |delivery| delivery.id))
}

/// Sends an event that says that it is a test, once.
pub async fn test_webhook(engine: &Engine, actor: &Actor, id: i64) -> Result<Sent> {
    let webhook = get_webhook(engine, actor, id).await?;
    let segment = segments::get_segment(engine, actor, webhook.segment).await?;
    let mut tx = engine.pool().begin().await?;
    let Some(row) = store::lock(&mut tx, id).await? else {
        return Err(Error::not_found(format!("Webhook {id}")));
    };
    let size = segment.size.unwrap_or(0);
    let event = watch::Event {
        name: "test",
        size,
        previous: row.last_size,
        data_version: segment.data_version,
        at: engine.clock().now(),
    };
    let sent = watch::write(&mut tx, actor, &row, &event, 1).await?;
    let detail = json!({ "segment": webhook.segment, "delivery": sent.delivery_id });
    audit::record(&mut tx, actor, "webhook.test", &format!("webhook {id}"), detail).await?;
    tx.commit().await?;
    Ok(sent)
}

fn page<T>(mut items: Vec<T>, limit: i64, id: impl Fn(&T) -> i64) -> Page<T> {
    let more = items.len() as i64 > limit;
    items.truncate(limit.unsigned_abs() as usize);
    let next = items.last().filter(|_| more).map(|last| id(last).to_string());
    Page { items, next }
}

fn checked(engine: &Engine, change: WebhookChange) -> Result<WebhookChange> {
    let url =
        address::read(&change.url, engine.config().webhook_private).map_err(|reason| Error::invalid("url", reason))?;
    if change.threshold < 1 {
        return Err(Error::invalid("threshold", "is not a size of 1 or more"));
    }
    Ok(WebhookChange {
        url: url.into(),
        ..change
    })
}

/// The address may hold a secret of the receiver's, so that only its host is logged.
async fn log(
    tx: &mut PgConnection,
    actor: &Actor,
    action: &str,
    id: i64,
    segment: i64,
    change: &WebhookChange,
) -> Result<()> {
    let host = address::host(&change.url);
    let detail = json!({
        "segment": segment,
        "host": host,
        "threshold": change.threshold,
        "direction": change.direction.as_str(),
    });
    audit::record(tx, actor, action, &format!("webhook {id}"), detail).await
}

/// The job that delivers an event.
async fn deliver_later(
    tx: &mut PgConnection,
    actor: &Actor,
    segment: i64,
    delivery: i64,
    attempts: i32,
) -> Result<i64> {
    let job = NewJob {
        kind: JobKind::DeliverWebhook,
        args: json!({ "delivery_id": delivery }),
        subject: format!("/segments/{segment}"),
        dedup_key: Some(format!("delivery {delivery}")),
        max_attempts: attempts,
    };
    queue::enqueue(tx, actor, job).await
}

fn new_event_id() -> Uuid {
    Uuid::new_v4()
}
