//! Pages of uploads: the list, a new one, the mapping of its columns, its outcome, taking it back, and how good the data is.

mod attributes;
mod demo;
mod fields;
mod fields_table;
mod list;
mod map;
mod mapped;
mod mapping_form;
mod new;
mod one;
mod options;
mod outcome;
mod quality;
mod reasons;
mod shape;
mod undo;
mod values;

pub use demo::{demo, remove_demo};
pub use list::list;
pub use map::{import, map};
pub use new::new;
pub use one::{again, commit, one};
pub use quality::{check_quality, quality};
pub use reasons::of_file as reason;
pub use undo::{undo, undo_effect};

use crate::i18n::{Lang, named};
use crate::t;
use crate::ui::{ButtonLook, Icon, Tone, chip, link_button};
use leptos::prelude::AnyView;
use types::uploads::{UploadKind, UploadState};

pub fn kind_name(lang: Lang, kind: UploadKind) -> String {
    named(lang, "upload-kind-", kind.as_str())
}

fn state_chip(lang: Lang, state: UploadState) -> AnyView {
    let tone = match state {
        UploadState::Committed => Tone::Good,
        UploadState::Running => Tone::Accent,
        UploadState::Received | UploadState::Ready | UploadState::Cancelled => Tone::Warn,
        UploadState::Failed => Tone::Bad,
        UploadState::Undone => Tone::Neutral,
    };
    chip(tone, named(lang, "upload-state-", state.as_str()))
}

/// The one button of pages that have no data yet.
pub fn upload_button(lang: Lang) -> AnyView {
    link_button(
        ButtonLook::Primary,
        Some(Icon::Upload),
        "/uploads/new",
        t!(lang, "uploads-new"),
    )
}

#[cfg(test)]
mod tests;
