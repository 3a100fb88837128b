//! The campaign reports on paper: the words, figures, charts and tables of the pages, one below the other.

use super::pages::{did_it_work as worked, list, one, parts};
use super::{charts, words};
use crate::documents::foot;
use crate::format::Format;
use crate::t;
use ::charts::document::{Block, Cell, Column, Document, Table};
use types::campaigns::{Campaign, CampaignList};
use types::query::Period;

/// Every campaign, or those of a period.
pub fn of_all(format: &Format, list: &CampaignList, period: Option<Period>) -> Document {
    let lang = format.lang;
    let mut blocks = vec![Block::Figures(
        list::figures(format, &list.total).into_iter().map(Into::into).collect(),
    )];
    if !list.items.is_empty() {
        let subtitle = t!(
            lang,
            "campaigns-all-sub",
            currency = list.currency.clone(),
            days = format.number(list.window_days)
        );
        let table = list::table(format, list).printed(t!(lang, "campaigns-all"), subtitle);
        blocks.extend([
            chart(charts::returned(format, list)),
            chart(charts::cost_and_revenue(format, list)),
            Block::Table(table),
        ]);
    }
    Document {
        title: t!(lang, "nav-campaigns"),
        lead: list::lead(format, list),
        blocks,
        foot: foot(format, period, list.data_version, list.data_as_of),
        language: lang.code().to_owned(),
    }
}

/// One campaign, its whole life or the days of a period.
pub fn of_one(format: &Format, campaign: &Campaign, period: Option<Period>) -> Document {
    let lang = format.lang;
    let days = format.number(campaign.window_days);
    let mut blocks = vec![Block::Figures(
        one::figures(format, campaign).into_iter().map(Into::into).collect(),
    )];
    blocks.extend(did_it_work(format, campaign));
    blocks.push(chart(charts::days(format, campaign)));
    let mut table = |table: crate::ui::Table, title: String, subtitle: String| {
        blocks.push(Block::Table(table.printed(title, subtitle)));
    };
    table(
        parts::steps(format, campaign),
        t!(lang, "campaign-funnel"),
        t!(lang, "campaign-funnel-sub", days = days.clone()),
    );
    if !campaign.by_channel.is_empty() {
        let channels = parts::channels(format, campaign);
        table(
            channels,
            t!(lang, "campaign-by-channel"),
            t!(lang, "campaign-by-channel-sub"),
        );
    }
    if !campaign.by_segment.is_empty() {
        let segments = parts::segments(format, campaign, None);
        table(
            segments,
            t!(lang, "campaign-by-segment"),
            t!(lang, "campaign-by-segment-sub"),
        );
    }
    blocks.push(Block::Table(Table {
        title: t!(lang, "campaign-beside"),
        subtitle: t!(lang, "campaign-documents-note", days = days),
        columns: vec![Column::text(""), Column::number("")],
        rows: one::facts(format, campaign)
            .into_iter()
            .map(|(name, value)| vec![Cell::new(name), Cell::new(value)])
            .collect(),
        sum: None,
    }));
    Document {
        title: words::name(&campaign.row),
        lead: one::lead(format, campaign),
        blocks,
        foot: foot(format, period, campaign.data_version, campaign.data_as_of),
        language: lang.code().to_owned(),
    }
}

fn chart(spec: types::chart::ChartSpec) -> Block {
    Block::Chart(Box::new(spec))
}

/// The answer in sentences, then as picture and table; without a hold-out why nobody can know.
fn did_it_work(format: &Format, campaign: &Campaign) -> Vec<Block> {
    let lang = format.lang;
    let title = t!(lang, "campaign-worked");
    let ordered = campaign.lift.iter().find(|lift| lift.outcome == "ordered");
    let Some((spec, ordered)) = charts::lift(format, campaign).zip(ordered) else {
        return vec![Block::Text {
            title,
            sentences: vec![t!(lang, "campaign-no-holdout"), t!(lang, "campaign-no-holdout-do")],
        }];
    };
    let subtitle = t!(lang, "campaign-worked-sub", days = format.number(campaign.window_days));
    vec![
        Block::Text {
            title: title.clone(),
            sentences: vec![
                worked::lift_sentence(format, ordered),
                worked::evidence(format, ordered),
            ],
        },
        chart(spec),
        Block::Table(worked::outcomes(format, &campaign.lift).printed(title, subtitle)),
    ]
}
