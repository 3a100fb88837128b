//! Everything that islands ask of the browser: events, places, navigation; sending files is next door. No words, no decisions.

#[cfg(feature = "builder")]
pub use super::asking::{
    Asked, ask_later, begin_drag, focus_soon, is_typing, on_changed, set_disabled, set_text, stays_inside,
};
pub use super::sending::{stop_upload, watch_upload};

use super::job_progress::JobTick;
use leptos::ev::PointerEvent;
use leptos::web_sys::HtmlDivElement;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, MessageEvent};

pub fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |clock| clock.now())
}

/// Loads an address; the present one is loaded anew.
pub fn go_to(address: &str) {
    if let Some(window) = web_sys::window() {
        let location = window.location();
        // Setting an address that differs only after the number sign would not load anything, so the same page reloads.
        let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        let _ = if here == address {
            location.reload()
        } else {
            location.assign(address)
        };
    }
}

/// Where the pointer is inside an element, as fractions of its width and height.
pub fn place_in(event: &PointerEvent, element: &HtmlDivElement) -> Option<(f64, f64)> {
    let area = element.get_bounding_client_rect();
    (area.width() > 0.0 && area.height() > 0.0).then(|| {
        (
            (f64::from(event.client_x()) - area.left()) / area.width(),
            (f64::from(event.client_y()) - area.top()) / area.height(),
        )
    })
}

/// Puts the tip beside a place (fractions of its parent), on the side that has room.
pub fn move_tip(tip: &HtmlDivElement, across: f64, down: f64) {
    let style = tip.style();
    let _ = style.set_property("top", &format!("calc({:.2}% - 12px)", down * 100.0));
    if across < 0.55 {
        let _ = style.set_property("left", &format!("calc({:.2}% + 12px)", across * 100.0));
        let _ = style.set_property("right", "auto");
    } else {
        let _ = style.set_property("left", "auto");
        let _ = style.set_property("right", &format!("calc({:.2}% + 12px)", (1.0 - across) * 100.0));
    }
}

/// Milliseconds between two questions while the events are broken.
const ASK_EVERY_MS: i32 = 2_000;

/// Hands on every event of a job. When the stream breaks, asks instead, until the stream speaks again.
pub fn follow_job(id: i64, take: impl Fn(JobTick) + Copy + 'static, ask: impl Fn() + Copy + 'static) {
    let Ok(events) = EventSource::new(&format!("/jobs/{id}/events")) else {
        every(ASK_EVERY_MS, ask);
        return;
    };
    let broken = Rc::new(Cell::new(false));
    let on_job = {
        let (broken, events) = (Rc::clone(&broken), events.clone());
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            broken.set(false);
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(tick) = serde_json::from_str::<JobTick>(&text) {
                if matches!(tick.state.as_str(), "succeeded" | "failed" | "cancelled") {
                    events.close();
                }
                take(tick);
            }
        })
    };
    let on_error = {
        let broken = Rc::clone(&broken);
        Closure::<dyn Fn(Event)>::new(move |_| broken.set(true))
    };
    let _ = events.add_event_listener_with_callback("job", on_job.as_ref().unchecked_ref());
    events.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    every(ASK_EVERY_MS, move || {
        if broken.get() {
            ask();
        }
    });
    // They live as long as the page.
    on_job.forget();
    on_error.forget();
}

fn every(milliseconds: i32, run: impl Fn() + 'static) {
    let run = Closure::<dyn Fn()>::new(run);
    if let Some(window) = web_sys::window() {
        let _ =
            window.set_interval_with_callback_and_timeout_and_arguments_0(run.as_ref().unchecked_ref(), milliseconds);
    }
    run.forget();
}
