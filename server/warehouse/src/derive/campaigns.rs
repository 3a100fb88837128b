//! Which touch took which order, and what did people do after the first touch of a campaign? Customers are taken in ranges: the touches of a
//! range are held in memory in order of time, and its orders and interactions flow past them.

use super::best::Words;
use super::features::Range;
use super::held::{Cell, RowWriter};
use super::{CAMPAIGN_ARM_COLUMNS, CAMPAIGN_ORDER_COLUMNS, WINDOW_DAYS};
use crate::error::Result;
use crate::file::{FileWriter, SealedFile};
use crate::query::facts::{self, COUNTS, Money};
use crate::read::{at, text_at};
use crate::snapshot::Snapshot;
use std::collections::HashSet;

/// Touches that are held in memory at a time, about.
const TOUCHES_AT_A_TIME: u64 = 4_000_000;
const WINDOW: i64 = WINDOW_DAYS * 86_400_000_000;
const NO_WORD: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Touch {
    customer: u32,
    at: i64,
    campaign: u32,
    channel: u32,
    held_out: bool,
}

/// One person of one campaign that held people out.
struct Arm {
    customer: u32,
    campaign: u32,
    start: i64,
    held_out: bool,
    both: bool,
    visited: bool,
    ordered: bool,
    spend: i128,
}

/// A counting order and the touch that took it.
struct Taken {
    touch: Touch,
    order_id: String,
    ordered_at: i64,
    value: Option<i128>,
    refund: Option<i128>,
    refunded_at: Option<i64>,
}

pub(super) async fn build(
    snapshot: &Snapshot,
    orders: FileWriter,
    arms: FileWriter,
) -> Result<(SealedFile, SealedFile)> {
    let mut orders = RowWriter::new(orders, CAMPAIGN_ORDER_COLUMNS)?;
    let mut arms = RowWriter::new(arms, CAMPAIGN_ARM_COLUMNS)?;
    let touches = snapshot.rows("touches");
    let mut last = None;
    if touches > 0 {
        let sql = "select max(customer_no) as last from touches";
        snapshot
            .each(sql, Vec::new(), |rows| {
                let found = rows.numbers("last")?;
                last = (0..rows.len()).filter_map(|row| at(&found, row)).max();
                Ok(())
            })
            .await?;
    }
    if let Some(last) = last {
        let tested = campaigns_with_holdout(snapshot).await?;
        let per_customer = touches / (u64::from(last) + 1) + 1;
        let width = u32::try_from((TOUCHES_AT_A_TIME / per_customer).clamp(1_000, 1 << 20)).unwrap_or(1_000);
        let mut from = 0;
        while from <= last {
            let range = Range {
                from,
                to: from.saturating_add(width),
            };
            let mut held = Held::read(snapshot, range, &tested).await?;
            held.take_orders(snapshot).await?;
            held.take_interactions(snapshot).await?;
            held.write(&mut orders, &mut arms)?;
            from = range.to;
        }
    }
    Ok((orders.finish()?, arms.finish()?))
}

async fn campaigns_with_holdout(snapshot: &Snapshot) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    let sql = "select distinct campaign_id from touches where kind = 'held_out' and campaign_id is not null";
    snapshot
        .each(sql, Vec::new(), |rows| {
            let ids = rows.texts("campaign_id")?;
            found.extend((0..rows.len()).map(|row| ids.value(row).to_owned()));
            Ok(())
        })
        .await?;
    Ok(found)
}

/// The touches of a range of customers, and what was found about them.
struct Held {
    range: Range,
    words: Words,
    /// By customer, then time, then campaign: the last of those at one moment comes last. Nobody held out.
    touches: Vec<Touch>,
    /// Where each customer's touches begin; one more than there are customers.
    touch_starts: Vec<u32>,
    arms: Vec<Arm>,
    arm_starts: Vec<u32>,
    taken: Vec<Taken>,
    /// The first counting order of each customer who was touched.
    first: Vec<Option<(i64, String)>>,
}

impl Held {
    async fn read(snapshot: &Snapshot, range: Range, tested: &HashSet<String>) -> Result<Held> {
        let mut words = Words::default();
        let mut all: Vec<Touch> = Vec::new();
        let sql = format!(
            "select customer_no, at, campaign_id, channel, kind = 'held_out' as held_out from touches \
             where at is not null and kind is not null and {}",
            range.condition("customer_no")
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, times) = (rows.numbers("customer_no")?, rows.instants("at")?);
                let (campaigns, channels, held_out) = (
                    rows.texts("campaign_id")?,
                    rows.texts("channel")?,
                    rows.booleans("held_out")?,
                );
                for row in 0..rows.len() {
                    let mut number = |word: Option<&str>| word.map_or(NO_WORD, |word| words.number(word));
                    all.push(Touch {
                        customer: customers.value(row),
                        at: times.value(row),
                        campaign: number(text_at(&campaigns, row)),
                        channel: number(text_at(&channels, row)),
                        held_out: held_out.value(row),
                    });
                }
                Ok(())
            })
            .await?;
        let ranks = words.ranks();
        let rank = |word: u32| ranks.get(word as usize).map_or(-1, |rank| i64::from(*rank));
        all.sort_unstable_by_key(|t| (t.customer, t.at, rank(t.campaign), rank(t.channel), t.held_out));
        let tested: HashSet<u32> = tested.iter().map(|campaign| words.number(campaign)).collect();
        let arms = arms(&all, &tested, rank);
        let arm_starts = starts(range, arms.iter().map(|arm| arm.customer));
        all.retain(|touch| !touch.held_out);
        let touch_starts = starts(range, all.iter().map(|touch| touch.customer));
        let first = vec![None; range.width()];
        Ok(Held {
            range,
            words,
            touches: all,
            touch_starts,
            arms,
            arm_starts,
            taken: Vec::new(),
            first,
        })
    }

    async fn take_orders(&mut self, snapshot: &Snapshot) -> Result<()> {
        let money = Money::of(snapshot).await?;
        let (from, to) = snapshot.time_range();
        let value = money.amount("coalesce(o.total, o.lines_value)", "o.currency", "r");
        let join = money.join("o.currency", &snapshot.zone().day_sql("o.ordered_at", from, to), "r");
        let (refund, refund_join) = facts::order_refund(snapshot, &money);
        let sql = format!(
            "select o.customer_no, o.order_id, o.ordered_at, {value} as value, {refund} as refund, {} as refunded_at \
             from orders o{join}{refund_join} where {COUNTS} and o.ordered_at is not null and {}",
            facts::REFUNDED_AT,
            self.range.condition("o.customer_no")
        );
        snapshot
            .each(&sql, money.values.clone(), |rows| {
                let (customers, orders, times) = (
                    rows.numbers("customer_no")?,
                    rows.texts("order_id")?,
                    rows.instants("ordered_at")?,
                );
                let (values, refunds, refunded) = (
                    rows.money("value")?,
                    rows.money("refund")?,
                    rows.instants("refunded_at")?,
                );
                for row in 0..rows.len() {
                    self.take_order(
                        customers.value(row),
                        orders.value(row),
                        times.value(row),
                        at(&values, row),
                        at(&refunds, row),
                        at(&refunded, row),
                    );
                }
                Ok(())
            })
            .await
    }

    fn take_order(
        &mut self,
        customer: u32,
        order_id: &str,
        ordered_at: i64,
        value: Option<i128>,
        refund: Option<i128>,
        refunded_at: Option<i64>,
    ) {
        let place = self.range.place(customer);
        for arm in self.arms_of(place) {
            if arm.start <= ordered_at && ordered_at < arm.start + WINDOW {
                arm.ordered = true;
                arm.spend += value.unwrap_or(0) - refund.unwrap_or(0);
            }
        }
        let touches = &self.touches[self.touch_starts[place] as usize..self.touch_starts[place + 1] as usize];
        if touches.is_empty() {
            return;
        }
        let earlier = self.first[place]
            .as_ref()
            .is_none_or(|(at, id)| (ordered_at, order_id) < (*at, id.as_str()));
        if earlier {
            self.first[place] = Some((ordered_at, order_id.to_owned()));
        }
        let before = touches.partition_point(|touch| touch.at <= ordered_at);
        let Some(touch) = before.checked_sub(1).map(|last| touches[last]) else {
            return;
        };
        if ordered_at < touch.at + WINDOW && touch.campaign != NO_WORD {
            let order_id = order_id.to_owned();
            self.taken.push(Taken {
                touch,
                order_id,
                ordered_at,
                value,
                refund,
                refunded_at,
            });
        }
    }

    /// Any interaction but a service call is a visit.
    async fn take_interactions(&mut self, snapshot: &Snapshot) -> Result<()> {
        if self.arms.is_empty() || snapshot.rows("interactions") == 0 {
            return Ok(());
        }
        let sql = format!(
            "select customer_no, at from interactions where at is not null and {} and \
             (kind is null or replace(replace(lower(kind), '_', ' '), '-', ' ') not in ('service call', 'service'))",
            self.range.condition("customer_no")
        );
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, times) = (rows.numbers("customer_no")?, rows.instants("at")?);
                for row in 0..rows.len() {
                    let at = times.value(row);
                    for arm in self.arms_of(self.range.place(customers.value(row))) {
                        arm.visited |= arm.start <= at && at < arm.start + WINDOW;
                    }
                }
                Ok(())
            })
            .await
    }

    fn arms_of(&mut self, place: usize) -> &mut [Arm] {
        &mut self.arms[self.arm_starts[place] as usize..self.arm_starts[place + 1] as usize]
    }

    fn write(mut self, orders: &mut RowWriter, arms: &mut RowWriter) -> Result<()> {
        self.taken.sort_unstable_by(|a, b| {
            (a.touch.customer, a.ordered_at, &a.order_id).cmp(&(b.touch.customer, b.ordered_at, &b.order_id))
        });
        for taken in &self.taken {
            let first = self.first[self.range.place(taken.touch.customer)].as_ref();
            orders.push([
                Cell::Number(taken.touch.customer),
                Cell::Text(self.words.word(taken.touch.campaign)),
                Cell::Text(self.words.word(taken.touch.channel)),
                Cell::Instant(Some(taken.touch.at)),
                Cell::Text(Some(&taken.order_id)),
                Cell::Instant(Some(taken.ordered_at)),
                Cell::Millionths(taken.value),
                Cell::Millionths(taken.refund),
                Cell::Instant(taken.refund.and(taken.refunded_at)),
                Cell::Bool(first.is_some_and(|(_, id)| *id == taken.order_id)),
            ])?;
        }
        for arm in &self.arms {
            arms.push([
                Cell::Number(arm.customer),
                Cell::Text(self.words.word(arm.campaign)),
                Cell::Bool(arm.held_out),
                Cell::Bool(arm.both),
                Cell::Bool(arm.visited),
                Cell::Bool(arm.ordered),
                Cell::Millionths(Some(arm.spend)),
            ])?;
        }
        Ok(())
    }
}

/// The first touch of each person in each campaign under test; `all` is ordered by person and time.
fn arms(all: &[Touch], tested: &HashSet<u32>, rank: impl Fn(u32) -> i64) -> Vec<Arm> {
    let mut arms: Vec<Arm> = Vec::new();
    for of_person in all.chunk_by(|a, b| a.customer == b.customer) {
        let begin = arms.len();
        for touch in of_person.iter().filter(|touch| tested.contains(&touch.campaign)) {
            match arms[begin..].iter_mut().find(|arm| arm.campaign == touch.campaign) {
                Some(arm) => arm.both |= arm.held_out != touch.held_out,
                None => arms.push(Arm {
                    customer: touch.customer,
                    campaign: touch.campaign,
                    start: touch.at,
                    held_out: touch.held_out,
                    both: false,
                    visited: false,
                    ordered: false,
                    spend: 0,
                }),
            }
        }
        arms[begin..].sort_unstable_by_key(|arm| rank(arm.campaign));
    }
    arms
}

/// Where the entries of each customer of a range begin, for entries ordered by customer.
fn starts(range: Range, customers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0_u32; range.width() + 1];
    for customer in customers {
        starts[range.place(customer) + 1] += 1;
    }
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    starts
}
