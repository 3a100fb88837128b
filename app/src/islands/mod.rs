//! What moves in the browser. An island holds no rule of the business: it shows what the server says, in words that the server chose.
//! Both builds must see the same source of an island, because its name is made from it; so whatever touches the
//! browser stands in `browser`, which has a silent twin for the server.

#[cfg_attr(feature = "hydrate", path = "browser.rs")]
#[cfg_attr(not(feature = "hydrate"), path = "no_browser.rs")]
mod browser;
mod chart_inspector;
mod job_progress;
pub mod rule_builder;
#[cfg(feature = "hydrate")]
mod sending;
#[cfg(any(test, feature = "hydrate"))]
mod upload_parts;
mod upload_progress;

pub use chart_inspector::{ChartInspector, InspectedMark};
pub use job_progress::{JobProgress, JobTick, JobWords, LengthWords};
pub use rule_builder::{BuilderSeed, RuleBuilder};
pub use upload_progress::{Sending, UploadProgress, UploadWords};
