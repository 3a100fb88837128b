//! The silent twin of `browser` for the server's build: effects and events never run there.

use super::job_progress::JobTick;
use super::upload_progress::Sending;
use leptos::ev::PointerEvent;
use leptos::web_sys::HtmlDivElement;

pub fn go_to(_address: &str) {}

pub fn place_in(_event: &PointerEvent, _element: &HtmlDivElement) -> Option<(f64, f64)> {
    None
}

pub fn move_tip(_tip: &HtmlDivElement, _across: f64, _down: f64) {}

pub fn follow_job(_id: i64, _take: impl Fn(JobTick) + Copy + 'static, _ask: impl Fn() + Copy + 'static) {}

pub fn stop_upload() {}

pub fn watch_upload(_host: &HtmlDivElement, _report: impl Fn(Sending) + Copy + 'static) {}
