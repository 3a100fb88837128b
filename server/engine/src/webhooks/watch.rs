//! Seeing crossings: the sizes of a segment since the last look, against the side on which it stood.

use super::store::{self, Watched};
use super::{ATTEMPTS, Sent, deliver_later, new_event_id};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::queue::{self, NewJob, Progress};
use crate::{Engine, segments};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::BTreeSet;
use types::jobs::JobKind;
use types::webhooks::Direction;

/// Asks for a look at the sizes of a version, in the transaction that publishes it.
pub(crate) async fn ask_for_version(tx: &mut PgConnection, version: i64) -> Result<()> {
    if store::any(&mut *tx).await? {
        ask(tx, Some(format!("watch version {version}"))).await?;
    }
    Ok(())
}

/// Asks for a look at segments that mean something else from now on, in the transaction that changes them. A look that runs already may
/// have passed them, so that this one is another.
pub(crate) async fn ask_for_segments(tx: &mut PgConnection, segments: &[i64]) -> Result<()> {
    if !segments.is_empty() && store::any_of(&mut *tx, segments).await? {
        ask(tx, None).await?;
    }
    Ok(())
}

async fn ask(tx: &mut PgConnection, dedup_key: Option<String>) -> Result<()> {
    let job = NewJob {
        kind: JobKind::WatchSegments,
        args: json!({}),
        subject: "/segments/saved".into(),
        dedup_key,
        max_attempts: 5,
    };
    queue::enqueue(tx, &Actor::system(), job).await?;
    Ok(())
}

/// Looks at every webhook. Can be done again, and by several at once.
pub(super) async fn look(engine: &Engine, progress: &Progress) -> Result<()> {
    let go_on = || {
        if progress.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    };
    let webhooks = store::all(engine.pool()).await?;
    let wanted: BTreeSet<i64> = webhooks.iter().map(|(_, segment)| *segment).collect();
    progress.step("watching", webhooks.len() as i64);
    // Finding out a size keeps it, beside those that were kept when their versions were published.
    for segment in wanted {
        go_on()?;
        match segments::find_size(engine, segment).await {
            Ok(()) | Err(Error::Invalid(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    for (done, (id, _)) in (1_i64..).zip(webhooks) {
        go_on()?;
        let mut tx = engine.pool().begin().await?;
        if let Some(watched) = store::lock(&mut tx, id).await? {
            look_at(&mut tx, watched, engine.clock().now()).await?;
        }
        tx.commit().await?;
        progress.advance(done);
    }
    Ok(())
}

/// The webhook is locked. The newest version is looked at again, because its size changes with what the segment means.
async fn look_at(tx: &mut PgConnection, mut watched: Watched, at: DateTime<Utc>) -> Result<()> {
    let direction = Direction::parse(&watched.direction)
        .ok_or_else(|| Error::internal(format!("webhook {} has an unknown direction", watched.id)))?;
    let sizes = store::sizes_from(&mut *tx, watched.segment_id, watched.last_version.unwrap_or(0)).await?;
    for size in sizes {
        let reached = size.size >= watched.threshold;
        let told = match (watched.reached, reached) {
            (Some(false), true) if direction != Direction::Falls => Some("segment.rose"),
            (Some(true), false) if direction != Direction::Rises => Some("segment.fell"),
            _ => None,
        };
        if let Some(name) = told {
            let event = Event {
                name,
                size: size.size,
                previous: watched.last_size,
                data_version: size.data_version,
                at,
            };
            write(&mut *tx, &Actor::system(), &watched, &event, ATTEMPTS).await?;
        }
        store::set_side(&mut *tx, watched.id, reached, size.size, size.data_version).await?;
        watched.reached = Some(reached);
        watched.last_size = Some(size.size);
    }
    Ok(())
}

/// What happened to a segment.
pub(super) struct Event {
    pub name: &'static str,
    pub size: i64,
    pub previous: Option<i64>,
    pub data_version: i64,
    pub at: DateTime<Utc>,
}

/// Keeps the event with the body that is sent, and asks for its delivery.
pub(super) async fn write(
    tx: &mut PgConnection,
    actor: &Actor,
    watched: &Watched,
    event: &Event,
    attempts: i32,
) -> Result<Sent> {
    let event_id = new_event_id();
    let body = json!({
        "id": event_id,
        "event": event.name,
        "at": event.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "webhook": watched.id,
        "segment": { "id": watched.segment_id, "name": watched.segment_name },
        "threshold": watched.threshold,
        "size": event.size,
        "previous_size": event.previous,
        "data_version": event.data_version,
    });
    let delivery_id = store::insert_delivery(
        &mut *tx,
        watched.id,
        event_id,
        event.name,
        &body.to_string(),
        event.data_version,
    )
    .await?;
    let job_id = deliver_later(&mut *tx, actor, watched.segment_id, delivery_id, attempts).await?;
    store::set_job(tx, delivery_id, job_id).await?;
    Ok(Sent { delivery_id, job_id })
}
