//! How much of a file has been sent. The form inside is a plain form, which sends itself where no script runs.

use super::browser;
use leptos::html::Div;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The words of the line, in the reader's language. `{}` is where a figure goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UploadWords {
    /// `{} of {} sent`
    pub sent: String,
    /// All bytes have left; the server reads the file.
    pub reading: String,
    /// The connection broke; the file is not there.
    pub broken: String,
}

/// What becomes of sending.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Sending {
    #[default]
    Idle,
    Sent {
        bytes: f64,
        total: f64,
    },
    Reading,
    /// The server would not take it; its own words.
    Refused(String),
    Broken,
}

fn megabytes(bytes: f64) -> String {
    if bytes < 1e6 {
        format!("{:.0} kB", bytes / 1e3)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

fn line(sending: &Sending, words: &UploadWords) -> String {
    match sending {
        Sending::Idle => String::new(),
        Sending::Sent { bytes, total } => {
            words
                .sent
                .replacen("{}", &megabytes(*bytes), 1)
                .replacen("{}", &megabytes(*total), 1)
        }
        Sending::Reading => words.reading.clone(),
        Sending::Refused(reason) => reason.clone(),
        Sending::Broken => words.broken.clone(),
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
    let active = move || sending.with(|sending| matches!(sending, Sending::Sent { .. } | Sending::Reading));
    let failed = move || sending.with(|sending| matches!(sending, Sending::Refused(_) | Sending::Broken));
    let text = move || words.with_value(|words| sending.with(|sending| line(sending, words)));
    let value = move || {
        sending.with(|sending| match sending {
            Sending::Sent { bytes, total } if *total > 0.0 => Some((bytes / total).to_string()),
            _ => None,
        })
    };
    view! {
        <div class="stack" node_ref=host>
            {children()}
            <div class="progress" hidden=move || !active()>
                <div class="progress-line"><span aria-live="polite">{text}</span></div>
                <progress class="track" value=value max="1" aria-label=text></progress>
            </div>
            <div class="notice notice--bad" role="alert" hidden=move || !failed()>{text}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_much_is_sent() {
        let words = UploadWords {
            sent: "{} of {} sent".into(),
            ..UploadWords::default()
        };
        let sending = Sending::Sent {
            bytes: 512_000.0,
            total: 64_200_000.0,
        };
        assert_eq!(line(&sending, &words), "512 kB of 64.2 MB sent");
        assert_eq!(line(&Sending::Refused("no".into()), &words), "no");
    }
}
