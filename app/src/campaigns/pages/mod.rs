//! Pages of campaigns: all of a period, and one. The figures are the engine's; these pages say them.

pub(super) mod did_it_work;
pub(super) mod list;
pub(super) mod one;
pub(super) mod parts;

pub use did_it_work::lift_sentence;
pub use list::list;
pub use one::one;

use crate::context::names_days;
use engine::auth::Actor;
use engine::{Engine, Error};
use types::campaigns::{Campaign, CampaignList};
use types::query::Period;

/// Campaigns with a touch or a cost in the period.
pub async fn load_list(engine: &Engine, actor: &Actor, period: Period) -> Result<CampaignList, Error> {
    engine::campaigns::list_campaigns(engine, actor, Some(period)).await
}

/// One campaign over its whole life, or the part of it that falls into a period.
pub async fn load_one(engine: &Engine, actor: &Actor, id: &str, period: Option<Period>) -> Result<Campaign, Error> {
    engine::campaigns::get_campaign(engine, actor, id, period).await
}

/// The period, when the address names it: a campaign is shown as a whole unless somebody asks for a part.
pub fn part_of(query: &str, period: Period) -> Option<Period> {
    names_days(query).then_some(period)
}

#[cfg(test)]
pub mod tests;
