//! One thing after another: for each customer, is there a fact of each step, each later than the one before, and all close enough together?

use super::bits::Part;
use super::facts::{Days, Matching, files};
use super::filter::{Context, time_of};
use crate::error::Result;
use crate::resident::column::NO_TIME;
use crate::resident::{Column, Source};
use std::sync::Arc;
use types::rules::Sequence;

const DAY: i64 = 86_400_000_000;

pub(super) struct Question {
    /// For each step the facts that fit it, and their times.
    steps: Vec<Vec<(Matching, Arc<Column>)>>,
    /// Microseconds from the first to the last step, at most.
    most: i64,
}

impl Question {
    pub(super) async fn bind(context: &Context, of: &Sequence) -> Result<Question> {
        let mut steps = Vec::with_capacity(of.steps.len());
        for step in &of.steps {
            let window = Days::of(step.window, step.facts, context.as_of);
            let mut parts = Vec::new();
            for file in files(context, step.facts, window)? {
                let matching = Matching::bind(context, &file, window, step.filter.as_deref()).await?;
                let times = context
                    .column(&file, Source::Time(time_of(step.facts).to_owned()))
                    .await?;
                parts.push((matching, times));
            }
            steps.push(parts);
        }
        let most = of
            .within_days
            .map_or(i64::MAX, |days| i64::from(days).saturating_mul(DAY));
        Ok(Question { steps, most })
    }

    /// Those of the customers from `first` up to before `end` who did it.
    pub(super) fn part(&self, first: u32, end: u32) -> Vec<u64> {
        let customers = (end - first) as usize;
        // How many events each customer has, to lay them side by side without sorting all.
        let mut counts = vec![0_u32; customers + 1];
        // Which steps each customer has at all. There are eight steps at most.
        let mut met = vec![0_u8; customers];
        let all = u8::MAX >> 8_usize.saturating_sub(self.steps.len());
        let mut masks: Vec<Vec<(usize, Vec<u8>)>> = Vec::with_capacity(self.steps.len());
        for (step, parts) in self.steps.iter().enumerate() {
            let mut of_step = Vec::with_capacity(parts.len());
            for (matching, times) in parts {
                let rows = matching.rows(first, end);
                let mut mask = matching.mask(rows.clone());
                let facts = matching.customers.places()[rows.clone()]
                    .iter()
                    .zip(&times.times()[rows.clone()]);
                for (counts_too, (customer, time)) in mask.iter_mut().zip(facts) {
                    *counts_too &= u8::from(*time != NO_TIME);
                    let customer = (customer - first) as usize;
                    counts[customer] += u32::from(*counts_too);
                    met[customer] |= *counts_too << step;
                }
                of_step.push((rows.start, mask));
            }
            masks.push(of_step);
        }
        // Whoever lacks a step need not be looked at any further: of most sequences that is most customers.
        for (count, met) in counts.iter_mut().zip(&met) {
            if *met != all {
                *count = 0;
            }
        }
        let mut total = 0_usize;
        let mut next: Vec<usize> = Vec::with_capacity(customers + 1);
        for count in &counts {
            next.push(total);
            total += *count as usize;
        }
        let begins = next.clone();
        let mut events = vec![(0_i64, 0_u8); total];
        for (step, (parts, masks)) in self.steps.iter().zip(&masks).enumerate() {
            for ((matching, times), (start, mask)) in parts.iter().zip(masks) {
                for place in (0..mask.len()).filter(|place| mask[*place] == 1) {
                    let row = start + place;
                    let customer = (matching.customers.places()[row] - first) as usize;
                    if met[customer] != all {
                        continue;
                    }
                    events[next[customer]] = (times.times()[row], u8::try_from(step).unwrap_or(u8::MAX));
                    next[customer] += 1;
                }
            }
        }
        let mut part = Part::new(first, end);
        for (place, customer) in (first..end).enumerate() {
            let own = &mut events[begins[place]..begins[place + 1]];
            if own.len() >= self.steps.len() {
                own.sort_unstable();
                if self.happened(own) {
                    part.set(customer);
                }
            }
        }
        part.into_words()
    }

    /// `events` are in order of time.
    fn happened(&self, events: &[(i64, u8)]) -> bool {
        // For each step: the latest first event of a chain that has come so far. The later a chain began, the longer it may go on.
        let mut begun = [NO_TIME; 8];
        let last = self.steps.len() - 1;
        let mut from = 0;
        while from < events.len() {
            let now = events[from].0;
            let together = events[from..].partition_point(|(time, _)| *time == now);
            // What happens at one moment is not after itself.
            let before = begun;
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
