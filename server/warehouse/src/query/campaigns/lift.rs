//! Counts what the people of both arms of each campaign did. Who is in which arm was derived when the version was published; judging the
//! difference is mathematics and not done here.

use super::{ArmFigures, LiftFigures};
use crate::derive::CAMPAIGN_ARMS;
use crate::error::Result;
use crate::read::plain;
use crate::snapshot::Snapshot;
use datafusion::scalar::ScalarValue;
use std::collections::BTreeMap;

#[derive(Default)]
struct Arm {
    people: u64,
    visited: u64,
    ordered: u64,
    sum: i128,
    /// Sum of squares, for the variance.
    squares: f64,
}

impl Arm {
    fn figures(&self) -> ArmFigures {
        let n = self.people as f64;
        let mean = if self.people > 0 { plain(self.sum) / n } else { 0.0 };
        let variance = if self.people > 1 {
            ((self.squares - n * mean * mean) / (n - 1.0)).max(0.0)
        } else {
            0.0
        };
        ArmFigures {
            people: self.people,
            visited: self.visited,
            ordered: self.ordered,
            spend_mean: mean,
            spend_variance: variance,
        }
    }
}

pub(super) async fn lift_figures(
    snapshot: &Snapshot,
    campaign: Option<String>,
) -> Result<BTreeMap<String, LiftFigures>> {
    let only = if campaign.is_some() {
        "where campaign_id = $campaign"
    } else {
        ""
    };
    // Few amounts occur often (most people spend nothing), so that equal ones are counted; in order, so that sums are the same each time.
    let sql = format!(
        "select campaign_id, held_out, \"both\", spend, count(*) as people, count(*) filter (where visited) as visited, \
         count(*) filter (where ordered) as ordered from {CAMPAIGN_ARMS} {only} group by 1, 2, 3, 4 order by 1, 2, 3, 4"
    );
    let values = campaign
        .map(|id| vec![("campaign", ScalarValue::Utf8(Some(id)))])
        .unwrap_or_default();
    let mut arms: BTreeMap<String, ([Arm; 2], u64)> = BTreeMap::new();
    snapshot
        .each(&sql, values, |rows| {
            let (ids, held_out, both) = (
                rows.texts("campaign_id")?,
                rows.booleans("held_out")?,
                rows.booleans("both")?,
            );
            let (spend, people) = (rows.money("spend")?, rows.i64s("people")?);
            let (visited, ordered) = (rows.i64s("visited")?, rows.i64s("ordered")?);
            for row in 0..rows.len() {
                let (of, excluded) = arms.entry(ids.value(row).to_owned()).or_default();
                let n = people.value(row).unsigned_abs();
                if both.value(row) {
                    *excluded += n;
                    continue;
                }
                let arm = &mut of[usize::from(held_out.value(row))];
                arm.people += n;
                arm.visited += visited.value(row).unsigned_abs();
                arm.ordered += ordered.value(row).unsigned_abs();
                arm.sum += spend.value(row) * i128::from(n);
                arm.squares += plain(spend.value(row)).powi(2) * n as f64;
            }
            Ok(())
        })
        .await?;
    Ok(arms
        .into_iter()
        .map(|(id, ([treated, held_out], excluded))| {
            (
                id,
                LiftFigures {
                    treated: treated.figures(),
                    held_out: held_out.figures(),
                    excluded,
                },
            )
        })
        .collect())
}
