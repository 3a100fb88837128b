//! Where did the members of one run's groups go in another? The matrix, the people behind each cell as a file, and the same people as a saved
//! segment.

use super::members::{MembersFile, lines};
use super::{create_segment, get_run, store};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, audit};
use analytics::clusters::adjusted_rand;
use bytes::Bytes;
use futures::Stream;
use serde_json::{Value, json};
use types::auth::Right;
use types::runs::{Move, Moves};
use types::segments::{NewSegment, Run, RunState, Segment};
use warehouse::labels::GroupOf;

/// One cell of the matrix: keys of groups, `None` for customers whom the run does not cover. One of the two is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub from: Option<String>,
    pub to: Option<String>,
}

/// Two runs that have results, and who is in which group of each.
struct Pair {
    from: Run,
    to: Run,
    groups_from: GroupOf,
    groups_to: GroupOf,
}

async fn labels(engine: &Engine, id: i64) -> Result<String> {
    let row = store::find(engine.pool(), id).await?;
    row.and_then(|row| row.labels_path)
        .ok_or_else(|| Error::Conflict(format!("Run {id} has no result.")))
}

async fn pair(engine: &Engine, actor: &Actor, from: i64, to: i64) -> Result<Pair> {
    let (from, to) = (get_run(engine, actor, from).await?, get_run(engine, actor, to).await?);
    for run in [&from, &to] {
        if run.state != RunState::Done {
            return Err(Error::Conflict(format!("Run {} has no result.", run.id)));
        }
    }
    if from.id == to.id {
        return Err(Error::invalid("from", "must be another run"));
    }
    let (path_from, path_to) = (labels(engine, from.id).await?, labels(engine, to.id).await?);
    Ok(Pair {
        groups_from: engine.warehouse().group_of(&path_from).await?,
        groups_to: engine.warehouse().group_of(&path_to).await?,
        from,
        to,
    })
}

/// How the customers of run `from` are spread over the groups of run `to`. The runs may be of different methods: then it is a comparison.
pub async fn get_moves(engine: &Engine, actor: &Actor, from: i64, to: i64) -> Result<Moves> {
    actor.require(Right::See)?;
    let pair = pair(engine, actor, from, to).await?;
    // The order of the groups as people see them, whatever came first in the files.
    let (counts, both, rand) = tokio::task::spawn_blocking(move || {
        let (counts, a, b) = counted(&pair.groups_from, &pair.groups_to);
        let rand = adjusted_rand(&a, &b).filter(|_| !a.is_empty());
        let cells = in_order(&pair, &counts);
        (cells, a.len() as i64, rand)
    })
    .await?;
    let stayed = counts
        .iter()
        .filter(|cell| cell.from.is_some() && cell.from == cell.to)
        .map(|cell| cell.size)
        .sum();
    Ok(Moves {
        from,
        to,
        cells: counts,
        both,
        stayed,
        adjusted_rand: rand,
    })
}

/// Sizes by place, row by row; the last row and column are those without a group. Then the groups of everybody whom both cover.
fn counted(from: &GroupOf, to: &GroupOf) -> (Vec<Vec<i64>>, Vec<u32>, Vec<u32>) {
    let (rows, columns) = (from.keys.len(), to.keys.len());
    let mut counts = vec![vec![0_i64; columns + 1]; rows + 1];
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for customer in 0..from.end().max(to.end()) {
        let (of_from, of_to) = (from.get(customer), to.get(customer));
        counts[of_from.unwrap_or(rows)][of_to.unwrap_or(columns)] += 1;
        if let (Some(of_from), Some(of_to)) = (of_from, of_to) {
            a.push(of_from as u32);
            b.push(of_to as u32);
        }
    }
    // Numbers that belong to nobody of either run.
    counts[rows][columns] = 0;
    (counts, a, b)
}

fn in_order(pair: &Pair, counts: &[Vec<i64>]) -> Vec<Move> {
    let order = |run: &Run, groups: &GroupOf| -> Vec<(Option<String>, usize)> {
        let place = |key: &str| groups.keys.iter().position(|known| known == key);
        let known = run.segments.iter().filter_map(|segment| {
            let key = segment.key.clone();
            place(&key).map(|place| (Some(key), place))
        });
        known.chain([(None, groups.keys.len())]).collect()
    };
    let columns = order(&pair.to, &pair.groups_to);
    let mut cells = Vec::new();
    for (from, row) in order(&pair.from, &pair.groups_from) {
        for (to, column) in &columns {
            let size = counts[row][*column];
            if size > 0 {
                cells.push(Move {
                    from: from.clone(),
                    to: to.clone(),
                    size,
                });
            }
        }
    }
    cells
}

fn checked(pair: &Pair, cell: &Cell) -> Result<()> {
    for (run, key, field) in [
        (&pair.from, &cell.from, "from_segment"),
        (&pair.to, &cell.to, "to_segment"),
    ] {
        if let Some(key) = key
            && !run.segments.iter().any(|segment| segment.key == *key)
        {
            return Err(Error::invalid(field, format!("run {} has no group {key}", run.id)));
        }
    }
    if cell.from.is_none() && cell.to.is_none() {
        return Err(Error::invalid(
            "to_segment",
            "at least one of the runs must have a group",
        ));
    }
    Ok(())
}

/// The people behind one cell, as the file of members of run `to`; of run `from` where `to` does not cover them.
pub async fn moved_csv(
    engine: &Engine,
    actor: &Actor,
    from: i64,
    to: i64,
    cell: Cell,
    file: MembersFile,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
    actor.require(Right::Export)?;
    let pair = pair(engine, actor, from, to).await?;
    checked(&pair, &cell)?;
    let (own, key, others, wanted) = match &cell.to {
        Some(key) => (to, key.clone(), pair.groups_from, cell.from.clone()),
        None => (from, cell.from.clone().unwrap_or_default(), pair.groups_to, None),
    };
    let path = labels(engine, own).await?;
    let wanted = match wanted {
        // Nobody of a group without members.
        Some(key) => Some(others.keys.iter().position(|known| *known == key).unwrap_or(usize::MAX)),
        None => None,
    };
    let members = engine
        .warehouse()
        .members_where(&path, Some(&key), move |customer| others.get(customer) == wanted)?;
    let mut tx = engine.pool().begin().await?;
    let detail =
        json!({ "from": from, "from_segment": cell.from, "to_segment": cell.to, "data_version": pair.to.data_version });
    audit::record(&mut tx, actor, "segmentation.export", &format!("run {to}"), detail).await?;
    tx.commit().await?;
    Ok(lines(members, file))
}

/// The people behind one cell as a rule over both runs, saved as a segment.
pub async fn save_moved(
    engine: &Engine,
    actor: &Actor,
    from: i64,
    to: i64,
    cell: Cell,
    name: String,
) -> Result<Segment> {
    actor.require(Right::Build)?;
    let pair = pair(engine, actor, from, to).await?;
    checked(&pair, &cell)?;
    let side = |run: &Run, key: &Option<String>| -> Value {
        match key {
            Some(key) => json!({ "run": { "id": run.id, "segment": key } }),
            None => {
                let all: Vec<Value> = run
                    .segments
                    .iter()
                    .map(|segment| json!({ "run": { "id": run.id, "segment": segment.key } }))
                    .collect();
                json!({ "not": { "any": all } })
            }
        }
    };
    let new = NewSegment {
        name,
        rule: Some(json!({ "all": [side(&pair.from, &cell.from), side(&pair.to, &cell.to)] })),
        ..NewSegment::default()
    };
    create_segment(engine, actor, new).await
}
