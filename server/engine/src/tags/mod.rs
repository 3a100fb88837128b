//! Tags: a name, and for each customer at most one value of it, in a catalogue with owner, coverage, history, last use and expiry. Counting is
//! the warehouse's; here is what a tag means, who may change it, and what it is tied up with.

mod best;
mod checked;
mod columns;
pub(crate) mod links;
mod meaning;
mod members;
mod named;
mod sizes;
mod store;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use columns::{TagColumn, column, column_names};
pub use members::tag_csv;
pub(crate) use named::{Wanted, bring, group, group_text, used};
pub(crate) use sizes::record_sizes;
pub use values::{change_values, read_csv, replace_values};

use self::links::Node;
use self::meaning::Definition;
use self::store::TagRow;
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
use types::auth::Right;
use types::problems::Page;
use types::tags::{NewTag, Tag, TagKind, TagSizes, Tier};
use warehouse::Snapshot;

pub async fn create_tag(engine: &Engine, actor: &Actor, new: NewTag) -> Result<Tag> {
    actor.require(Right::Build)?;
    let (new, definition) = checked::checked(engine, new).await?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    let id = store::insert(&mut tx, &new, &definition.to_json(), actor).await?;
    let id = id.ok_or_else(|| taken(&new.name))?;
    keep_content(&mut tx, id, &new, &definition).await?;
    let detail = json!({ "name": new.name, "kind": new.kind.as_str() });
    audit::record(&mut tx, actor, "tag.create", &format!("tag {id}"), detail).await?;
    tx.commit().await?;
    get_tag(engine, actor, id).await
}

/// Replaces a tag as a whole; the ids of an uploaded tag only when some are sent. Rules name a tag by its name, so the name stays while one does.
pub async fn update_tag(engine: &Engine, actor: &Actor, id: i64, new: NewTag) -> Result<Tag> {
    actor.require(Right::Build)?;
    let before = found(engine, id).await?;
    let (new, definition) = checked::checked(engine, new).await?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    if before.key != types::tags::tag_key(&new.name) {
        refuse_used(&mut tx, &before, "name").await?;
        if store::name_is_taken(&mut tx, id, &new.name).await? {
            return Err(taken(&new.name));
        }
    }
    links::refuse_circle(&mut tx, Node::Tag(id), &definition.rules()).await?;
    if !store::update(&mut tx, id, &new, &definition.to_json()).await? {
        return Err(Error::not_found(format!("Tag {id}")));
    }
    let changed = definition.to_json() != before.definition
        || new.kind.as_str() != before.kind
        || new.expires_on != before.expires_on
        || new.values.is_some();
    if changed {
        links::forget_sizes(&mut tx, &[Node::Tag(id)], None).await?;
    }
    keep_content(&mut tx, id, &new, &definition).await?;
    let detail = json!({ "name": new.name, "kind": new.kind.as_str(), "changed": changed });
    audit::record(&mut tx, actor, "tag.update", &format!("tag {id}"), detail).await?;
    tx.commit().await?;
    get_tag(engine, actor, id).await
}

/// Refused while a segment or another tag names it.
pub async fn delete_tag(engine: &Engine, actor: &Actor, id: i64) -> Result<()> {
    actor.require(Right::Build)?;
    let row = found(engine, id).await?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    refuse_used(&mut tx, &row, "").await?;
    if !store::delete(&mut tx, id).await? {
        return Err(Error::not_found(format!("Tag {id}")));
    }
    audit::record(
        &mut tx,
        actor,
        "tag.delete",
        &format!("tag {id}"),
        json!({ "name": row.name }),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// One tag with its history and those who use it.
pub async fn get_tag(engine: &Engine, actor: &Actor, id: i64) -> Result<Tag> {
    actor.require(Right::See)?;
    let row = found(engine, id).await?;
    let snapshot = engine.snapshot().await?;
    let size = sizes::sizes_of(engine, &snapshot, &row).await;
    let mut tag = shown(engine, row, &snapshot, size)?;
    tag.sizes = store::sizes(engine.pool(), id).await?;
    let mut conn = engine.pool().acquire().await?;
    tag.used_by = links::used_by(&mut conn, Node::Tag(id)).await?;
    Ok(tag)
}

/// The newest tags, or those before an id.
pub async fn list_tags(engine: &Engine, actor: &Actor, before: Option<i64>, limit: i64) -> Result<Page<Tag>> {
    actor.require(Right::See)?;
    let limit = limit.clamp(1, 500);
    let mut rows = store::list(engine.pool(), before, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit.unsigned_abs() as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let snapshot = engine.snapshot().await?;
    let mut known: HashMap<i64, TagSizes> = store::sizes_in(engine.pool(), snapshot.version())
        .await?
        .into_iter()
        .collect();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let size = match known.remove(&row.id) {
            Some(sizes) if !meaning::expired(&row, meaning::this_day(engine, &snapshot)) => Ok(sizes),
            _ => sizes::sizes_of(engine, &snapshot, &row).await,
        };
        items.push(shown(engine, row, &snapshot, size)?);
    }
    Ok(Page { items, next })
}

/// Another run of a method counts, because it has ended or somebody chose it: tags that follow the method mean other customers from now on.
pub(crate) async fn run_changed(tx: &mut PgConnection, method: &str, version: i64) -> Result<()> {
    let followers: Vec<Node> = store::following(tx, method).await?.into_iter().map(Node::Tag).collect();
    if followers.is_empty() {
        return Ok(());
    }
    links::forget_sizes(tx, &followers, Some(version)).await
}

fn taken(name: &str) -> Error {
    Error::invalid("name", format!("there is a tag \u{201c}{name}\u{201d} already"))
}

/// `what` would change; empty: the tag would go.
async fn refuse_used(tx: &mut PgConnection, row: &TagRow, what: &str) -> Result<()> {
    let users = links::used_by(tx, Node::Tag(row.id)).await?;
    if users.is_empty() {
        return Ok(());
    }
    let users = links::said(&users);
    if what.is_empty() {
        return Err(Error::Conflict(format!(
            "Tag {} is used by {users}. Change those first.",
            row.id
        )));
    }
    Err(Error::invalid(
        what,
        format!("cannot change while rules name the tag: {users}"),
    ))
}

async fn keep_content(tx: &mut PgConnection, id: i64, new: &NewTag, definition: &Definition) -> Result<()> {
    let rules: Vec<_> = definition.rules().into_iter().map(|(_, rule)| rule).collect();
    links::keep(tx, Node::Tag(id), &rules).await?;
    match &new.values {
        Some(values) => {
            store::clear_members(tx, id).await?;
            store::give_members(tx, id, values).await
        }
        None if *definition != Definition::Uploaded => store::clear_members(tx, id).await,
        None => Ok(()),
    }
}

fn shown(engine: &Engine, row: TagRow, snapshot: &Snapshot, sizes: Result<TagSizes>) -> Result<Tag> {
    let (sizes, problem) = match sizes {
        Ok(sizes) => (Some(sizes), None),
        // A run that is still to come, or a field that the data no longer has.
        Err(error @ Error::Invalid(_)) => (None, Some(error.to_string())),
        Err(error) => return Err(error),
    };
    let definition = Definition::of(&row)?;
    let kind = TagKind::parse(&row.kind).ok_or_else(|| Error::internal(format!("tag {} has no kind", row.id)))?;
    let share = |sizes: &TagSizes| {
        if sizes.customers == 0 {
            0.0
        } else {
            sizes.covered as f64 / sizes.customers as f64
        }
    };
    let (mut tiers, mut of, mut method, mut run, mut most) = (Vec::new(), None, None, None, None);
    match definition {
        Definition::Tiers(all) => tiers = all.into_iter().map(|(value, rule)| Tier { value, rule }).collect(),
        Definition::Best(field) => of = Some(field),
        Definition::Most(own) => most = Some(own),
        Definition::Newest(newest) => method = Some(newest),
        Definition::Run(id) => run = Some(id),
        Definition::Uploaded => {}
    }
    let mut tag = Tag {
        id: row.id,
        expired: meaning::expired(&row, meaning::this_day(engine, snapshot)),
        name: row.name,
        description: row.description,
        folder: row.folder,
        owner: row.owner,
        kind,
        tiers,
        of,
        by: None,
        within_days: None,
        from: None,
        to: None,
        method,
        run,
        listed: (kind == TagKind::Uploaded).then_some(row.listed),
        expires_on: row.expires_on,
        covered: sizes.as_ref().map(|sizes| sizes.covered),
        coverage: sizes.as_ref().map(share),
        values: sizes.map(|sizes| sizes.values),
        problem,
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        last_used_at: row.last_used_at,
        sizes: Vec::new(),
        used_by: Vec::new(),
    };
    if let Some(most) = most {
        best::show(&mut tag, most);
    }
    Ok(tag)
}

async fn found(engine: &Engine, id: i64) -> Result<TagRow> {
    store::find(engine.pool(), id)
        .await?
        .ok_or_else(|| Error::not_found(format!("Tag {id}")))
}
