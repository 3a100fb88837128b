//! How many customers have which value of a tag, in one version of the data. Found out once for a version and kept, for the history.

use super::best;
use super::meaning::{self, Definition};
use super::store::{self, TagRow};
use crate::error::{Error, Result};
use crate::{Engine, segments};
use types::rules::Rule;
use types::tags::{TagSizes, TagValue};
use warehouse::Snapshot;

/// The values in this version; nobody has an expired tag. A tag that cannot be answered is an invalid one.
pub(super) async fn sizes_of(engine: &Engine, snapshot: &Snapshot, row: &TagRow) -> Result<TagSizes> {
    let mut sizes = TagSizes {
        data_version: snapshot.version(),
        data_as_of: snapshot.data_as_of(),
        covered: 0,
        customers: snapshot.customers() as i64,
        values: Vec::new(),
    };
    if snapshot.version() == 0 || meaning::expired(row, meaning::this_day(engine, snapshot)) {
        return Ok(sizes);
    }
    let counted = match Definition::of(row)? {
        Definition::Best(of) => snapshot.values_of_best(of).await?,
        Definition::Most(most) => best::groups(engine, snapshot, most).await?.sizes(),
        Definition::Uploaded => present(engine, snapshot, row).await?,
        Definition::Tiers(tiers) => {
            let values = tiers.into_iter().map(|(value, _)| value).collect();
            by_rule(engine, snapshot, row, values).await?
        }
        Definition::Newest(_) | Definition::Run(_) => match meaning::groups(engine, row).await? {
            Ok((_, keys)) => by_rule(engine, snapshot, row, keys).await?,
            Err(not) => return Err(Error::invalid("tag", not.reason)),
        },
    };
    // Nobody has two values, so that the sum is who has any.
    sizes.covered = counted.iter().map(|(_, size)| *size as i64).sum();
    sizes.values = counted
        .into_iter()
        .map(|(value, size)| TagValue {
            value,
            size: size as i64,
        })
        .collect();
    store::keep_sizes(engine.pool(), row, &sizes).await?;
    Ok(sizes)
}

/// One question for all values: the lines of its conditions say who fits each by itself.
async fn by_rule(
    engine: &Engine,
    snapshot: &Snapshot,
    row: &TagRow,
    values: Vec<String>,
) -> Result<Vec<(String, u64)>> {
    let conditions = values.iter().map(|value| Rule::Tag {
        name: row.name.clone(),
        value: Some(value.clone()),
    });
    let resolved = segments::resolve_rule(engine, snapshot, Rule::Any(conditions.collect())).await?;
    let as_of = segments::day_of(engine, snapshot);
    let counts = snapshot.count_rule(resolved.rule, as_of, resolved.references).await?;
    Ok(values
        .into_iter()
        .zip(counts.conditions)
        .map(|(value, condition)| (value, condition.alone))
        .collect())
}

/// Those of an uploaded tag who exist in this version.
async fn present(engine: &Engine, snapshot: &Snapshot, row: &TagRow) -> Result<Vec<(String, u64)>> {
    let groups = meaning::uploaded(engine, snapshot, row).await?;
    let values = groups.sizes().into_iter().map(|(value, _)| value).collect();
    let mut counted = by_rule(engine, snapshot, row, values).await?;
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(counted)
}

/// Finds out the values of all tags in the newest version. What cannot be answered is left out.
pub(crate) async fn record_sizes(engine: &Engine) -> Result<()> {
    let rows = store::all(engine.pool()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let snapshot = engine.snapshot().await?;
    for row in rows {
        match sizes_of(engine, &snapshot, &row).await {
            Ok(_) | Err(Error::Invalid(_) | Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
