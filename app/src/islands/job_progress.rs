//! A running job: its step, how far, how fast, how long still, and the way to stop it.
//! Follows the job's events; when they break it asks for the state now and then. Speed and time left come from the server's clock, so
//! that they are there at once. Without a script the line is still true, only not moving, and a link renews it.

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
    /// Since the step began.
    #[serde(default)]
    pub step_seconds: Option<f64>,
    #[serde(default)]
    pub cancel_requested: bool,
}

impl JobTick {
    fn finished(&self) -> bool {
        matches!(self.state.as_str(), "succeeded" | "failed" | "cancelled")
    }

    /// Units per second since the step began; nothing until there is enough to tell.
    fn rate(&self) -> Option<f64> {
        let seconds = self.step_seconds.filter(|seconds| *seconds >= 1.0)?;
        (self.state == "running" && self.done > 0).then(|| self.done as f64 / seconds)
    }

    /// Seconds until the step has ended, if it goes on like this.
    fn seconds_left(&self) -> Option<f64> {
        let rest = self.total - self.done;
        self.rate().filter(|_| rest > 0).map(|rate| rest as f64 / rate)
    }
}

/// Every word that the line can need, in the reader's language. `{}` is where a figure goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobWords {
    /// State or step → what it is called.
    pub names: Vec<(String, String)>,
    /// `{} of {}`
    pub count: String,
    /// Step → `{} rows per second`, for steps that count something that has a name.
    pub rates: Vec<(String, String)>,
    /// `about {} left`
    pub left: String,
    pub lengths: LengthWords,
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

    /// How fast the step is, where that can be said.
    fn speed(&self, tick: &JobTick) -> Option<String> {
        let step = tick.step.as_ref()?;
        let (_, pattern) = self.rates.iter().find(|(name, _)| name == step)?;
        Some(fill(pattern, &[grouped(tick.rate()?.round() as i64)]))
    }
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

/// How lengths of time are said: `{} s`, `{} min`, `{} h`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LengthWords {
    pub seconds: String,
    pub minutes: String,
    pub hours: String,
}

impl LengthWords {
    /// `45 s`, `3 min`, `2 h`: no more exact than such an estimate is.
    pub(super) fn roughly(&self, seconds: f64) -> String {
        let (pattern, number) = if seconds < 90.0 {
            (&self.seconds, seconds.ceil().max(1.0))
        } else if seconds < 5_400.0 {
            (&self.minutes, (seconds / 60.0).round())
        } else {
            (&self.hours, (seconds / 3_600.0).round())
        };
        fill(pattern, &[number.to_string()])
    }
}

pub(super) fn fill(pattern: &str, figures: &[String]) -> String {
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
    let moving = RwSignal::new(false);
    let tick = RwSignal::new(tick);
    let words = StoredValue::new(words);
    let then = StoredValue::new(then);

    let take = move |next: JobTick| {
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
    let speed = move || tick.with(|tick| words.with_value(|words| words.speed(tick)));
    let left = move || {
        let seconds = tick.with(JobTick::seconds_left)?;
        Some(words.with_value(|words| fill(&words.left, &[words.lengths.roughly(seconds)])))
    };
    let value = move || tick.with(|tick| (tick.total > 0).then(|| tick.done.to_string()));
    let maximum = move || tick.with(|tick| tick.total.max(1).to_string());
    let stopping = move || tick.with(|tick| tick.cancel_requested);

    view! {
        <div class="progress">
            <div class="progress-line">
                <b class="strong" aria-live="polite">{name}</b>
                <span>{count}</span>
                <span class="muted">{speed}</span>
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
        let tick = |done, step_seconds| JobTick {
            state: "running".into(),
            step: Some("reading".into()),
            done,
            total: 6_000,
            step_seconds,
            cancel_requested: false,
        };
        let words = JobWords {
            rates: vec![("reading".into(), "{} rows per second".into())],
            ..JobWords::default()
        };
        assert_eq!(words.speed(&tick(2_000, Some(2.0))).unwrap(), "1,000 rows per second");
        assert_eq!(tick(2_000, Some(2.0)).seconds_left(), Some(4.0));
        assert_eq!(tick(6_000, Some(2.0)).seconds_left(), None);
        assert_eq!(tick(2_000, Some(0.2)).rate(), None, "too early to tell");
        assert_eq!(tick(0, Some(9.0)).rate(), None);
        assert_eq!(tick(2_000, None).rate(), None);
        let merging = JobTick {
            step: Some("merging".into()),
            ..tick(2, Some(2.0))
        };
        assert_eq!(words.speed(&merging), None, "tables per second say nothing");
    }

    #[test]
    fn figures_fill_the_words() {
        assert_eq!(
            fill("{} of {}", &[grouped(1_234), grouped(1_000_000)]),
            "1,234 of 1,000,000"
        );
        let lengths = LengthWords {
            seconds: "{} s".into(),
            minutes: "{} min".into(),
            hours: "{} h".into(),
        };
        assert_eq!(lengths.roughly(44.2), "45 s");
        assert_eq!(lengths.roughly(200.0), "3 min");
        assert_eq!(lengths.roughly(9_000.0), "3 h");
    }

    #[test]
    fn an_event_is_a_part_of_the_job() {
        let tick: JobTick = serde_json::from_str(
            r#"{"id":3,"kind":"import_file","state":"running","step":"merging","done":5,"total":9,"step_seconds":2.5,"error":null}"#,
        )
        .unwrap();
        assert_eq!((tick.done, tick.total, tick.finished()), (5, 9, false));
        assert_eq!(tick.rate(), Some(2.0));
    }
}
