//! What the rule builder asks of the browser: questions that can be taken back, the form around it, focus and dragging. No words, no decisions.

use leptos::ev::{DragEvent, FocusEvent};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, Node, XmlHttpRequest};

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
