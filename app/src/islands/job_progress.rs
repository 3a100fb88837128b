//! A running job: its step, how far, how fast, how long still, and the way to stop it.
//! Follows the job's events; when they break it asks for the state now and then. Without a script the line is still true,
//! only not moving, and a link renews it.

use super::browser;
use crate::jobs::server_fns::job_status;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

/// What an event says of a job: a part of the job's public form, so that the browser needs no more of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobTick {
    pub state: String,
    #[serde(default)]
    pub step: Option<String>,
    #[serde(default)]
    pub done: i64,
    #[serde(default)]
    pub total: i64,
    #[serde(default)]
    pub cancel_requested: bool,
}

impl JobTick {
    fn finished(&self) -> bool {
        matches!(self.state.as_str(), "succeeded" | "failed" | "cancelled")
    }
}

/// Every word that the line can need, in the reader's language. `{}` is where a figure goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobWords {
    /// State or step → what it is called.
    pub names: Vec<(String, String)>,
    /// `{} of {}`
    pub count: String,
    /// `{} per second`
    pub rate: String,
    /// `about {} left`
    pub left: String,
    pub cancel: String,
    pub cancelling: String,
    pub refresh: String,
}

impl JobWords {
    fn name(&self, key: &str) -> String {
        self.names
            .iter()
            .find(|(name, _)| name == key)
            .map_or_else(|| key.to_owned(), |(_, text)| text.clone())
    }
}

/// Where the present step began, so that speed is that of the step and not of the whole job.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Start {
    at_ms: f64,
    done: i64,
}

/// Units per second since the step began; nothing until there is enough to tell.
fn rate(start: Start, done: i64, now_ms: f64) -> Option<f64> {
    let seconds = (now_ms - start.at_ms) / 1_000.0;
    let rate = (done - start.done) as f64 / seconds;
    (seconds >= 1.0 && done > start.done && rate.is_finite()).then_some(rate)
}

fn grouped(value: i64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `45 s`, `3 min`, `2 h`: no more exact than such an estimate is.
fn roughly(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{} s", seconds.ceil().max(1.0))
    } else if seconds < 5_400.0 {
        format!("{} min", (seconds / 60.0).round())
    } else {
        format!("{} h", (seconds / 3_600.0).round())
    }
}

fn fill(pattern: &str, figures: &[String]) -> String {
    figures
        .iter()
        .fold(pattern.to_owned(), |text, figure| text.replacen("{}", figure, 1))
}

#[island]
pub fn JobProgress(
    id: i64,
    /// What the job was doing when the page was made.
    tick: JobTick,
    words: JobWords,
    /// Where to go when it has ended.
    then: String,
    /// Whether the reader may stop it.
    may_cancel: bool,
) -> impl IntoView {
    let start = RwSignal::new(Start::default());
    let speed = RwSignal::new(None::<f64>);
    let moving = RwSignal::new(false);
    let tick = RwSignal::new(tick);
    let words = StoredValue::new(words);
    let then = StoredValue::new(then);

    let take = move |next: JobTick| {
        let now = browser::now_ms();
        let same_step = tick.with_untracked(|last| last.step == next.step);
        if same_step && start.get_untracked().at_ms > 0.0 {
            speed.set(rate(start.get_untracked(), next.done, now));
        } else {
            start.set(Start {
                at_ms: now,
                done: next.done,
            });
            speed.set(None);
        }
        let finished = next.finished();
        tick.set(next);
        if finished {
            browser::go_to(&then.get_value());
        }
    };
    let ask = move || {
        spawn_local(async move {
            if let Ok(Some(next)) = job_status(id).await {
                take(next);
            }
        });
    };
    Effect::new(move |_| {
        if tick.with_untracked(JobTick::finished) {
            return;
        }
        moving.set(true);
        browser::follow_job(id, take, ask);
    });

    let name = move || {
        let key = tick.with(|tick| match (&tick.step, tick.state.as_str()) {
            (Some(step), "running") => step.clone(),
            (_, state) => state.to_owned(),
        });
        words.with_value(|words| words.name(&key))
    };
    let count = move || {
        let (done, total) = tick.with(|tick| (tick.done, tick.total));
        if total > 0 {
            words.with_value(|words| fill(&words.count, &[grouped(done), grouped(total)]))
        } else if done > 0 {
            grouped(done)
        } else {
            String::new()
        }
    };
    let speed_text = move || {
        speed
            .get()
            .map(|speed| words.with_value(|words| fill(&words.rate, &[grouped(speed.round() as i64)])))
    };
    let left = move || {
        let rest = tick.with(|tick| tick.total - tick.done);
        let speed = speed.get().filter(|speed| *speed > 0.0 && rest > 0)?;
        Some(words.with_value(|words| fill(&words.left, &[roughly(rest as f64 / speed)])))
    };
    let value = move || tick.with(|tick| (tick.total > 0).then(|| tick.done.to_string()));
    let maximum = move || tick.with(|tick| tick.total.max(1).to_string());
    let stopping = move || tick.with(|tick| tick.cancel_requested);

    view! {
        <div class="progress">
            <div class="progress-line">
                <b class="strong" aria-live="polite">{name}</b>
                <span>{count}</span>
                <span class="muted">{speed_text}</span>
                <span class="muted">{left}</span>
                <span class="grow"></span>
                <a class="link small" href=then.get_value() hidden=move || moving.get()>{words.with_value(|words| words.refresh.clone())}</a>
                <form method="post" action=format!("/jobs/{id}/cancel") hidden=!may_cancel>
                    <button class="btn btn--small" type="submit" disabled=stopping>
                        {move || words.with_value(|words| if stopping() { words.cancelling.clone() } else { words.cancel.clone() })}
                    </button>
                </form>
            </div>
            <progress class="track" value=value max=maximum aria-label=name></progress>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_is_that_of_the_step() {
        let start = Start {
            at_ms: 1_000.0,
            done: 500,
        };
        assert_eq!(rate(start, 2_500, 3_000.0), Some(1_000.0));
        assert_eq!(rate(start, 2_500, 1_200.0), None);
        assert_eq!(rate(start, 500, 9_000.0), None);
    }

    #[test]
    fn figures_fill_the_words() {
        assert_eq!(
            fill("{} of {}", &[grouped(1_234), grouped(1_000_000)]),
            "1,234 of 1,000,000"
        );
        assert_eq!(roughly(44.2), "45 s");
        assert_eq!(roughly(200.0), "3 min");
    }

    #[test]
    fn an_event_is_a_part_of_the_job() {
        let tick: JobTick = serde_json::from_str(
            r#"{"id":3,"kind":"import_file","state":"running","step":"merging","done":5,"total":9,"error":null}"#,
        )
        .unwrap();
        assert_eq!((tick.done, tick.total, tick.finished()), (5, 9, false));
    }
}
