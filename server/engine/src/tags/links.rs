//! Who names whom: segments and tags, in one graph. A way round through both is refused when it would be saved; what is named cannot be
//! deleted; and when something changes, the sizes of all that lead to it are forgotten.

use crate::error::{Error, Result};
use chrono::NaiveDate;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use types::rules::Rule;
use types::tags::{TagUser, tag_key};

/// What can name and be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Node {
    Segment(i64),
    Tag(i64),
}

/// Who names whom, of all.
pub(super) type Uses = HashMap<Node, Vec<Node>>;

/// Orders saves and deletions of segments and tags, so that two of them cannot make a circle between them.
pub(crate) async fn lock(tx: &mut PgConnection) -> Result<()> {
    const SEGMENTS_LOCK: i64 = 0x0053_494c_484f_0003;
    sqlx::query!("select pg_advisory_xact_lock($1)", SEGMENTS_LOCK)
        .execute(tx)
        .await?;
    Ok(())
}

/// Segments and tags that a rule names, each with the place of the first condition that does.
pub(super) async fn named_in(tx: &mut PgConnection, rule: &Rule) -> Result<BTreeMap<Node, String>> {
    let mut segments = BTreeMap::new();
    let mut tags = BTreeMap::new();
    rule.walk(&mut |at, rule| match rule {
        Rule::Segment(id) => {
            segments.entry(*id).or_insert_with(|| at.to_owned());
        }
        Rule::Tag { name, .. } => {
            tags.entry(tag_key(name)).or_insert_with(|| at.to_owned());
        }
        _ => {}
    });
    let keys: Vec<String> = tags.keys().cloned().collect();
    let rows = sqlx::query!("select id, key from tags where key = any($1)", &keys)
        .fetch_all(tx)
        .await?;
    let mut named: BTreeMap<Node, String> = segments.into_iter().map(|(id, at)| (Node::Segment(id), at)).collect();
    for row in rows {
        named.insert(Node::Tag(row.id), tags.remove(&row.key).unwrap_or_default());
    }
    Ok(named)
}

async fn uses(tx: &mut PgConnection) -> Result<Uses> {
    let mut uses: Uses = HashMap::new();
    let node = |segment: Option<i64>, tag: Option<i64>| segment.map(Node::Segment).or(tag.map(Node::Tag));
    let between_segments = sqlx::query!("select segment_id, uses_id from segment_links")
        .fetch_all(&mut *tx)
        .await?;
    for row in between_segments {
        uses.entry(Node::Segment(row.segment_id))
            .or_default()
            .push(Node::Segment(row.uses_id));
    }
    let with_tags = sqlx::query!("select segment_id, tag_id, uses_segment_id, uses_tag_id from tag_links")
        .fetch_all(tx)
        .await?;
    for row in with_tags {
        if let (Some(user), Some(used)) = (
            node(row.segment_id, row.tag_id),
            node(row.uses_segment_id, row.uses_tag_id),
        ) {
            uses.entry(user).or_default().push(used);
        }
    }
    Ok(uses)
}

/// Refuses what leads back to `from`, and shows the way: `Loyal (segment 3) → Tiers (tag 5) → Loyal (segment 3)`. `rules` stand each at a
/// field of what is saved, such as `tiers/0/rule`.
pub(crate) async fn refuse_circle(tx: &mut PgConnection, from: Node, rules: &[(String, &Rule)]) -> Result<()> {
    let mut named: BTreeMap<Node, String> = BTreeMap::new();
    for (field, rule) in rules {
        for (node, at) in named_in(tx, rule).await? {
            named.entry(node).or_insert_with(|| format!("{field}{at}"));
        }
    }
    let mut uses = uses(tx).await?;
    uses.insert(from, named.keys().copied().collect());
    let Some(way) = way_back(from, &uses) else {
        return Ok(());
    };
    let names = names(tx, &way).await?;
    // Segments alone need no word beside their number.
    let only_segments = way.iter().all(|node| matches!(node, Node::Segment(_)));
    let said: Vec<String> = way
        .iter()
        .map(|node| {
            let name = names.get(node).map_or("", String::as_str);
            match node {
                Node::Segment(id) if only_segments => format!("{name} ({id})"),
                Node::Segment(id) => format!("{name} (segment {id})"),
                Node::Tag(id) => format!("{name} (tag {id})"),
            }
        })
        .collect();
    let first = way.get(1).copied().unwrap_or(from);
    let word = match first {
        Node::Segment(_) => "segment",
        Node::Tag(_) => "tag",
    };
    Err(Error::invalid(
        format!("{}/{word}", named.get(&first).map_or("", String::as_str)),
        format!("leads back to itself: {}", said.join(" \u{2192} ")),
    ))
}

async fn names(tx: &mut PgConnection, nodes: &[Node]) -> Result<HashMap<Node, String>> {
    let (segments, tags) = parted(nodes.iter().copied());
    let mut names = HashMap::new();
    for row in sqlx::query!("select id, name from segments where id = any($1)", &segments)
        .fetch_all(&mut *tx)
        .await?
    {
        names.insert(Node::Segment(row.id), row.name);
    }
    for row in sqlx::query!("select id, name from tags where id = any($1)", &tags)
        .fetch_all(tx)
        .await?
    {
        names.insert(Node::Tag(row.id), row.name);
    }
    Ok(names)
}

/// Keeps who is named by a segment or a tag, as far as tags have to do with it.
pub(crate) async fn keep(tx: &mut PgConnection, user: Node, rules: &[&Rule]) -> Result<()> {
    let mut named = BTreeSet::new();
    for rule in rules {
        named.extend(named_in(tx, rule).await?.into_keys());
    }
    let (segment, tag) = match user {
        Node::Segment(id) => (Some(id), None),
        Node::Tag(id) => (None, Some(id)),
    };
    sqlx::query!(
        "delete from tag_links where segment_id = $1 or tag_id = $2",
        segment,
        tag
    )
    .execute(&mut *tx)
    .await?;
    for used in named {
        let (uses_segment, uses_tag) = match used {
            // Links between segments are kept with the segments.
            Node::Segment(_) if tag.is_none() => continue,
            Node::Segment(id) => (Some(id), None),
            Node::Tag(id) => (None, Some(id)),
        };
        sqlx::query!(
            "insert into tag_links (segment_id, tag_id, uses_segment_id, uses_tag_id) values ($1, $2, $3, $4)",
            segment,
            tag,
            uses_segment,
            uses_tag
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Segments and tags whose rules name a tag, and tags whose rules name a segment.
pub(crate) async fn used_by(tx: &mut PgConnection, used: Node) -> Result<Vec<TagUser>> {
    let (segment, tag) = match used {
        Node::Segment(id) => (Some(id), None),
        Node::Tag(id) => (None, Some(id)),
    };
    Ok(sqlx::query_as!(
        TagUser,
        r#"select 'segment' as "kind!", s.id as "id!", s.name as "name!" from tag_links l join segments s on s.id = l.segment_id
           where l.uses_segment_id = $1 or l.uses_tag_id = $2
           union all
           select 'tag', t.id, t.name from tag_links l join tags t on t.id = l.tag_id
           where l.uses_segment_id = $1 or l.uses_tag_id = $2
           order by 1, 2"#,
        segment,
        tag
    )
    .fetch_all(tx)
    .await?)
}

/// `“Loyal” (segment 3), “Tiers” (tag 5)`: who would have to be changed first.
pub(crate) fn said(users: &[TagUser]) -> String {
    let said: Vec<String> = users
        .iter()
        .map(|user| format!("\u{201c}{}\u{201d} ({} {})", user.name, user.kind, user.id))
        .collect();
    said.join(", ")
}

/// What was found out about something that has changed, and about all that lead to it, says nothing of the present. With a version only what
/// is known of that one is forgotten.
pub(crate) async fn forget_sizes(tx: &mut PgConnection, changed: &[Node], version: Option<i64>) -> Result<()> {
    let (segments, tags) = parted(all_leading_to(changed, &uses(tx).await?));
    sqlx::query!(
        "delete from segment_sizes where segment_id = any($1) and ($2::bigint is null or data_version = $2)",
        &segments,
        version
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from tag_sizes where tag_id = any($1) and ($2::bigint is null or data_version = $2)",
        &tags,
        version
    )
    .execute(&mut *tx)
    .await?;
    crate::webhooks::ask_for_segments(tx, &segments).await
}

/// Segments that cannot be answered today, because a tag has expired that they name, directly or not.
pub(crate) async fn segments_of_expired(tx: &mut PgConnection, today: NaiveDate) -> Result<Vec<i64>> {
    let expired: Vec<Node> = sqlx::query_scalar!("select id from tags where expires_on < $1", today)
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(Node::Tag)
        .collect();
    if expired.is_empty() {
        return Ok(Vec::new());
    }
    Ok(parted(all_leading_to(&expired, &uses(tx).await?)).0)
}

/// Nodes and all whose rules lead to them.
fn all_leading_to(nodes: &[Node], uses: &Uses) -> BTreeSet<Node> {
    let mut all: BTreeSet<Node> = nodes.iter().copied().collect();
    let mut grown = true;
    while grown {
        let more: Vec<Node> = uses
            .iter()
            .filter(|(user, used)| !all.contains(user) && used.iter().any(|used| all.contains(used)))
            .map(|(user, _)| *user)
            .collect();
        grown = !more.is_empty();
        all.extend(more);
    }
    all
}

/// Segments and tags apart.
fn parted(nodes: impl IntoIterator<Item = Node>) -> (Vec<i64>, Vec<i64>) {
    let (mut segments, mut tags) = (Vec::new(), Vec::new());
    for node in nodes {
        match node {
            Node::Segment(id) => segments.push(id),
            Node::Tag(id) => tags.push(id),
        }
    }
    (segments, tags)
}

/// The shortest way from a node back to it, both ends included.
pub(super) fn way_back(from: Node, uses: &Uses) -> Option<Vec<Node>> {
    let mut came_from: HashMap<Node, Node> = HashMap::new();
    let mut waiting = VecDeque::from([from]);
    while let Some(here) = waiting.pop_front() {
        for next in uses.get(&here).into_iter().flatten() {
            if *next == from {
                let mut way = vec![from, here];
                while let Some(last) = way.last().copied().filter(|last| *last != from) {
                    way.push(came_from[&last]);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, here);
                waiting.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Node::{Segment, Tag};
    use super::*;

    #[test]
    fn the_shortest_way_back_is_found() {
        let uses = |links: &[(Node, Node)]| {
            let mut uses: Uses = HashMap::new();
            for (from, to) in links {
                uses.entry(*from).or_default().push(*to);
            }
            uses
        };
        let (a, b, c) = (Segment(1), Tag(1), Segment(3));
        assert_eq!(way_back(a, &uses(&[(a, a)])), Some(vec![a, a]));
        assert_eq!(
            way_back(a, &uses(&[(a, b), (b, c), (c, a), (b, a)])),
            Some(vec![a, b, a])
        );
        assert_eq!(way_back(a, &uses(&[(a, b), (b, c), (c, a)])), Some(vec![a, b, c, a]));
        assert_eq!(
            way_back(a, &uses(&[(a, b), (b, c), (c, b)])),
            None,
            "a circle that it is not part of"
        );
    }
}
