//! Sends a chosen file part by part, asks where to go on after a broken connection, and goes on with the same file after the page was loaded
//! anew. What an answer means is decided in `upload_parts`; the words are the island's.

use super::browser::{go_to, now_ms};
use super::upload_parts::{Arrived, Chosen, Kept, Meaning, Pace, begin_address, data_address, meaning, next_part};
use super::upload_progress::Sending;
use leptos::web_sys::HtmlDivElement;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, Event, File, HtmlFormElement, HtmlInputElement, ProgressEvent, Storage, XmlHttpRequest};

/// Where the browser remembers the file that has not arrived completely.
const KEPT: &str = "silhouette-upload";
/// A call that takes longer is broken, whatever the browser believes.
const LONGEST_CALL_MS: u32 = 120_000;

thread_local! {
    /// What is being sent, for the button that stops it.
    static CURRENT: RefCell<Option<Rc<Transfer>>> = const { RefCell::new(None) };
}

/// Sends the file of the form inside `host` in parts, then goes to the mapping of its columns.
pub fn watch_upload(host: &HtmlDivElement, report: impl Fn(Sending) + Copy + 'static) {
    let Some(form) = host
        .query_selector("form")
        .ok()
        .flatten()
        .and_then(|found| found.dyn_into::<HtmlFormElement>().ok())
    else {
        return;
    };
    if let Some(kept) = kept() {
        choose_kind(&form, &kept.chosen.kind);
        report(Sending::Kept {
            name: kept.chosen.name,
            bytes: kept.received,
            total: kept.chosen.size,
        });
    }
    let target = form.clone();
    let on_submit = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        // Without a file the browser says so; where a part of this cannot be done, the form sends itself.
        if let Some(transfer) = Transfer::of(&target, report) {
            event.prevent_default();
            stop_upload();
            CURRENT.set(Some(transfer.clone()));
            transfer.begin();
        }
    });
    let _ = form.add_event_listener_with_callback("submit", on_submit.as_ref().unchecked_ref());
    on_submit.forget();
}

/// The kind that the file was sent as, so that choosing the file is enough.
fn choose_kind(form: &HtmlFormElement, kind: &str) {
    if kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        && let Ok(Some(found)) = form.query_selector(&format!("input[name=kind][value={kind}]"))
        && let Ok(input) = found.dyn_into::<HtmlInputElement>()
    {
        input.set_checked(true);
    }
}

/// Stops sending. What has arrived is kept.
pub fn stop_upload() {
    if let Some(transfer) = CURRENT.take() {
        transfer.stop();
    }
}

struct Transfer {
    file: File,
    chosen: Chosen,
    upload_id: Cell<i64>,
    received: Cell<f64>,
    pace: Cell<Pace>,
    /// When this sitting began, and how much was there then.
    begun: Cell<(f64, f64)>,
    request: RefCell<Option<XmlHttpRequest>>,
    stopped: Cell<bool>,
    report: Box<dyn Fn(Sending)>,
}

type Step = fn(Rc<Transfer>);

impl Transfer {
    fn of(form: &HtmlFormElement, report: impl Fn(Sending) + 'static) -> Option<Rc<Transfer>> {
        let input = |selector: &str| {
            let found = form.query_selector(selector).ok().flatten()?;
            found.dyn_into::<HtmlInputElement>().ok()
        };
        let file = input("input[type=file]")?.files()?.get(0)?;
        let chosen = Chosen {
            kind: input("input[name=kind]:checked")?.value(),
            name: file.name(),
            size: file.size(),
            modified: file.last_modified(),
        };
        Some(Rc::new(Transfer {
            file,
            chosen,
            upload_id: Cell::new(0),
            received: Cell::new(0.0),
            pace: Cell::default(),
            begun: Cell::new((now_ms(), 0.0)),
            request: RefCell::default(),
            stopped: Cell::new(false),
            report: Box::new(report),
        }))
    }

    fn begin(self: Rc<Self>) {
        match kept().filter(|kept| kept.is_of(&self.chosen)) {
            Some(kept) => {
                self.upload_id.set(kept.upload_id);
                self.say_sent(kept.received);
                self.ask();
            }
            None => self.create(),
        }
    }

    fn stop(&self) {
        self.stopped.set(true);
        if let Some(request) = self.request.take() {
            let _ = request.abort();
        }
        self.say(Sending::Stopped {
            bytes: self.received.get(),
            total: self.chosen.size,
        });
    }

    fn say(&self, sending: Sending) {
        (self.report)(sending);
    }

    fn say_sent(&self, bytes: f64) {
        let (since, from) = self.begun.get();
        let seconds = (now_ms() - since) / 1_000.0;
        let rate = (bytes - from) / seconds;
        let left = (seconds >= 2.0 && rate > 0.0).then(|| (self.chosen.size - bytes) / rate);
        self.say(Sending::Sent {
            bytes,
            total: self.chosen.size,
            left,
        });
    }

    /// A new upload, of which nothing has arrived.
    fn create(self: Rc<Self>) {
        self.say_sent(0.0);
        let address = begin_address(&self.chosen);
        self.call("POST", &address, None, |this, status, text| {
            match (meaning(status), serde_json::from_str::<Arrived>(&text)) {
                (Meaning::Taken, Ok(arrived)) => {
                    this.upload_id.set(arrived.upload_id);
                    this.arrived(0.0);
                    this.begun.set((now_ms(), 0.0));
                    this.send_part();
                }
                (Meaning::Later, _) => this.later(Transfer::create),
                (refused, _) => this.refused(refused, &text),
            }
        });
    }

    /// Where to go on.
    fn ask(self: Rc<Self>) {
        let address = data_address(self.upload_id.get());
        self.call("GET", &address, None, |this, status, text| {
            match (meaning(status), serde_json::from_str::<Arrived>(&text)) {
                (Meaning::Taken, Ok(arrived)) if arrived.complete => this.done(),
                (Meaning::Taken, Ok(arrived)) => {
                    let first = this.received.get() == 0.0;
                    let mut pace = this.pace.get();
                    let goes_on = pace.answered(arrived.received > this.received.get());
                    this.pace.set(pace);
                    this.arrived(arrived.received.min(this.chosen.size));
                    if first {
                        this.begun.set((now_ms(), arrived.received));
                    }
                    if goes_on {
                        this.send_part();
                    } else {
                        this.say(Sending::Broken);
                    }
                }
                (Meaning::Later, _) => this.later(Transfer::ask),
                // It was cleared away in the meantime: from the beginning.
                (Meaning::Gone, _) => {
                    forget();
                    this.create();
                }
                (refused, _) => this.refused(refused, &text),
            }
        });
    }

    fn send_part(self: Rc<Self>) {
        let (start, end, address) = next_part(
            self.upload_id.get(),
            self.received.get(),
            self.chosen.size,
            self.pace.get().part,
        );
        let Ok(part) = self.file.slice_with_f64_and_f64(start, end) else {
            self.say(Sending::Broken);
            return;
        };
        self.call(
            "PATCH",
            &address,
            Some(&part),
            move |this, status, text| match meaning(status) {
                Meaning::Taken => {
                    let mut pace = this.pace.get();
                    pace.worked();
                    this.pace.set(pace);
                    this.arrived(end);
                    if end >= this.chosen.size {
                        this.done();
                    } else {
                        this.send_part();
                    }
                }
                Meaning::Later => this.later(Transfer::ask),
                Meaning::Gone => {
                    forget();
                    this.create();
                }
                refused => this.refused(refused, &text),
            },
        );
    }

    /// Notes how much is there, for this page and for the next one.
    fn arrived(&self, bytes: f64) {
        self.received.set(bytes);
        keep(&Kept {
            upload_id: self.upload_id.get(),
            chosen: self.chosen.clone(),
            received: bytes,
        });
        self.say_sent(bytes);
    }

    fn done(&self) {
        forget();
        CURRENT.set(None);
        self.say(Sending::Reading);
        go_to(&format!("/uploads/{}/map", self.upload_id.get()));
    }

    fn refused(&self, meaning: Meaning, text: &str) {
        self.say(match meaning {
            Meaning::SignedOut => Sending::SignedOut,
            Meaning::TooLarge => Sending::TooLarge,
            _ => Sending::Refused(detail(text)),
        });
    }

    /// Tries a step again after a pause.
    fn later(self: Rc<Self>, step: Step) {
        let mut pace = self.pace.get();
        let seconds = pace.broke();
        self.pace.set(pace);
        self.say(Sending::Waiting {
            bytes: self.received.get(),
            total: self.chosen.size,
            seconds,
        });
        let run = Closure::once_into_js(move || {
            if !self.stopped.get() {
                step(self);
            }
        });
        if let Some(window) = web_sys::window() {
            let milliseconds = (seconds * 1_000.0) as i32;
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(run.unchecked_ref(), milliseconds);
        }
    }

    /// One call; `then` gets status and text, 0 and nothing when it broke off.
    fn call(
        self: Rc<Self>,
        method: &str,
        address: &str,
        body: Option<&Blob>,
        then: impl FnOnce(Rc<Transfer>, u16, String) + 'static,
    ) {
        if self.start(method, address, body, then).is_none() {
            self.say(Sending::Broken);
        }
    }

    fn start(
        self: &Rc<Self>,
        method: &str,
        address: &str,
        body: Option<&Blob>,
        then: impl FnOnce(Rc<Transfer>, u16, String) + 'static,
    ) -> Option<()> {
        let request = XmlHttpRequest::new().ok()?;
        request.open(method, address).ok()?;
        request.set_timeout(LONGEST_CALL_MS);
        request.set_request_header("Accept", "application/json").ok()?;
        let (this, ended) = (self.clone(), request.clone());
        // Fires once, however the call ends.
        let on_end = Closure::once_into_js(move || {
            if !this.stopped.get() {
                let text = ended.response_text().ok().flatten().unwrap_or_default();
                let status = ended.status().unwrap_or_default();
                then(this, status, text);
            }
        });
        request.set_onloadend(Some(on_end.unchecked_ref()));
        if body.is_some() {
            let (this, from) = (Rc::downgrade(self), self.received.get());
            let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
                if let Some(this) = this.upgrade().filter(|this| !this.stopped.get()) {
                    this.say_sent(from + event.loaded());
                }
            });
            let upload = request.upload().ok()?;
            upload.set_onprogress(Some(&on_progress.into_js_value().unchecked_into()));
        }
        self.request.replace(Some(request.clone()));
        request.send_with_opt_blob(body).ok()
    }
}

/// The server's own words for a refusal.
fn detail(text: &str) -> String {
    let problem = serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
    let said = |pointer: &str| {
        problem
            .pointer(pointer)
            .and_then(|text| text.as_str())
            .map(str::to_owned)
    };
    said("/errors/0/reason").or_else(|| said("/detail")).unwrap_or_default()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn kept() -> Option<Kept> {
    serde_json::from_str(&storage()?.get_item(KEPT).ok().flatten()?).ok()
}

fn keep(kept: &Kept) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(kept)) {
        // Where the browser keeps nothing, sending works; only a page loaded anew begins at the beginning.
        let _ = storage.set_item(KEPT, &text);
    }
}

fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEPT);
    }
}
