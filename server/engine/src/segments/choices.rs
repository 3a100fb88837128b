//! What clusters can be made from in the newest version of the data: for the form that asks.

use super::params::SCORED;
use crate::Engine;
use crate::auth::Actor;
use crate::error::Result;
use serde::Serialize;
use types::auth::Right;
use types::rules::ValueKind;
use warehouse::query::chosen::{CHOICES, FeatureKind};

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeatureChoice {
    pub name: String,
    /// A category, which k-means cannot take.
    pub category: bool,
}

/// Scores first, then what the features table has, then the company's own attributes.
pub async fn feature_choices(engine: &Engine, actor: &Actor) -> Result<Vec<FeatureChoice>> {
    actor.require(Right::See)?;
    let choice = |name: &str, category| FeatureChoice {
        name: name.to_owned(),
        category,
    };
    let attributes = engine.snapshot().await?.attributes()?;
    let scored = SCORED.iter().map(|name| choice(name, false));
    let known = CHOICES.iter().map(|of| choice(of.name, of.kind == FeatureKind::Word));
    let own = attributes
        .iter()
        .map(|(name, kind)| choice(name, *kind != ValueKind::Number));
    Ok(scored.chain(known).chain(own).collect())
}
