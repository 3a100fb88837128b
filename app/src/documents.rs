//! Every report on paper by its name: the same words, charts and tables as its page. Documents are built by the features; this is only
//! the list. Who may take one out, and that it is logged, is the engine's.

use crate::charts::Asked;
use crate::context::names_days;
use crate::format::Format;
use crate::segments::pages::group_name;
use crate::shell::basis;
use crate::t;
use crate::{campaigns, portraits, segments};
use charts::document::Document;
use chrono::{DateTime, Utc};
use engine::Error;
use engine::reports::{self, ReportQuery};
use types::query::{GroupRef, Period};

/// The report of that name. `query` says which group, run or campaign; the period is that of the page.
pub async fn by_name(asked: &Asked<'_>, name: &str, query: &ReportQuery) -> Result<Document, Error> {
    let (engine, actor, format) = (asked.engine, asked.actor, &asked.format);
    let part = names_days(asked.query).then_some(asked.period);
    let required = |field: &str| Error::invalid(field, "is required: it says which one");
    let (document, version) = match reports::entry(name)?.name {
        "campaigns" => {
            let list = engine::campaigns::list_campaigns(engine, actor, part).await?;
            (campaigns::document::of_all(format, &list, part), list.data_version)
        }
        "campaign" => {
            let id = query.campaign.as_deref().ok_or_else(|| required("campaign"))?;
            let campaign = campaigns::pages::load_one(engine, actor, id, part).await?;
            (
                campaigns::document::of_one(format, &campaign, part),
                campaign.data_version,
            )
        }
        "segments" => {
            let id = query.run.ok_or_else(|| required("run"))?;
            let run = engine::segments::get_run(engine, actor, id).await?;
            (segments::document::of_run(format, &run), run.data_version)
        }
        _ => {
            let segment = query.segment.clone().ok_or_else(|| required("segment"))?;
            let baseline = query.baseline.clone().unwrap_or(GroupRef::All);
            let portrait = engine::portraits::get_portrait(engine, actor, &segment, &baseline).await?;
            let (title, against) = (group(asked, &segment).await?, group(asked, &baseline).await?);
            (
                portraits::document::of(format, title, against, &portrait),
                portrait.data_version,
            )
        }
    };
    reports::log_export(engine, actor, name, "pdf", None, version).await?;
    Ok(document)
}

/// A group in words.
async fn group(asked: &Asked<'_>, group: &GroupRef) -> Result<String, Error> {
    let lang = asked.format.lang;
    Ok(match group {
        GroupRef::All => t!(lang, "group-all"),
        GroupRef::Tag { name, value: None } => name.clone(),
        GroupRef::Tag {
            name,
            value: Some(value),
        } => format!("{name}: {value}"),
        GroupRef::Segment(id) => {
            engine::segments::get_segment(asked.engine, asked.actor, *id)
                .await?
                .name
        }
        GroupRef::Run { run, key } => {
            let run = engine::segments::get_run(asked.engine, asked.actor, *run).await?;
            let named = run.segments.iter().find(|segment| segment.key == *key);
            named.map_or_else(|| key.clone(), |segment| group_name(lang, segment))
        }
    })
}

/// What the figures are of, on every page.
pub fn foot(format: &Format, period: Option<Period>, version: i64, as_of: Option<DateTime<Utc>>) -> String {
    let days = period.map(|period| format!("{} · ", format.period(period.from, period.to)));
    format!("{}{}", days.unwrap_or_default(), basis(format, version, as_of))
}
