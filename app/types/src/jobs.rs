//! A job as people and programs see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl JobState {
    pub fn as_str(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Succeeded => "succeeded",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<JobState> {
        [
            JobState::Queued,
            JobState::Running,
            JobState::Succeeded,
            JobState::Failed,
            JobState::Cancelled,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }

    /// Nothing more will happen to a finished job unless somebody retries it.
    pub fn is_finished(self) -> bool {
        matches!(self, JobState::Succeeded | JobState::Failed | JobState::Cancelled)
    }
}

/// What the job does. Kinds in the database are the snake-case names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Read, check and merge an uploaded file; with `dry_run` stop before anything is written.
    ImportFile,
    /// Take an upload's contributions out again.
    UndoUpload,
    /// Run a segmentation method over the published data.
    RunSegmentation,
    /// Make every sealed file and the features anew from PostgreSQL.
    RebuildWarehouse,
    /// Look through the data for what is missing, impossible or unmatched.
    CheckQuality,
    /// Look whether sizes of segments have crossed the thresholds of webhooks.
    WatchSegments,
    /// Tell another system of a crossing.
    DeliverWebhook,
}

impl JobKind {
    pub const ALL: [JobKind; 7] = [
        JobKind::ImportFile,
        JobKind::UndoUpload,
        JobKind::RunSegmentation,
        JobKind::RebuildWarehouse,
        JobKind::CheckQuality,
        JobKind::WatchSegments,
        JobKind::DeliverWebhook,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::ImportFile => "import_file",
            JobKind::UndoUpload => "undo_upload",
            JobKind::RunSegmentation => "run_segmentation",
            JobKind::RebuildWarehouse => "rebuild_warehouse",
            JobKind::CheckQuality => "check_quality",
            JobKind::WatchSegments => "watch_segments",
            JobKind::DeliverWebhook => "deliver_webhook",
        }
    }

    pub fn parse(text: &str) -> Option<JobKind> {
        JobKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    pub id: i64,
    pub kind: JobKind,
    pub state: JobState,
    /// What it is doing now, as a key of the locale files: `reading`, `merging`, `sealing`, `features`, `scoring` …
    pub step: Option<String>,
    /// How much of the step is done, in units of the step (rows, parts).
    pub done: i64,
    /// How much the step has to do; 0 while that is not known.
    pub total: i64,
    /// Seconds that the step had taken when this was asked for; null when nothing runs. `done` over it is the speed.
    #[serde(default)]
    pub step_seconds: Option<f64>,
    /// Why it failed, in words for a person.
    pub error: Option<String>,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Who asked for it.
    pub requested_by: String,
    /// The page where the result is or will be, such as `/uploads/7`.
    pub subject: String,
    pub cancel_requested: bool,
}
