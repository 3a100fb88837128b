//! The silent twin of `browser` for the server's build: effects and events never run there.

use super::job_progress::JobTick;
use super::upload_progress::Sending;
use leptos::ev::{DragEvent, FocusEvent, PointerEvent};
use leptos::web_sys::HtmlDivElement;

pub fn go_to(_address: &str) {}

pub fn place_in(_event: &PointerEvent, _element: &HtmlDivElement) -> Option<(f64, f64)> {
    None
}

pub fn move_tip(_tip: &HtmlDivElement, _across: f64, _down: f64) {}

pub fn follow_job(_id: i64, _take: impl Fn(JobTick) + Copy + 'static, _ask: impl Fn() + Copy + 'static) {}

pub fn stop_upload() {}

pub fn watch_upload(_host: &HtmlDivElement, _report: impl Fn(Sending) + Copy + 'static) {}

#[derive(Debug, Default)]
pub struct Asked(());

impl Asked {
    pub fn replace(&mut self, next: Asked) {
        *self = next;
    }
}

pub fn ask_later(_after_ms: i32, _address: &str, _body: String, _take: impl Fn(Option<String>) + 'static) -> Asked {
    Asked(())
}

pub fn set_text(_id: &str, _text: &str) {}

pub fn on_changed(_id: &str, _take: impl Fn(String) + 'static) {}

pub fn set_disabled(_id: &str, _disabled: bool) {}

pub fn is_typing() -> bool {
    false
}

pub fn focus_soon(_id: &str) {}

pub fn begin_drag(_event: &DragEvent) {}

pub fn stays_inside(_event: &FocusEvent) -> bool {
    false
}
