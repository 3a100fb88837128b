//! What moves in the browser. An island holds no rule of the business: it shows what the server says, in words that the server chose.
//! Both builds must see the same source of an island, because its name is made from it; so whatever touches the
//! browser stands in `browser`, which has a silent twin for the server. The rule builder is as large as everything else together, so there are
//! two bundles of browser code: with it (feature `builder`) and without.

#[cfg(feature = "builder")]
mod asking;
#[cfg_attr(feature = "hydrate", path = "browser.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "no_browser.rs")]
mod browser;
mod chart_inspector;
mod job_progress;
#[cfg(any(feature = "builder", not(feature = "hydrate")))]
pub mod rule_builder;
#[cfg(feature = "hydrate")]
mod sending;
#[cfg(any(test, feature = "hydrate"))]
mod upload_parts;
mod upload_progress;

pub use chart_inspector::{ChartInspector, InspectedMark};
pub use job_progress::{JobProgress, JobTick, JobWords, LengthWords};
#[cfg(any(feature = "builder", not(feature = "hydrate")))]
pub use rule_builder::{BuilderSeed, RuleBuilder};
pub use upload_progress::{Sending, UploadProgress, UploadWords};
