//! Pages of uploads: the list, a new one, the mapping of its columns, its outcome, and taking it back.

mod fields;
mod list;
mod map;
mod mapping_form;
mod new;
mod one;
mod outcome;
mod shape;
mod undo;

pub use list::list;
pub use map::{import, map};
pub use new::new;
pub use one::{commit, one};
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
