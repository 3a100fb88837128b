//! What each customer did: facts of a window that fit a `where`, measured and compared. Parts are read in order of their months, each sorted
//! by customer, so that the measures of a range of customers are gathered without any grouping.

use super::bits::Part;
use super::filter::{Context, File, Filter, fill_by_order, names_status, source_of, time_of};
use super::mask::{Mask, plain_amount, plain_whole};
use super::test::NumberTest;
use crate::error::{Error, Result};
use crate::resident::column::{NO_AMOUNT, NO_DAY, NO_ROW, NO_TIME};
use crate::resident::{Column, Source};
use crate::zone::Zone;
use chrono::NaiveDate;
use std::ops::Range;
use std::sync::Arc;
use types::rules::{Aggregate, Behaviour, Facts, Measure, Op, Rule, Window, fact_field};

/// Local days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    first: i32,
    last: i32,
}

impl Days {
    /// Nothing after the day of the question. A fact without a time, which only reviews may be, belongs to the window of always.
    pub(super) fn of(window: Window, facts: Facts, as_of: NaiveDate) -> Days {
        let today = crate::zone::day_of_date(as_of);
        let any = NO_DAY + 1;
        match window {
            Window::Ever if facts == Facts::Reviews => Days {
                first: NO_DAY,
                last: today,
            },
            Window::Ever => Days {
                first: any,
                last: today,
            },
            Window::WithinDays(days) => Days {
                first: today
                    .saturating_sub(i32::try_from(days).unwrap_or(i32::MAX))
                    .saturating_add(1),
                last: today,
            },
            Window::Dates { from, to } => Days {
                first: from.map_or(any, crate::zone::day_of_date),
                last: to.map_or(today, |to| today.min(crate::zone::day_of_date(to) - 1)),
            },
        }
    }
}

impl Days {
    /// From an instant on, which is absent for always, up to before another, in microseconds.
    pub(super) fn instants(self, zone: &Zone) -> (Option<i64>, i64) {
        /// A window that begins before this, in the first century, begins before everything.
        const EARLIEST: i32 = -700_000;
        let start = |day: i32| zone.start_of(crate::zone::date_of_day(day));
        let first = (self.first > EARLIEST).then(|| start(self.first));
        (first, start(self.last.saturating_add(1)))
    }
}

/// Facts of one part that may count.
pub(super) struct Matching {
    pub(super) customers: Arc<Column>,
    days: Arc<Column>,
    window: Days,
    /// Orders that count, or the orders of lines that do.
    counting: Option<(Mask, Option<Arc<Column>>)>,
    filter: Option<Filter>,
}

impl Matching {
    pub(super) async fn bind(context: &Context, file: &File, window: Days, filter: Option<&Rule>) -> Result<Matching> {
        let customers = context.column(file, Source::Customers).await?;
        let days = context
            .column(file, Source::Day(time_of(file.facts).to_owned()))
            .await?;
        // With a status of their own choice people see every order, but never a refund document.
        let fits = if names_status(filter) { [1, 1, 0] } else { [0, 1, 0] };
        let counting = match file.facts {
            Facts::Orders => {
                let counts = context.column(file, Source::Counts).await?;
                Some((Mask::YesNo(counts, fits), None))
            }
            Facts::OrderLines => match context.orders_of(file) {
                Some(orders) => {
                    let counts = context.column(&orders, Source::Counts).await?;
                    let rows = context.column(file, Source::OrderRow).await?;
                    Some((Mask::YesNo(counts, fits), Some(rows)))
                }
                None => None,
            },
            Facts::Interactions | Facts::Touches | Facts::Reviews => None,
        };
        let filter = match filter {
            Some(rule) => Some(Filter::bind(context, file, rule).await?),
            None => None,
        };
        Ok(Matching {
            customers,
            days,
            window,
            counting,
            filter,
        })
    }

    /// The rows of some customers, `end` not included.
    pub(super) fn rows(&self, first: u32, end: u32) -> Range<usize> {
        let customers = self.customers.places();
        let from = customers.partition_point(|customer| *customer < first);
        from..from + customers[from..].partition_point(|customer| *customer < end)
    }

    /// 1 for each row that counts.
    pub(super) fn mask(&self, rows: Range<usize>) -> Vec<u8> {
        let mut out = vec![1; rows.len()];
        if let Some(filter) = &self.filter {
            filter.fill(rows.clone(), &mut out);
        }
        if let Some((mask, order_rows)) = &self.counting {
            let mut counts = vec![0; rows.len()];
            match order_rows {
                None => mask.fill(rows.clone(), &mut counts),
                Some(of) => fill_by_order(mask, &of.places()[rows.clone()], &mut counts),
            }
            out.iter_mut().zip(&counts).for_each(|(out, counts)| *out &= counts);
        }
        let Days { first, last } = self.window;
        for (out, day) in out.iter_mut().zip(&self.days.whole()[rows]) {
            *out &= u8::from((*day >= first) & (*day <= last));
        }
        out
    }
}

/// The files in which facts of a window may lie.
pub(super) fn files(context: &Context, facts: Facts, window: Days) -> Result<Vec<File>> {
    let snapshot = &context.snapshot;
    let mut files = Vec::new();
    for (part, path) in snapshot.parts_of(facts.as_str()) {
        let span = snapshot.warehouse().resident.span(&path, time_of(facts))?;
        // A day's margin, because local days need not rise with time where clocks are put back at midnight.
        let outside = span.is_some_and(|(from, to)| {
            snapshot.zone().day(from).saturating_sub(1) > window.last
                || snapshot.zone().day(to).saturating_add(1) < window.first
        });
        let no_orders = facts == Facts::OrderLines && !context.orders.contains_key(&part);
        if !outside && !no_orders {
            files.push(File { facts, part, path });
        }
    }
    Ok(files)
}

/// A behaviour condition bound to the columns of the parts that it needs.
pub(super) struct Question {
    parts: Vec<(Matching, Value)>,
    kind: Kind,
    tests: Vec<NumberTest>,
}

/// What is taken from a fact that counts.
enum Value {
    Nothing,
    Column(Arc<Column>),
    /// When, and whether the fact's own value passes.
    Edge(Arc<Column>, Vec<Filter>),
    /// Which order.
    OrderRow(Arc<Column>),
    OrderId(Arc<Column>),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Count,
    Orders,
    Sum,
    Average,
    Least,
    Most,
    /// The earliest or the latest; whether its absence passes.
    Edge {
        latest: bool,
        absent: bool,
    },
}

impl Question {
    pub(super) async fn bind(context: &Context, of: &Behaviour) -> Result<Question> {
        let window = Days::of(of.window, of.facts, context.as_of);
        let kind = match &of.measure {
            Measure::Count => Kind::Count,
            Measure::Orders if of.facts == Facts::Orders => Kind::Count,
            Measure::Orders => Kind::Orders,
            Measure::Of(aggregate, _) => match aggregate {
                Aggregate::Sum => Kind::Sum,
                Aggregate::Avg => Kind::Average,
                Aggregate::Min => Kind::Least,
                Aggregate::Max => Kind::Most,
                Aggregate::First | Aggregate::Last => Kind::Edge {
                    latest: *aggregate == Aggregate::Last,
                    absent: of.tests.iter().all(|test| test.op == Op::IsNotSet),
                },
            },
        };
        let mut parts = Vec::new();
        for file in files(context, of.facts, window)? {
            let matching = Matching::bind(context, &file, window, of.filter.as_deref()).await?;
            let value = value(context, &file, of).await?;
            parts.push((matching, value));
        }
        let tests = of
            .tests
            .iter()
            .map(|test| NumberTest::of(test, context.as_of))
            .collect();
        Ok(Question { parts, kind, tests })
    }

    /// Those of the customers from `first` up to before `end` who pass.
    pub(super) fn part(&self, first: u32, end: u32) -> Vec<u64> {
        let mut part = Part::new(first, end);
        for (customer, passes) in (first..end).zip(self.tally(first, end).finish(&self.tests)) {
            if passes {
                part.set(customer);
            }
        }
        part.into_words()
    }

    /// What is measured of one customer; not a number where it is unknown. `None` for the first and the last, which are only compared.
    pub(super) fn measured(&self, customer: u32) -> Option<f64> {
        self.tally(customer, customer + 1).only()
    }

    fn tally(&self, first: u32, end: u32) -> Tally {
        let mut tally = Tally::new(self.kind, (end - first) as usize);
        for (matching, value) in &self.parts {
            let rows = matching.rows(first, end);
            if rows.is_empty() {
                continue;
            }
            let mask = matching.mask(rows.clone());
            let customers = &matching.customers.places()[rows.clone()];
            tally.add(customers, first, &mask, value, rows);
        }
        tally
    }
}

async fn value(context: &Context, file: &File, of: &Behaviour) -> Result<Value> {
    Ok(match &of.measure {
        Measure::Count => Value::Nothing,
        Measure::Orders => match of.facts {
            Facts::OrderLines => Value::OrderRow(context.column(file, Source::OrderRow).await?),
            Facts::Reviews => Value::OrderId(context.column(file, Source::Words("order_id".to_owned())).await?),
            _ => Value::Nothing,
        },
        Measure::Of(Aggregate::First | Aggregate::Last, field) => {
            let times = context.column(file, Source::Time(time_of(of.facts).to_owned())).await?;
            let mut answers = Vec::with_capacity(of.tests.len());
            for test in &of.tests {
                answers.push(Filter::field(context, file, field, test).await?);
            }
            Value::Edge(times, answers)
        }
        Measure::Of(_, field) => {
            let kind = fact_field(of.facts, field).ok_or_else(|| Error::Column(field.clone()))?;
            Value::Column(context.column(file, source_of(of.facts, field, kind)).await?)
        }
    })
}

/// What was measured so far of a range of customers, by their place in it.
enum Tally {
    Count(Vec<u32>),
    /// Millionths, and how many were known.
    Sums(Vec<(i128, u32)>, bool),
    /// Not a number where nothing is known.
    Extreme(Vec<f64>, bool),
    Edge {
        held: Vec<(i64, u8)>,
        latest: bool,
        absent: bool,
    },
    /// Place of the customer and id of the order.
    Orders(Vec<u32>, Vec<(u32, Box<str>)>),
}

impl Tally {
    fn new(kind: Kind, customers: usize) -> Tally {
        match kind {
            Kind::Count => Tally::Count(vec![0; customers]),
            Kind::Orders => Tally::Orders(vec![0; customers], Vec::new()),
            Kind::Sum | Kind::Average => Tally::Sums(vec![(0, 0); customers], kind == Kind::Average),
            Kind::Least | Kind::Most => Tally::Extreme(vec![f64::NAN; customers], kind == Kind::Most),
            Kind::Edge { latest, absent } => Tally::Edge {
                held: vec![(NO_TIME, 0); customers],
                latest,
                absent,
            },
        }
    }

    fn add(&mut self, customers: &[u32], first: u32, mask: &[u8], value: &Value, rows: Range<usize>) {
        let place = |customer: u32| (customer - first) as usize;
        let counting = || (0..mask.len()).filter(|row| mask[*row] == 1);
        match (self, value) {
            (Tally::Count(counts), _) => {
                for (customer, counts_too) in customers.iter().zip(mask) {
                    counts[place(*customer)] += u32::from(*counts_too);
                }
            }
            (Tally::Sums(sums, _), Value::Column(column)) => {
                let values = &column.amounts()[rows];
                for row in counting().filter(|row| values[*row] != NO_AMOUNT) {
                    let (sum, known) = &mut sums[place(customers[row])];
                    *sum += i128::from(values[row]);
                    *known += 1;
                }
            }
            (Tally::Extreme(held, most), Value::Column(column)) => {
                for row in counting() {
                    let value = match column.as_ref() {
                        Column::Amounts(values) => plain_amount(values[rows.start + row]),
                        Column::Whole(values) => plain_whole(values[rows.start + row]),
                        _ => f64::NAN,
                    };
                    let held = &mut held[place(customers[row])];
                    // The one that is a number wins over the one that is not.
                    *held = if *most { held.max(value) } else { held.min(value) };
                }
            }
            (Tally::Edge { held, latest, .. }, Value::Edge(times, filters)) => {
                let mut answers = vec![1_u8; mask.len()];
                let mut more = vec![0_u8; mask.len()];
                for filter in filters {
                    filter.fill(rows.clone(), &mut more);
                    answers.iter_mut().zip(&more).for_each(|(answer, more)| *answer &= more);
                }
                let times = &times.times()[rows];
                for row in counting().filter(|row| times[*row] != NO_TIME) {
                    let held = &mut held[place(customers[row])];
                    // Of facts at the same moment the one that is sealed first is the first, and the one sealed last the last.
                    let better = match *latest {
                        _ if held.0 == NO_TIME => true,
                        true => times[row] >= held.0,
                        false => times[row] < held.0,
                    };
                    if better {
                        *held = (times[row], answers[row]);
                    }
                }
            }
            (Tally::Orders(counts, _), Value::OrderRow(order_rows)) => {
                let order_rows = &order_rows.places()[rows];
                let known = || counting().map(|row| order_rows[row]).filter(|order| *order != NO_ROW);
                let (Some(least), Some(most)) = (known().min(), known().max()) else {
                    return;
                };
                // An order lies in one part, so that it is met here or nowhere else.
                let mut met = vec![false; (most - least) as usize + 1];
                for row in counting().filter(|row| order_rows[*row] != NO_ROW) {
                    let met = &mut met[(order_rows[row] - least) as usize];
                    if !*met {
                        *met = true;
                        counts[place(customers[row])] += 1;
                    }
                }
            }
            (Tally::Orders(_, met), Value::OrderId(ids)) => {
                if let Column::Words(words) = ids.as_ref() {
                    met.extend(counting().filter_map(|row| {
                        let id = words.get(rows.start + row)?;
                        Some((customers[row] - first, Box::from(id)))
                    }));
                }
            }
            _ => {}
        }
    }

    /// The measure of the only customer of the range.
    fn only(self) -> Option<f64> {
        match self {
            Tally::Count(counts) => counts.first().map(|count| f64::from(*count)),
            Tally::Orders(counts, mut met) => {
                met.sort_unstable();
                met.dedup();
                counts.first().map(|count| f64::from(*count) + met.len() as f64)
            }
            Tally::Sums(sums, average) => sums.first().map(|(sum, known)| match (average, known) {
                (false, _) => crate::read::plain(*sum),
                (true, 0) => f64::NAN,
                (true, known) => crate::read::plain(*sum) / f64::from(*known),
            }),
            Tally::Extreme(held, _) => held.first().copied(),
            Tally::Edge { .. } => None,
        }
    }

    /// Whether each customer of the range passes all tests.
    fn finish(self, tests: &[NumberTest]) -> Vec<bool> {
        let passes = |value: f64| tests.iter().all(|test| test.passes(value));
        match self {
            Tally::Count(counts) => {
                // Few counts occur: each is tested once.
                let most = counts.iter().copied().max().unwrap_or(0);
                let answers: Vec<bool> = (0..=most.min(4_095)).map(|count| passes(f64::from(count))).collect();
                counts
                    .into_iter()
                    .map(|count| match answers.get(count as usize) {
                        Some(answer) => *answer,
                        None => passes(f64::from(count)),
                    })
                    .collect()
            }
            Tally::Orders(mut counts, mut met) => {
                met.sort_unstable();
                met.dedup();
                for (place, _) in met {
                    counts[place as usize] += 1;
                }
                counts.into_iter().map(|count| passes(f64::from(count))).collect()
            }
            Tally::Sums(sums, average) => sums
                .into_iter()
                .map(|(sum, known)| match (average, known) {
                    (false, _) => passes(crate::read::plain(sum)),
                    (true, 0) => passes(f64::NAN),
                    (true, known) => passes(crate::read::plain(sum) / f64::from(known)),
                })
                .collect(),
            Tally::Extreme(held, _) => held.into_iter().map(passes).collect(),
            Tally::Edge { held, absent, .. } => held
                .into_iter()
                .map(|(time, answer)| if time == NO_TIME { absent } else { answer == 1 })
                .collect(),
        }
    }
}
