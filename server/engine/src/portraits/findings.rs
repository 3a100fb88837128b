//! What stands out in a portrait, strongest evidence first, after correcting for the number of values that were looked at.

use analytics::evidence;
use analytics::tgi::{Tgi, ValueIndex};
use types::portraits::Finding;
use types::query::GroupRef;

/// Accepted share of false findings.
const FALSE_SHARE: f64 = 0.05;

/// The findings that stand, and how many values were compared. The merged rest is no finding: nobody can act on it.
pub(super) fn of(lines: &[(String, Vec<ValueIndex<String>>)], baseline: &GroupRef) -> (Vec<Finding>, i64) {
    let compared: Vec<(&str, &str, &ValueIndex<String>, Tgi)> = lines
        .iter()
        .flat_map(|(dimension, lines)| {
            lines
                .iter()
                .filter_map(move |line| Some((dimension.as_str(), line.value.as_deref()?, line, line.index?)))
        })
        .collect();
    let evidence: Vec<evidence::Finding> = compared
        .iter()
        .map(|(.., index)| evidence::Finding {
            p: index.p,
            certain_effect: index.certain_effect,
        })
        .collect();
    let mut standing: Vec<Finding> = evidence::order(&evidence, FALSE_SHARE)
        .into_iter()
        .filter(|placed| placed.stands)
        .map(|placed| {
            let (dimension, value, line, index) = compared[placed.index];
            Finding {
                dimension: dimension.to_owned(),
                value: value.to_owned(),
                sentence: sentence(dimension, value, index, baseline),
                count: line.group as i64,
                share: index.share,
                baseline_share: index.baseline_share,
                tgi: index.tgi,
                tgi_low: index.interval.map(|interval| interval.low),
                tgi_high: index.interval.map(|interval| interval.high),
            }
        })
        .collect();
    // A value that nobody of the group has comes without an interval, and is seldom what the reader wants to know first.
    standing.sort_by_key(|finding| finding.tgi_low.is_none());
    (standing, compared.len() as i64)
}

/// The observation in English. Pages say it in the reader's language from the same numbers.
fn sentence(dimension: &str, value: &str, index: Tgi, baseline: &GroupRef) -> String {
    let plain = |word: &str| word.strip_prefix("attributes.").unwrap_or(word).replace('_', " ");
    let whom = match baseline {
        GroupRef::All => "of all customers".to_owned(),
        other => format!("in {other}"),
    };
    let how = if index.tgi >= 100.0 {
        "more common"
    } else {
        "less common"
    };
    format!(
        "{}: {} is {how} here, {:.1} % against {:.1} % {whom} (index {:.0}).",
        plain(dimension),
        plain(value),
        100.0 * index.share,
        100.0 * index.baseline_share,
        index.tgi
    )
}
