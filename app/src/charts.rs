//! Every chart by its name, so that a file shows what its page shows: both are made from the same value.
//! Charts are built by the features; this is only the list.

use crate::context::{PageContext, pairs};
use crate::format::Format;
use crate::{campaigns, overview, segments};
use engine::auth::Actor;
use engine::{Engine, Error};
use types::chart::ChartSpec;
use types::query::Period;

/// Who asks, in which language, about which days. `query` is the query of the page.
pub struct Asked<'a> {
    pub engine: &'a Engine,
    pub actor: &'a Actor,
    pub format: Format,
    pub period: Period,
    pub query: &'a str,
}

impl<'a> Asked<'a> {
    pub fn of_page(engine: &'a Engine, actor: &'a Actor, context: &'a PageContext) -> Asked<'a> {
        Asked {
            engine,
            actor,
            format: context.format,
            period: context.period,
            query: &context.query,
        }
    }

    fn value(&self, key: &str) -> Result<String, Error> {
        let value = pairs(self.query)
            .into_iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value);
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Error::invalid(key, "must say which one"))
    }
}

/// The chart of that name, filled with what the asking person may see. The keys of the query that it reads besides the period:
/// `campaign` for those of one campaign.
pub async fn by_name(asked: &Asked<'_>, name: &str) -> Result<ChartSpec, Error> {
    let format = &asked.format;
    match name {
        "revenue" => Ok(overview::pages::revenue(format, &overview(asked).await?)),
        "campaign-roi" => Ok(overview::pages::campaign_roi(format, &overview(asked).await?)),
        "campaign-returns" => Ok(campaigns::charts::returned(format, &campaign_list(asked).await?)),
        "campaign-money" => Ok(campaigns::charts::cost_and_revenue(
            format,
            &campaign_list(asked).await?,
        )),
        "campaign-days" => Ok(campaigns::charts::days(format, &campaign(asked).await?)),
        "campaign-lift" => campaigns::charts::lift(format, &campaign(asked).await?).ok_or_else(|| unknown(name)),
        _ if name.starts_with("segment-sizes-") => {
            let id = name
                .trim_start_matches("segment-sizes-")
                .parse()
                .map_err(|_| unknown(name))?;
            let segment = engine::segments::get_segment(asked.engine, asked.actor, id).await?;
            segments::pages::saved::sizes(format, &segment).ok_or_else(|| unknown(name))
        }
        _ if name.starts_with("segment-overlap-") => segments::pages::saved::by_name(asked, name)
            .await?
            .ok_or_else(|| unknown(name)),
        _ => segments::pages::by_name(asked, name)
            .await?
            .ok_or_else(|| unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    Error::not_found(format!("Chart {name}"))
}

async fn overview(asked: &Asked<'_>) -> Result<types::overview::Overview, Error> {
    engine::overview::get_overview(asked.engine, asked.actor, asked.period, None).await
}

async fn campaign_list(asked: &Asked<'_>) -> Result<types::campaigns::CampaignList, Error> {
    campaigns::pages::load_list(asked.engine, asked.actor, asked.period).await
}

async fn campaign(asked: &Asked<'_>) -> Result<types::campaigns::Campaign, Error> {
    let id = asked.value("campaign")?;
    let part = campaigns::pages::part_of(asked.query, asked.period);
    campaigns::pages::load_one(asked.engine, asked.actor, &id, part).await
}
