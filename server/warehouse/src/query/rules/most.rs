//! What each customer does most in a window of time, by number, by money or by pieces: one running winner each. Of equal weights the one that
//! was done last wins, and of those at the same moment the first in the alphabet, so that the answer does not depend on the order of rows.

use super::facts::Days;
use super::people::People;
use crate::derive::EXCLUDED_ORDERS;
use crate::error::Result;
use crate::labels::Group;
use crate::query::distribution::columns::{hour_band, weekday};
use crate::query::facts::{self, Money};
use crate::read::{Rows, at};
use crate::snapshot::{Snapshot, plan};
use chrono::NaiveDate;
use futures::TryStreamExt;
use std::collections::{BTreeMap, HashMap};
use types::rules::Facts;
use types::tags::{BestBy, BestOf, Most};

/// Customers that are worked on together: as many as the features take.
const RANGE: u32 = 1 << 18;

impl Snapshot {
    /// The customers by what each does most in the window, at a local date; facts after it never count. In the order of the alphabet.
    pub async fn most(&self, asked: Most, as_of: NaiveDate) -> Result<BTreeMap<String, Group>> {
        let this = self.clone();
        self.run(async move { this.find_most(asked, as_of).await }).await
    }

    async fn find_most(&self, asked: Most, as_of: NaiveDate) -> Result<BTreeMap<String, Group>> {
        let people = People::of(self).await?;
        let customers = people.customers.places();
        let end = customers.last().map_or(0, |last| last + 1);
        let mut words = Words::default();
        let mut numbers: HashMap<u32, Vec<u32>> = HashMap::new();
        for first in (0..end).step_by(RANGE as usize) {
            let range = (first, first.saturating_add(RANGE).min(end));
            let question = Question {
                snapshot: self,
                asked,
                range,
                days: Days::of(asked.window, Facts::Orders, as_of),
            };
            let winners = question.winners(&mut words).await?;
            let of_range = &customers[customers.partition_point(|no| *no < range.0)..];
            for customer in of_range.iter().take_while(|no| **no < range.1) {
                if let Some(held) = winners[(customer - range.0) as usize] {
                    numbers.entry(held.word).or_default().push(*customer);
                }
            }
        }
        let mut found: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (word, customers) in numbers {
            let name = words.said(word, asked.of);
            found.entry(name).or_default().extend(customers);
        }
        Ok(found
            .into_iter()
            .map(|(name, customers)| (name, Group::of(customers)))
            .collect())
    }
}

/// Words and their numbers; hours and weekdays are numbers already.
#[derive(Default)]
struct Words {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
}

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.to_owned(), number);
        self.words.push(word.to_owned());
        number
    }

    fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", String::as_str)
    }

    /// Whether one comes before another of the same weight and time.
    fn before(&self, one: u32, other: u32, of: BestOf) -> bool {
        match of {
            BestOf::OrderHour | BestOf::OrderWeekday => one < other,
            _ => self.word(one) < self.word(other),
        }
    }

    fn said(&self, number: u32, of: BestOf) -> String {
        let small = i32::try_from(number).unwrap_or(0);
        match of {
            BestOf::OrderHour => hour_band(small).to_owned(),
            BestOf::OrderWeekday => weekday(small).to_owned(),
            _ => self.word(number).to_owned(),
        }
    }
}

#[derive(Clone, Copy)]
struct Winner {
    word: u32,
    weight: i128,
    last: i64,
}

/// One question about one range of customers.
struct Question<'a> {
    snapshot: &'a Snapshot,
    asked: Most,
    /// The second is not included.
    range: (u32, u32),
    days: Days,
}

impl Question<'_> {
    async fn winners(&self, words: &mut Words) -> Result<Vec<Option<Winner>>> {
        let mut winners = vec![None; (self.range.1 - self.range.0) as usize];
        let money = Money::of(self.snapshot).await?;
        let Some(rows) = self.rows(&money) else {
            return Ok(winners);
        };
        let weight = match self.asked.by {
            BestBy::Count => "count(*)",
            BestBy::Spend => "sum(value)",
            BestBy::Quantity => "sum(units)",
        };
        let sql = format!(
            "select customer_no, word, {weight} as weight, max(at) as last from ({rows}) where word is not null group by customer_no, word"
        );
        // Orders, lines and payments need not fit into memory.
        let session = self.snapshot.with_sorted_joins()?;
        let mut stream = plan(&session, &sql, money.values.clone())
            .await?
            .execute_stream()
            .await?;
        while let Some(batch) = stream.try_next().await? {
            self.offer(&Rows(&batch), words, &mut winners)?;
        }
        Ok(winners)
    }

    fn offer(&self, rows: &Rows<'_>, words: &mut Words, winners: &mut [Option<Winner>]) -> Result<()> {
        let of = self.asked.of;
        let numbered = matches!(of, BestOf::OrderHour | BestOf::OrderWeekday);
        let (customers, weights, last) = (
            rows.numbers("customer_no")?,
            rows.money("weight")?,
            rows.instants("last")?,
        );
        let texts = (!numbered).then(|| rows.texts("word")).transpose()?;
        let numbers = numbered.then(|| rows.i32s("word")).transpose()?;
        for row in 0..rows.len() {
            let word = match (&texts, &numbers) {
                (Some(texts), _) => words.number(texts.value(row)),
                (None, Some(numbers)) => numbers.value(row).unsigned_abs(),
                (None, None) => continue,
            };
            let new = Winner {
                word,
                weight: at(&weights, row).unwrap_or(0),
                last: last.value(row),
            };
            let Some(held) = winners.get_mut(customers.value(row).wrapping_sub(self.range.0) as usize) else {
                continue;
            };
            let wins = held.is_none_or(|held| {
                let (new_at, held_at) = ((new.weight, new.last), (held.weight, held.last));
                new_at > held_at || (new_at == held_at && words.before(new.word, held.word, of))
            });
            if wins {
                *held = Some(new);
            }
        }
        Ok(())
    }

    /// SQL for what counts: `customer_no`, `at`, `word`, and `value` or `units` where they are weighed. `None` when there is nothing.
    fn rows(&self, money: &Money) -> Option<String> {
        match self.asked.of {
            BestOf::FavouriteCategory => self.lines(money),
            BestOf::AnsweringChannel => Some(format!(
                "select customer_no, at, channel as word from touches where kind in ('opened', 'clicked') and {}",
                self.inside("at", "customer_no")
            )),
            BestOf::PaymentMethod => Some(self.payments(money)),
            BestOf::OrderChannel => Some(self.orders(money, "o.channel")),
            BestOf::OrderCity => Some(self.orders(money, "o.city")),
            BestOf::OrderHour | BestOf::OrderWeekday => {
                let (from, to) = self.snapshot.time_range();
                let zone = self.snapshot.zone();
                let number = if self.asked.of == BestOf::OrderHour {
                    zone.hour_sql("o.ordered_at", from, to)
                } else {
                    zone.weekday_sql("o.ordered_at", from, to)
                };
                Some(self.orders(money, &number))
            }
        }
    }

    /// The window and the range of customers.
    fn inside(&self, time: &str, customer: &str) -> String {
        let (first, after) = self.days.instants(self.snapshot.zone());
        let from = first.map_or_else(String::new, |first| format!("{time} >= {} and ", facts::instant(first)));
        format!(
            "{from}{time} < {} and {customer} >= {} and {customer} < {}",
            facts::instant(after),
            self.range.0,
            self.range.1
        )
    }

    /// Orders that count, each with a word.
    fn orders(&self, money: &Money, word: &str) -> String {
        let columns = format!("o.customer_no, o.ordered_at as at, o.order_id, {word} as word");
        let condition = format!("and {}", self.inside("o.ordered_at", "o.customer_no"));
        let orders = facts::counting_orders(self.snapshot, money, &columns, &condition);
        format!(
            "select f.customer_no, f.at, f.word, f.value{} from {orders} f{}",
            self.units(),
            self.join_units()
        )
    }

    fn units(&self) -> &'static str {
        if self.asked.by == BestBy::Quantity {
            ", u.units"
        } else {
            ""
        }
    }

    /// The pieces of each order, where they are weighed.
    fn join_units(&self) -> String {
        if self.asked.by != BestBy::Quantity {
            return String::new();
        }
        format!(
            " left join (select order_id, sum(coalesce(quantity, 1)) as units from order_lines where {} group by order_id) u \
             on u.order_id = f.order_id",
            format_args!("customer_no >= {} and customer_no < {}", self.range.0, self.range.1)
        )
    }

    /// Orders by their own method of payment, else by those of their payments: by money each payment brings its own amount.
    fn payments(&self, money: &Money) -> String {
        let own = self.orders(money, "o.payment_method");
        if self.snapshot.rows("payments") == 0 {
            return own;
        }
        let (from, to) = self.snapshot.time_range();
        let day = self.snapshot.zone().day_sql("f.at", from, to);
        let value = money.amount("p.amount", "p.currency", "pr");
        let rates = money.join("p.currency", &day, "pr");
        let without = facts::counting_orders(
            self.snapshot,
            money,
            "o.customer_no, o.ordered_at as at, o.order_id",
            &format!(
                "and o.payment_method is null and {}",
                self.inside("o.ordered_at", "o.customer_no")
            ),
        );
        format!(
            "{own} union all select f.customer_no, f.at, p.method as word, {value} as value{} from {without} f \
             join payments p on p.order_id = f.order_id{rates}{}",
            self.units(),
            self.join_units()
        )
    }

    /// Lines of orders that count, by the category of their product.
    fn lines(&self, money: &Money) -> Option<String> {
        if self.snapshot.rows("order_lines") == 0 {
            return None;
        }
        let (from, to) = self.snapshot.time_range();
        let value = money.amount("l.unit_price * coalesce(l.quantity, 1)", "l.currency", "r");
        let rates = money.join(
            "l.currency",
            &self.snapshot.zone().day_sql("l.ordered_at", from, to),
            "r",
        );
        let counting = match self.snapshot.rows(EXCLUDED_ORDERS) {
            0 => String::new(),
            _ => format!(" left anti join {EXCLUDED_ORDERS} x on x.order_id = l.order_id"),
        };
        Some(format!(
            "select l.customer_no, l.ordered_at as at, p.category as word, {value} as value, coalesce(l.quantity, 1) as units \
             from (select l.* from order_lines l{counting} where {}) l left join products p on p.product_id = l.product_id{rates}",
            self.inside("l.ordered_at", "l.customer_no")
        ))
    }
}
