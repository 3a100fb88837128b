//! Groups of a run and the portrait of one group, as rows.

use super::ReportQuery;
use super::sheet::{Cell, Report, Sheet, Unit, column};
use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::{Engine, portraits, segments};
use types::portraits::Portrait;
use types::query::GroupRef;

/// The groups of a segmentation run with their sizes and means.
pub async fn run(engine: &Engine, actor: &Actor, query: &ReportQuery) -> Result<Report> {
    let id = query
        .run
        .ok_or_else(|| Error::invalid("run", "is required: the number of a run"))?;
    let run = segments::get_run(engine, actor, id).await?;
    let mut about = Report::about(&run.currency, run.data_version, run.data_as_of, None);
    about.push(("run", run.id.into()));
    about.push(("method", run.method.as_str().into()));
    about.push(("as_of", run.as_of.into()));
    about.push(("seed", run.seed.into()));
    about.push(("covered", run.covered.into()));
    about.push(("customers", run.customers.into()));
    let rows = run.segments.iter().map(|segment| {
        let profile = &segment.profile;
        vec![
            segment.key.as_str().into(),
            segment.name.as_str().into(),
            segment.size.into(),
            segment.share.into(),
            profile.recency_mean.into(),
            profile.recency_median.into(),
            profile.frequency_mean.into(),
            profile.frequency_median.into(),
            profile.monetary_mean.into(),
            profile.monetary_median.into(),
            profile.monetary_total.into(),
            run.currency.as_str().into(),
        ]
    });
    let columns = vec![
        column("key", Unit::Text),
        column("name", Unit::Text),
        column("size", Unit::Whole),
        column("share", Unit::Fraction),
        column("recency_mean", Unit::Number),
        column("recency_median", Unit::Number),
        column("frequency_mean", Unit::Number),
        column("frequency_median", Unit::Number),
        column("monetary_mean", Unit::Money),
        column("monetary_median", Unit::Money),
        column("monetary_total", Unit::Money),
        column("currency", Unit::Text),
    ];
    let sheet = Sheet {
        name: "segments",
        columns,
        rows: rows.collect(),
    };
    Ok(Report {
        name: "segments".into(),
        data_version: run.data_version,
        about,
        sheets: vec![sheet],
    })
}

/// How a group differs from its baseline: values on the first sheet, measures on the second.
pub async fn portrait(engine: &Engine, actor: &Actor, query: &ReportQuery) -> Result<Report> {
    let segment = query
        .segment
        .clone()
        .ok_or_else(|| Error::invalid("segment", "is required: the group of the portrait"))?;
    let baseline = query.baseline.clone().unwrap_or(GroupRef::All);
    let portrait = portraits::get_portrait(engine, actor, &segment, &baseline).await?;
    let mut about = Report::about(&portrait.currency, portrait.data_version, portrait.data_as_of, None);
    about.push(("segment", portrait.segment.as_str().into()));
    about.push(("baseline", portrait.baseline.as_str().into()));
    about.push(("size", portrait.size.into()));
    about.push(("baseline_size", portrait.baseline_size.into()));
    about.push(("level", portrait.level.into()));
    let sheets = vec![values(&portrait), measures(&portrait)];
    Ok(Report {
        name: "portrait".into(),
        data_version: portrait.data_version,
        about,
        sheets,
    })
}

fn values(portrait: &Portrait) -> Sheet {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for dimension in &portrait.dimensions {
        for value in &dimension.values {
            rows.push(vec![
                dimension.name.as_str().into(),
                value.value.as_str().into(),
                value.count.into(),
                value.share.into(),
                value.baseline_count.into(),
                value.baseline_share.into(),
                value.tgi.into(),
                value.tgi_low.into(),
                value.tgi_high.into(),
                dimension.coverage.into(),
                dimension.baseline_coverage.into(),
            ]);
        }
    }
    let columns = vec![
        column("dimension", Unit::Text),
        column("value", Unit::Text),
        column("count", Unit::Whole),
        column("share", Unit::Fraction),
        column("baseline_count", Unit::Whole),
        column("baseline_share", Unit::Fraction),
        column("tgi", Unit::Number),
        column("tgi_low", Unit::Number),
        column("tgi_high", Unit::Number),
        column("coverage", Unit::Fraction),
        column("baseline_coverage", Unit::Fraction),
    ];
    Sheet {
        name: "values",
        columns,
        rows,
    }
}

fn measures(portrait: &Portrait) -> Sheet {
    let rows = portrait.measures.iter().map(|measure| {
        vec![
            measure.name.as_str().into(),
            measure.count.into(),
            measure.mean.into(),
            measure.low.into(),
            measure.high.into(),
            measure.median.into(),
            measure.baseline_mean.into(),
            measure.baseline_median.into(),
        ]
    });
    let columns = vec![
        column("measure", Unit::Text),
        column("count", Unit::Whole),
        column("mean", Unit::Number),
        column("low", Unit::Number),
        column("high", Unit::Number),
        column("median", Unit::Number),
        column("baseline_mean", Unit::Number),
        column("baseline_median", Unit::Number),
    ];
    Sheet {
        name: "measures",
        columns,
        rows: rows.collect(),
    }
}
