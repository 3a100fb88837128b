//! A tag as a column of a list: the value of each customer.

use super::meaning::{self, Definition};
use super::{named, sizes, store};
use crate::Engine;
use crate::error::{Error, Result};
use warehouse::Snapshot;
use warehouse::labels::Group;

/// Where the values of a tag are read.
pub(crate) enum TagColumn {
    /// A field of customers.
    Field(String),
    /// Each value with those who have it.
    Groups(Vec<(String, Group)>),
}

/// The names of all tags that count today, in the order of the alphabet.
pub(crate) async fn column_names(engine: &Engine, snapshot: &Snapshot) -> Result<Vec<String>> {
    let today = meaning::this_day(engine, snapshot);
    let rows = store::all(engine.pool()).await?.into_iter();
    let mut names: Vec<String> = rows
        .filter(|row| !meaning::expired(row, today))
        .map(|row| row.name)
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    Ok(names)
}

/// The values of a tag. One that cannot be answered is an invalid one.
pub(crate) async fn column(engine: &Engine, snapshot: &Snapshot, name: &str) -> Result<TagColumn> {
    let keys = [types::tags::tag_key(name)];
    let row = store::find_named(engine.pool(), &keys).await?.into_iter().next();
    let row = row.ok_or_else(|| Error::not_found(format!("Tag {name}")))?;
    if let Definition::Best(of) = Definition::of(&row)? {
        named::used(engine, &[row.id]).await?;
        return Ok(TagColumn::Field(of.as_str().to_owned()));
    }
    let mut groups = Vec::new();
    for value in sizes::sizes_of(engine, snapshot, &row).await?.values {
        let group = named::group(engine, snapshot, &row.name, Some(&value.value)).await?;
        groups.push((value.value, group));
    }
    Ok(TagColumn::Groups(groups))
}
