//! Everything that islands ask of the browser: events, places, navigation; sending files is next door. No words, no decisions.

pub use super::sending::{stop_upload, watch_upload};

use super::job_progress::JobTick;
use leptos::ev::{DragEvent, FocusEvent, PointerEvent};
use leptos::web_sys::HtmlDivElement;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventSource, HtmlElement, HtmlTextAreaElement, MessageEvent, Node, XmlHttpRequest};

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

/// A question that waits for its time or for its answer. Dropped or replaced, it is taken back: the connection closes, and the server stops
/// working on it.
#[derive(Debug, Default)]
pub struct Asked(Option<u32>);

/// What a question holds in the browser.
struct Open {
    timer: i32,
    request: Option<XmlHttpRequest>,
    /// They must live as long as the browser may call them.
    _called: Vec<Closure<dyn FnMut()>>,
}

thread_local! {
    static OPEN: RefCell<HashMap<u32, Open>> = RefCell::default();
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

impl Asked {
    pub fn replace(&mut self, next: Asked) {
        *self = next;
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let open = self.0.and_then(|id| OPEN.with(|open| open.borrow_mut().remove(&id)));
        let Some(open) = open else { return };
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(open.timer);
        }
        if let Some(request) = &open.request {
            request.set_onload(None);
            request.set_onerror(None);
            let _ = request.abort();
        }
    }
}

/// Asks an address after a while; with a body it is a POST of JSON. `take` gets the text of a good answer, or nothing.
pub fn ask_later(after_ms: i32, address: &str, body: String, take: impl Fn(Option<String>) + 'static) -> Asked {
    let Some(window) = web_sys::window() else {
        return Asked::default();
    };
    let id = NEXT.with(|next| next.replace(next.get().wrapping_add(1)));
    let address = address.to_owned();
    let take = Rc::new(take);
    let begin = Closure::<dyn FnMut()>::new(move || {
        if start(id, &address, &body, Rc::clone(&take)).is_none() {
            take(None);
        }
    });
    let timer = window
        .set_timeout_with_callback_and_timeout_and_arguments_0(begin.as_ref().unchecked_ref(), after_ms)
        .unwrap_or_default();
    let open = Open {
        timer,
        request: None,
        _called: vec![begin],
    };
    OPEN.with(|all| all.borrow_mut().insert(id, open));
    Asked(Some(id))
}

fn start(id: u32, address: &str, body: &str, take: Rc<impl Fn(Option<String>) + 'static>) -> Option<()> {
    let request = XmlHttpRequest::new().ok()?;
    request
        .open(if body.is_empty() { "GET" } else { "POST" }, address)
        .ok()?;
    if !body.is_empty() {
        request.set_request_header("content-type", "application/json").ok()?;
    }
    let (done, taken) = (request.clone(), Rc::clone(&take));
    let on_load = Closure::<dyn FnMut()>::new(move || {
        let good = done.status().is_ok_and(|status| status == 200);
        taken(done.response_text().ok().flatten().filter(|_| good));
    });
    let on_error = Closure::<dyn FnMut()>::new(move || take(None));
    request.set_onload(Some(on_load.as_ref().unchecked_ref()));
    request.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    OPEN.with(|all| {
        if let Some(open) = all.borrow_mut().get_mut(&id) {
            open.request = Some(request.clone());
            open._called.extend([on_load, on_error]);
        }
    });
    match body {
        "" => request.send().ok(),
        body => request.send_with_opt_str(Some(body)).ok(),
    }
}

fn element(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// Writes into a text area of the page.
pub fn set_text(id: &str, text: &str) {
    if let Some(area) = element(id).and_then(|found| found.dyn_into::<HtmlTextAreaElement>().ok()) {
        area.set_value(text);
    }
}

/// Hands on what a person wrote into a text area of the page.
pub fn on_changed(id: &str, take: impl Fn(String) + 'static) {
    let Some(area) = element(id).and_then(|found| found.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    let from = area.clone();
    let changed = Closure::<dyn Fn(Event)>::new(move |_| take(from.value()));
    let _ = area.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
    // It lives as long as the page.
    changed.forget();
}

pub fn set_disabled(id: &str, disabled: bool) {
    if let Some(button) = element(id) {
        let _ = button.toggle_attribute_with_force("disabled", disabled);
    }
}

/// Whether the keyboard writes into a field.
pub fn is_typing() -> bool {
    let focused = web_sys::window().and_then(|window| window.document()?.active_element());
    focused.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA"))
}

/// Focuses what will be there after the next drawing.
pub fn focus_soon(id: &str) {
    let id = id.to_owned();
    let focus = Closure::once_into_js(move || {
        if let Some(element) = element(&id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(focus.unchecked_ref(), 30);
    }
}

/// Some browsers drag nothing that carries nothing.
pub fn begin_drag(event: &DragEvent) {
    if let Some(transfer) = event.data_transfer() {
        let _ = transfer.set_data("text/plain", "");
        transfer.set_effect_allowed("move");
    }
}

/// Whether the focus goes to another part of the element that the event is heard on.
pub fn stays_inside(event: &FocusEvent) -> bool {
    let host = event.current_target().and_then(|host| host.dyn_into::<Node>().ok());
    let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
    host.is_some_and(|host| host.contains(next.as_ref()) && next.is_some())
}
