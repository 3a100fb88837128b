//! Which function does which kind of job, and which right it needs. A new job is one line in each match.

use super::JobContext;
use crate::error::Result;
use crate::{Engine, sealing, segments, uploads, webhooks};
use types::auth::Right;
use types::jobs::{Job, JobKind};

pub(super) async fn run(ctx: &JobContext) -> Result<()> {
    // The rights are those of now: somebody who lost a right after asking is not served any more.
    ctx.actor.require(right_for(ctx.job.kind))?;
    match ctx.job.kind {
        JobKind::ImportFile => uploads::jobs::import_file(ctx).await,
        JobKind::UndoUpload => uploads::jobs::undo_upload(ctx).await,
        JobKind::RunSegmentation => segments::jobs::run_segmentation(ctx).await,
        JobKind::RebuildWarehouse => sealing::jobs::rebuild_warehouse(ctx).await,
        JobKind::CheckQuality => uploads::quality::check(ctx).await,
        JobKind::WatchSegments => webhooks::jobs::watch_segments(ctx).await,
        JobKind::DeliverWebhook => webhooks::jobs::deliver_webhook(ctx).await,
    }
}

/// After a job has failed for good or was cancelled, so that what it worked on gets its final state.
pub(super) async fn ended(engine: &Engine, job: &Job) -> Result<()> {
    match job.kind {
        JobKind::ImportFile | JobKind::UndoUpload => uploads::jobs::ended(engine, job).await,
        JobKind::RunSegmentation => segments::jobs::ended(engine, job).await,
        JobKind::DeliverWebhook => webhooks::jobs::ended(engine, job).await,
        JobKind::RebuildWarehouse | JobKind::CheckQuality | JobKind::WatchSegments => Ok(()),
    }
}

pub(super) fn right_for(kind: JobKind) -> Right {
    match kind {
        JobKind::ImportFile | JobKind::UndoUpload | JobKind::CheckQuality => Right::Upload,
        JobKind::RunSegmentation | JobKind::WatchSegments => Right::Build,
        JobKind::DeliverWebhook => Right::Export,
        JobKind::RebuildWarehouse => Right::Administer,
    }
}
