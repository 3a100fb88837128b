//! One thing after another: for each customer, is there a fact of each step, each later than the one before, and all close enough together?
//! Month by month, each customer's facts of the month are put in order and carry on the chains that have begun.

use super::bits::Part;
use super::facts::{Days, Matching, files};
use super::filter::{Context, time_of};
use crate::error::{Error, Result};
use crate::resident::column::NO_TIME;
use crate::resident::{self, Column};
use std::collections::BTreeMap;
use std::sync::Arc;
use types::rules::Sequence;

const DAY: i64 = 86_400_000_000;
/// As many as a rule may have.
const MOST_STEPS: usize = 8;

/// Facts that fit one step, and their times.
struct Source {
    step: usize,
    matching: Matching,
    times: Arc<Column>,
}

pub(super) struct Question {
    steps: usize,
    /// By month: what happens in a later one is later, whatever the step.
    months: BTreeMap<i32, Vec<Source>>,
    /// Microseconds from the first to the last step, at most.
    most: i64,
}

/// The latest first event of a chain that has come up to each step. The later a chain began, the longer it may go on.
type Begun = [i64; MOST_STEPS];

impl Question {
    pub(super) async fn bind(context: &Context, of: &Sequence) -> Result<Question> {
        let mut months: BTreeMap<i32, Vec<Source>> = BTreeMap::new();
        if of.steps.len() > MOST_STEPS {
            return Err(Error::Ended(format!("a sequence of more than {MOST_STEPS} steps")));
        }
        for (step, asked) in of.steps.iter().enumerate() {
            let window = Days::of(asked.window, asked.facts, context.as_of);
            for file in files(context, asked.facts, window)? {
                let matching = Matching::bind(context, &file, window, asked.filter.as_deref()).await?;
                let times = context
                    .column(&file, resident::Source::Time(time_of(asked.facts).to_owned()))
                    .await?;
                months
                    .entry(file.part)
                    .or_default()
                    .push(Source { step, matching, times });
            }
        }
        let most = of
            .within_days
            .map_or(i64::MAX, |days| i64::from(days).saturating_mul(DAY));
        Ok(Question {
            steps: of.steps.len(),
            months,
            most,
        })
    }

    /// Those of the customers from `first` up to before `end` who did it.
    pub(super) fn part(&self, first: u32, end: u32) -> Vec<u64> {
        let mut part = Part::new(first, end);
        let mut begun: Vec<Begun> = vec![[NO_TIME; MOST_STEPS]; (end - first) as usize];
        let mut events: Vec<(i64, u8)> = Vec::new();
        for sources in self.months.values() {
            let mut walks: Vec<Walk<'_>> = sources.iter().map(|source| Walk::new(source, first, end)).collect();
            // Customer by customer: each part is sorted by them, so that nobody's events need be gathered from all over it.
            while let Some(customer) = walks.iter().filter_map(Walk::customer).min() {
                events.clear();
                for walk in &mut walks {
                    walk.take(customer, &mut events);
                }
                let begun = &mut begun[(customer - first) as usize];
                // Most customers never come beyond the first step of most sequences.
                let goes_on = begun[0] != NO_TIME || events.iter().any(|(_, step)| *step == 0);
                let done = begun[self.steps - 1] != NO_TIME;
                if goes_on && !done {
                    events.sort_unstable();
                    if self.happened(&events, begun) {
                        begun[self.steps - 1] = begun[0];
                        part.set(customer);
                    }
                }
            }
        }
        part.into_words()
    }

    /// Whether a chain ends with these events. `events` are in order of time and later than all before.
    fn happened(&self, events: &[(i64, u8)], begun: &mut Begun) -> bool {
        let last = self.steps - 1;
        let mut from = 0;
        while from < events.len() {
            let now = events[from].0;
            let together = events[from..].iter().take_while(|(time, _)| *time == now).count();
            // What happens at one moment is not after itself.
            let before = *begun;
            for (_, step) in &events[from..from + together] {
                let step = usize::from(*step);
                let chain = if step == 0 { now } else { before[step - 1] };
                if chain == NO_TIME || now.saturating_sub(chain) > self.most {
                    continue;
                }
                if step == last {
                    return true;
                }
                begun[step] = begun[step].max(chain);
            }
            from += together;
        }
        false
    }
}

/// Goes through the facts of one source that fit, in order of their customers.
struct Walk<'a> {
    step: u8,
    customers: &'a [u32],
    times: &'a [i64],
    mask: Vec<u8>,
    at: usize,
}

impl<'a> Walk<'a> {
    fn new(source: &'a Source, first: u32, end: u32) -> Walk<'a> {
        let rows = source.matching.rows(first, end);
        let mut walk = Walk {
            step: u8::try_from(source.step).unwrap_or(u8::MAX),
            customers: &source.matching.customers.places()[rows.clone()],
            times: &source.times.times()[rows.clone()],
            mask: source.matching.mask(rows),
            at: 0,
        };
        walk.find();
        walk
    }

    /// To the next fact that fits.
    fn find(&mut self) {
        while self.at < self.mask.len() && (self.mask[self.at] == 0 || self.times[self.at] == NO_TIME) {
            self.at += 1;
        }
    }

    fn customer(&self) -> Option<u32> {
        self.customers.get(self.at).copied()
    }

    fn take(&mut self, customer: u32, events: &mut Vec<(i64, u8)>) {
        while self.customers.get(self.at) == Some(&customer) {
            events.push((self.times[self.at], self.step));
            self.at += 1;
            self.find();
        }
    }
}
