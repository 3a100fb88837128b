//! Saved segments: rules and lists of ids, with their owner, their sizes over the versions of the data, and who uses whom. Counting is the
//! warehouse's; here is what a segment means and who may change it.

mod ask;
mod members;
mod overlap;
mod resolve;
mod store;
#[cfg(test)]
mod tests;
mod values;
#[cfg(test)]
mod values_tests;

pub use ask::preview;
pub(crate) use ask::{day_of, group, group_text, rule_group};
pub use members::segment_csv;
pub use overlap::overlap;
pub(crate) use resolve::{refused, resolve};
pub use values::{field_values, own_fields, why};

use self::store::SegmentRow;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::tags::links::{self, Node};
use crate::{Engine, audit};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::{BTreeSet, HashMap};
use types::auth::Right;
use types::problems::Page;
use types::rules::Rule;
use types::segments::{NewSegment, Segment, SegmentName, SegmentSize};
use types::tags::TagUser;
use warehouse::Snapshot;

/// Ids of one list.
const MOST_MEMBERS: usize = 1_000_000;

/// What is saved, read and found good.
struct Content {
    rule: Option<Rule>,
    members: Vec<String>,
}

pub async fn create_segment(engine: &Engine, actor: &Actor, new: NewSegment) -> Result<Segment> {
    actor.require(Right::Build)?;
    let (new, content) = checked(engine, new).await?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    let json = content.rule.as_ref().map(Rule::to_json);
    let id = store::insert(&mut tx, &new, json.as_ref(), actor).await?;
    keep_content(&mut tx, id, &content).await?;
    let detail = json!({ "name": new.name, "kind": kind(&content) });
    audit::record(&mut tx, actor, "segment.create", &format!("segment {id}"), detail).await?;
    tx.commit().await?;
    get_segment(engine, actor, id).await
}

/// Replaces a segment as a whole.
pub async fn update_segment(engine: &Engine, actor: &Actor, id: i64, new: NewSegment) -> Result<Segment> {
    actor.require(Right::Build)?;
    let before = found(engine, id).await?;
    let (new, content) = checked(engine, new).await?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    if let Some(rule) = &content.rule {
        resolve::refuse_circle(&mut tx, id, rule).await?;
    }
    let json = content.rule.as_ref().map(Rule::to_json);
    if !store::update(&mut tx, id, &new, json.as_ref()).await? {
        return Err(Error::not_found(format!("Segment {id}")));
    }
    // A list may have changed; a rule that is the same has the same sizes.
    if json.is_none() || json != before.rule {
        links::forget_sizes(&mut tx, &[Node::Segment(id)], None).await?;
    }
    keep_content(&mut tx, id, &content).await?;
    let detail = json!({ "name": new.name, "kind": kind(&content), "rule_changed": json != before.rule });
    audit::record(&mut tx, actor, "segment.update", &format!("segment {id}"), detail).await?;
    tx.commit().await?;
    get_segment(engine, actor, id).await
}

/// Refused while another segment or a tag names it.
pub async fn delete_segment(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::Build)?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    let users = store::used_by(&mut tx, id).await?;
    let tags = links::used_by(&mut tx, Node::Segment(id)).await?;
    if !users.is_empty() || !tags.is_empty() {
        let mut names: Vec<String> = users
            .iter()
            .map(|user| format!("\u{201c}{}\u{201d} ({})", user.name, user.id))
            .collect();
        names.extend((!tags.is_empty()).then(|| links::said(&tags)));
        return Err(Error::Conflict(format!(
            "Segment {id} is used by {}. Change those first.",
            names.join(", ")
        )));
    }
    if !store::delete(&mut tx, id).await? {
        return Err(Error::not_found(format!("Segment {id}")));
    }
    audit::record(&mut tx, actor, "segment.delete", &format!("segment {id}"), json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// One segment with its sizes and those who use it.
pub async fn get_segment(engine: &Engine, actor: &Actor, id: i64) -> Result<Segment> {
    actor.require(Right::See)?;
    let row = found(engine, id).await?;
    let snapshot = engine.snapshot().await?;
    let size = size_of(engine, &snapshot, id).await;
    let mut segment = shown(row, &snapshot, size)?;
    segment.sizes = store::sizes(engine.pool(), id).await?;
    let mut conn = engine.pool().acquire().await?;
    segment.used_by = store::used_by(&mut conn, id).await?;
    let tags = links::used_by(&mut conn, Node::Segment(id)).await?;
    segment.used_by_tags = tags
        .into_iter()
        .map(|TagUser { id, name, .. }| SegmentName { id, name })
        .collect();
    Ok(segment)
}

/// The ids that a list names, as they were given; in order.
pub async fn listed_ids(engine: &Engine, actor: &Actor, id: i64) -> Result<Vec<String>> {
    actor.require(Right::Build)?;
    store::listed_ids(engine.pool(), id).await
}

/// The newest segments, or those before an id.
pub async fn list_segments(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<Segment>> {
    actor.require(Right::See)?;
    let limit = limit.clamp(1, 500);
    let mut rows = store::list(engine.pool(), before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit.unsigned_abs() as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let snapshot = engine.snapshot().await?;
    let mut known: HashMap<i64, SegmentSize> = store::sizes_in(engine.pool(), snapshot.version())
        .await?
        .into_iter()
        .collect();
    let today = snapshot.zone().date(engine.clock().now().timestamp_micros());
    let mut conn = engine.pool().acquire().await?;
    for id in links::segments_of_expired(&mut conn, today).await? {
        known.remove(&id);
    }
    drop(conn);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let size = match known.get(&row.id) {
            Some(size) => Ok(*size),
            None => size_of(engine, &snapshot, row.id).await,
        };
        items.push(shown(row, &snapshot, size)?);
    }
    Ok(Page { items, next })
}

/// The numbers and names of all segments, in the order of the alphabet, to choose from.
pub async fn segment_names(engine: &Engine, actor: &Actor) -> Result<Vec<(i64, String)>> {
    actor.require(Right::See)?;
    store::all_names(engine.pool()).await
}

/// Finds out the sizes of all segments in the newest version, for the line of sizes. What cannot be answered is left out.
pub(crate) async fn record_sizes(engine: &Engine) -> Result<()> {
    let ids = store::all_ids(engine.pool()).await?;
    if ids.is_empty() {
        return Ok(());
    }
    let snapshot = engine.snapshot().await?;
    for id in ids {
        match size_of(engine, &snapshot, id).await {
            Ok(_) | Err(Error::Invalid(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Finds out the size of one segment in the newest version and keeps it.
pub(crate) async fn find_size(engine: &Engine, id: i64) -> Result<()> {
    let snapshot = engine.snapshot().await?;
    size_of(engine, &snapshot, id).await.map(drop)
}

/// The size in a version, kept for good.
async fn size_of(engine: &Engine, snapshot: &Snapshot, id: i64) -> Result<SegmentSize> {
    let size = if snapshot.version() == 0 {
        0
    } else {
        group(engine, snapshot, id)
            .await?
            .size()
            .unwrap_or_else(|| snapshot.customers())
    };
    let size = SegmentSize {
        data_version: snapshot.version(),
        size: size as i64,
        customers: snapshot.customers() as i64,
    };
    if snapshot.version() > 0 {
        store::keep_size(engine.pool(), id, size).await?;
    }
    Ok(size)
}

fn shown(row: SegmentRow, snapshot: &Snapshot, size: Result<SegmentSize>) -> Result<Segment> {
    let (size, problem) = match size {
        Ok(size) => (Some(size), None),
        // A field that the data no longer has, for instance.
        Err(error @ Error::Invalid(_)) => (None, Some(error.to_string())),
        Err(error) => return Err(error),
    };
    let rule = row
        .rule
        .as_ref()
        .map(|saved| resolve::saved_rule(row.id, saved))
        .transpose()?;
    Ok(Segment {
        id: row.id,
        name: row.name,
        description: row.description,
        folder: row.folder,
        colour: row.colour,
        owner: row.owner,
        listed: rule.is_none().then_some(row.listed),
        rule,
        size: size.map(|size| size.size),
        share: size.map(|size| {
            if size.customers == 0 {
                0.0
            } else {
                size.size as f64 / size.customers as f64
            }
        }),
        problem,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        sizes: Vec::new(),
        used_by: Vec::new(),
        used_by_tags: Vec::new(),
    })
}

async fn found(engine: &Engine, id: i64) -> Result<SegmentRow> {
    store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Segment {id}")))
}

/// Names every field that cannot be taken.
async fn checked(engine: &Engine, mut new: NewSegment) -> Result<(NewSegment, Content)> {
    new.name = new.name.trim().to_owned();
    new.colour = new.colour.to_lowercase();
    let too_long = |text: &str, most: usize| text.chars().count() > most;
    if new.name.is_empty() || too_long(&new.name, 200) {
        return Err(Error::invalid("name", "must have 1 to 200 characters"));
    }
    if too_long(&new.description, 2000) {
        return Err(Error::invalid("description", "has more than 2000 characters"));
    }
    if too_long(&new.folder, 200) {
        return Err(Error::invalid("folder", "has more than 200 characters"));
    }
    let digits = new.colour.strip_prefix('#');
    let is_colour = digits.is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    if !new.colour.is_empty() && !is_colour {
        return Err(Error::invalid("colour", "is not written #rrggbb"));
    }
    let content = match (new.rule.take(), new.members.take()) {
        (Some(rule), None) => {
            let rule = resolve::read(&rule)?;
            let snapshot = engine.snapshot().await?;
            let problems = snapshot.check_rule(&rule)?;
            if !problems.is_empty() {
                return Err(refused(problems));
            }
            // What it names must be there.
            let resolved = resolve::resolve(engine, &snapshot, rule.clone()).await?;
            crate::tags::used(engine, &resolved.tags).await?;
            Content {
                rule: Some(rule),
                members: Vec::new(),
            }
        }
        (None, Some(members)) => Content {
            rule: None,
            members: ids(members)?,
        },
        (None, None) => return Err(Error::invalid("rule", "is missing; a list has members instead")),
        (Some(_), Some(_)) => return Err(Error::invalid("members", "cannot stand beside a rule")),
    };
    Ok((new, content))
}

/// Each id once.
fn ids(members: Vec<String>) -> Result<Vec<String>> {
    if members.len() > MOST_MEMBERS {
        return Err(Error::invalid("members", format!("has more than {MOST_MEMBERS} ids")));
    }
    let mut seen = BTreeSet::new();
    for (place, id) in members.into_iter().enumerate() {
        let id = id.trim();
        if id.is_empty() || id.chars().count() > 401 || id.contains('\0') {
            return Err(Error::invalid(
                format!("members/{place}"),
                "is not an id of 1 to 200 characters",
            ));
        }
        seen.insert(id.to_owned());
    }
    Ok(seen.into_iter().collect())
}

async fn keep_content(tx: &mut PgConnection, id: i64, content: &Content) -> Result<()> {
    store::set_members(tx, id, &content.members).await?;
    let uses: Vec<i64> = content
        .rule
        .iter()
        .flat_map(|rule| resolve::segments_in(rule).into_keys())
        .collect();
    store::set_links(tx, id, &uses).await?;
    let rules: Vec<&Rule> = content.rule.iter().collect();
    links::keep(tx, Node::Segment(id), &rules).await
}

fn kind(content: &Content) -> &'static str {
    if content.rule.is_some() { "rule" } else { "list" }
}
