//! How much of a file has been sent, how long still, and the way to stop. The form inside is a plain form, which sends itself where no script
//! runs; with one the file goes in parts, and a broken connection only makes it wait.

use super::browser;
use super::job_progress::{LengthWords, fill};
use leptos::html::Div;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The words of the line, in the reader's language. `{}` is where a figure goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UploadWords {
    /// `{} of {} sent`
    pub sent: String,
    /// `about {} left`
    pub left: String,
    pub lengths: LengthWords,
    /// The connection broke: `{} of {} have arrived. Trying again in {}.`
    pub waiting: String,
    /// All bytes have left; the server reads the file.
    pub reading: String,
    /// A file from before: `{}: {} of {} have arrived. Choose it again …`
    pub kept: String,
    pub stop: String,
    /// `Stopped. {} of {} have arrived …`
    pub stopped: String,
    /// It does not go on by itself.
    pub broken: String,
    pub signed_out: String,
    pub too_large: String,
}

/// What becomes of sending.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sending {
    #[default]
    Idle,
    /// An earlier file has arrived in part.
    Kept {
        name: String,
        bytes: f64,
        total: f64,
    },
    Sent {
        bytes: f64,
        total: f64,
        /// Seconds, as soon as they can be told.
        left: Option<f64>,
    },
    /// The connection broke; it is tried again after so many seconds.
    Waiting {
        bytes: f64,
        total: f64,
        seconds: f64,
    },
    Stopped {
        bytes: f64,
        total: f64,
    },
    Reading,
    SignedOut,
    TooLarge,
    /// The server would not take it; its own words.
    Refused(String),
    Broken,
}

impl Sending {
    /// Bytes that have arrived, of all.
    fn share(&self) -> Option<f64> {
        match self {
            Sending::Sent { bytes, total, .. } | Sending::Waiting { bytes, total, .. } if *total > 0.0 => {
                Some(bytes / total)
            }
            _ => None,
        }
    }

    fn is_active(&self) -> bool {
        matches!(self, Sending::Sent { .. } | Sending::Waiting { .. } | Sending::Reading)
    }

    fn may_stop(&self) -> bool {
        matches!(self, Sending::Sent { .. } | Sending::Waiting { .. })
    }

    fn is_told(&self) -> bool {
        matches!(self, Sending::Kept { .. } | Sending::Stopped { .. })
    }

    fn has_failed(&self) -> bool {
        matches!(
            self,
            Sending::SignedOut | Sending::TooLarge | Sending::Refused(_) | Sending::Broken
        )
    }
}

fn megabytes(bytes: f64) -> String {
    if bytes < 1e6 {
        format!("{:.0} kB", bytes / 1e3)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

fn line(sending: &Sending, words: &UploadWords) -> String {
    let both = |pattern: &str, bytes: &f64, total: &f64| fill(pattern, &[megabytes(*bytes), megabytes(*total)]);
    match sending {
        Sending::Idle => String::new(),
        Sending::Kept { name, bytes, total } => {
            // The name comes last, because it may hold anything.
            let figures = both(&words.kept.replacen("{}", "\u{1}", 1), bytes, total);
            figures.replacen('\u{1}', name, 1)
        }
        Sending::Sent { bytes, total, .. } => both(&words.sent, bytes, total),
        Sending::Waiting { bytes, total, seconds } => {
            let figures = [megabytes(*bytes), megabytes(*total), words.lengths.roughly(*seconds)];
            fill(&words.waiting, &figures)
        }
        Sending::Stopped { bytes, total } => both(&words.stopped, bytes, total),
        Sending::Reading => words.reading.clone(),
        Sending::SignedOut => words.signed_out.clone(),
        Sending::TooLarge => words.too_large.clone(),
        Sending::Refused(reason) if reason.is_empty() => words.broken.clone(),
        Sending::Refused(reason) => reason.clone(),
        Sending::Broken => words.broken.clone(),
    }
}

fn left(sending: &Sending, words: &UploadWords) -> Option<String> {
    match sending {
        Sending::Sent { left: Some(left), .. } => Some(fill(&words.left, &[words.lengths.roughly(*left)])),
        _ => None,
    }
}

#[island]
pub fn UploadProgress(words: UploadWords, children: Children) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let sending = RwSignal::new(Sending::default());
    let words = StoredValue::new(words);
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            browser::watch_upload(&host, move |next| sending.set(next));
        }
    });
    let text = move || words.with_value(|words| sending.with(|sending| line(sending, words)));
    let left = move || words.with_value(|words| sending.with(|sending| left(sending, words)));
    let value = move || sending.with(Sending::share).map(|share| share.to_string());
    view! {
        <div class="stack" node_ref=host>
            {children()}
            <div class="progress" hidden=move || !sending.with(Sending::is_active)>
                <div class="progress-line">
                    <span aria-live="polite">{text}</span>
                    <span class="muted">{left}</span>
                    <span class="grow"></span>
                    <button
                        class="btn btn--small"
                        type="button"
                        hidden=move || !sending.with(Sending::may_stop)
                        on:click=move |_| browser::stop_upload()
                    >
                        {words.with_value(|words| words.stop.clone())}
                    </button>
                </div>
                <progress class="track" value=value max="1" aria-label=text></progress>
            </div>
            <div class="notice notice--warn" role="status" hidden=move || !sending.with(Sending::is_told)>{text}</div>
            <div class="notice notice--bad" role="alert" hidden=move || !sending.with(Sending::has_failed)>{text}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> UploadWords {
        UploadWords {
            sent: "{} of {} sent".into(),
            left: "about {} left".into(),
            lengths: LengthWords {
                seconds: "{} s".into(),
                ..LengthWords::default()
            },
            waiting: "{} of {} have arrived. Again in {}.".into(),
            kept: "{}: {} of {} have arrived.".into(),
            broken: "broken".into(),
            ..UploadWords::default()
        }
    }

    #[test]
    fn the_line_says_how_much_is_sent() {
        let sending = Sending::Sent {
            bytes: 512_000.0,
            total: 64_200_000.0,
            left: Some(12.0),
        };
        assert_eq!(line(&sending, &words()), "512 kB of 64.2 MB sent");
        assert_eq!(left(&sending, &words()).unwrap(), "about 12 s left");
        assert_eq!(line(&Sending::Refused("no".into()), &words()), "no");
        assert_eq!(line(&Sending::Refused(String::new()), &words()), "broken");
    }

    #[test]
    fn a_broken_connection_is_told_with_what_has_arrived() {
        let (bytes, total) = (8e6, 20e6);
        let waiting = Sending::Waiting {
            bytes,
            total,
            seconds: 4.0,
        };
        assert_eq!(
            line(&waiting, &words()),
            "8.0 MB of 20.0 MB have arrived. Again in 4 s."
        );
        assert!(waiting.is_active() && waiting.may_stop() && !waiting.has_failed());
        assert_eq!(waiting.share(), Some(0.4));
        let kept = Sending::Kept {
            name: "a {} b.csv".into(),
            bytes,
            total,
        };
        assert_eq!(line(&kept, &words()), "a {} b.csv: 8.0 MB of 20.0 MB have arrived.");
        assert!(kept.is_told() && !kept.is_active());
    }
}
