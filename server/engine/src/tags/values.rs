//! Ids with values that somebody sends for an uploaded tag: what can be taken, and who has which value from now on.

use super::checked::MOST_VALUES;
use super::links::{self, Node};
use super::{TagRow, get_tag, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use serde_json::json;
use sqlx::PgConnection;
use std::collections::HashMap;
use types::auth::Right;
use types::problems::FieldProblem;
use types::tags::{Tag, TagKind, TaggedId};

/// Ids of one tag.
const MOST_IDS: usize = 1_000_000;
/// Faults that are named; a file with more is wrong as a whole.
const MOST_FAULTS: usize = 100;

/// The ids of an uploaded tag become exactly these.
pub async fn replace_values(engine: &Engine, actor: &Actor, id: i64, given: Vec<TaggedId>) -> Result<Tag> {
    keep(engine, actor, id, given, true).await
}

/// Gives some ids a value; an id with an empty one loses the tag. All others keep theirs.
pub async fn change_values(engine: &Engine, actor: &Actor, id: i64, given: Vec<TaggedId>) -> Result<Tag> {
    keep(engine, actor, id, given, false).await
}

async fn keep(engine: &Engine, actor: &Actor, id: i64, given: Vec<TaggedId>, all: bool) -> Result<Tag> {
    actor.require(Right::Build)?;
    let row = super::found(engine, id).await?;
    uploaded(&row)?;
    let given = good(given, !all)?;
    let mut tx = engine.pool().begin().await?;
    links::lock(&mut tx).await?;
    if all {
        store::clear_members(&mut tx, id).await?;
    }
    store::give_members(&mut tx, id, &given).await?;
    refuse_too_many(&mut tx, id).await?;
    store::moved_on(&mut tx, id).await?;
    links::forget_sizes(&mut tx, &[Node::Tag(id)], None).await?;
    let detail = json!({ "ids": given.len(), "all": all });
    audit::record(&mut tx, actor, "tag.values", &format!("tag {id}"), detail).await?;
    tx.commit().await?;
    get_tag(engine, actor, id).await
}

fn uploaded(row: &TagRow) -> Result<()> {
    if row.kind == TagKind::Uploaded.as_str() {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "Tag {} is of the kind {} and takes no ids.",
        row.id, row.kind
    )))
}

async fn refuse_too_many(tx: &mut PgConnection, id: i64) -> Result<()> {
    let (values, ids) = store::members_shape(tx, id).await?;
    if values > MOST_VALUES as i64 {
        return Err(Error::invalid(
            "values",
            format!("the tag would have {values} different values, and {MOST_VALUES} is the most"),
        ));
    }
    if ids > MOST_IDS as i64 {
        return Err(Error::invalid(
            "values",
            format!("the tag would have {ids} ids, and {MOST_IDS} is the most"),
        ));
    }
    Ok(())
}

/// What is wrong with a value, if anything is.
pub(super) fn fault_of_value(value: &str) -> Option<&'static str> {
    let good = !value.is_empty() && value.chars().count() <= 100 && !value.contains('\0');
    (!good).then_some("is not a value of 1 to 100 characters")
}

/// Each id once, with the value that was given last. `losing`: an empty value takes the tag away.
pub(super) fn good(given: Vec<TaggedId>, losing: bool) -> Result<Vec<TaggedId>> {
    if given.len() > MOST_IDS {
        return Err(Error::invalid("values", format!("has more than {MOST_IDS} ids")));
    }
    let mut faults = Vec::new();
    let mut place_of: HashMap<String, usize> = HashMap::with_capacity(given.len());
    let mut good: Vec<TaggedId> = Vec::with_capacity(given.len());
    let mut different = std::collections::HashSet::new();
    for (place, TaggedId { id, value }) in given.into_iter().enumerate() {
        let (id, value) = (id.trim(), value.trim());
        let mut fault = |field: &str, reason: &str| {
            faults.push(FieldProblem {
                field: format!("values/{place}/{field}"),
                reason: reason.to_owned(),
            });
        };
        if id.is_empty() || id.chars().count() > 401 || id.contains('\0') {
            fault("id", "is not an id of 1 to 200 characters");
        } else if let Some(reason) = fault_of_value(value).filter(|_| !(losing && value.is_empty())) {
            fault("value", reason);
        }
        if faults.len() == MOST_FAULTS {
            return Err(Error::Invalid(faults));
        }
        different.insert(value.to_owned());
        let of = TaggedId {
            id: id.to_owned(),
            value: value.to_owned(),
        };
        match place_of.get(id) {
            Some(earlier) => good[*earlier] = of,
            None => {
                place_of.insert(id.to_owned(), good.len());
                good.push(of);
            }
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    different.remove("");
    if different.len() > MOST_VALUES {
        return Err(Error::invalid(
            "values",
            format!(
                "has {} different values, and {MOST_VALUES} is the most",
                different.len()
            ),
        ));
    }
    Ok(good)
}

/// Reads lines of an id and a value, parted by commas, semicolons or tabs. A first line that names the columns (`id` or `external_id`, and
/// `value`) is passed over.
pub fn read_csv(text: &[u8]) -> Result<Vec<TaggedId>> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let text = std::str::from_utf8(text).map_err(|_| Error::invalid("values", "is not UTF-8"))?;
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .find(|delimiter| first.as_bytes().contains(delimiter))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut given = Vec::new();
    for (line, record) in reader.records().enumerate() {
        let unreadable = |reason: String| Error::invalid(format!("values/{line}"), reason);
        let record = record.map_err(|error| unreadable(error.to_string()))?;
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        match cells.as_slice() {
            [id, value] if line == 0 && is_header(id, value) => {}
            [id, value] => given.push(TaggedId {
                id: (*id).to_owned(),
                value: (*value).to_owned(),
            }),
            [""] => {}
            other => {
                return Err(unreadable(format!(
                    "has {} cells and not an id and a value",
                    other.len()
                )));
            }
        }
    }
    Ok(given)
}

fn is_header(id: &str, value: &str) -> bool {
    (id.eq_ignore_ascii_case("id") || id.eq_ignore_ascii_case("external_id")) && value.eq_ignore_ascii_case("value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &str, value: &str) -> TaggedId {
        TaggedId {
            id: id.into(),
            value: value.into(),
        }
    }

    #[test]
    fn lines_are_read_with_and_without_a_header() {
        let wanted = vec![of("c1", "gold"), of("till:7", "a, b")];
        for text in [
            "id,value\nc1,gold\ntill:7,\"a, b\"\n",
            "\u{feff}External_ID;Value\r\nc1;gold\r\n\r\ntill:7;a, b",
            "c1\tgold\ntill:7\ta, b\n",
        ] {
            assert_eq!(read_csv(text.as_bytes()).unwrap(), wanted, "{text}");
        }
        assert_eq!(read_csv(b"").unwrap(), []);
        for bad in [&b"c1,gold,more"[..], b"c1", b"\xff,a"] {
            assert_eq!(read_csv(bad).unwrap_err().status(), 422);
        }
    }

    #[test]
    fn each_id_counts_once_and_the_last_value_wins() {
        let found = good(vec![of(" c1", "a"), of("c2", "b"), of("c1", "c ")], false).unwrap();
        assert_eq!(found, [of("c1", "c"), of("c2", "b")]);
        assert_eq!(good(vec![of("c1", "")], true).unwrap(), [of("c1", "")]);
        assert!(good(vec![of("c1", "")], false).is_err());
        assert!(good(vec![of(" ", "a")], true).is_err());
        let many = (0..=MOST_VALUES).map(|n| of(&n.to_string(), &n.to_string())).collect();
        assert!(good(many, false).is_err());
        let bad = (0..1000).map(|n| of(&n.to_string(), "")).collect();
        match good(bad, false) {
            Err(Error::Invalid(faults)) => assert_eq!(faults.len(), MOST_FAULTS),
            other => panic!("{other:?}"),
        }
    }
}
