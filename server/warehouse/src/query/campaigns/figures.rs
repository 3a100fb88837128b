//! Adds up costs, orders, refunds and goods by campaign, channel and local day, and the people reached. Knows the sealed tables and nothing of
//! returns.

use super::{CampaignCell, CampaignDetails, CampaignFigures, CampaignQuestion, MonthFigures, ReachCell};
use crate::derive::CAMPAIGN_ORDERS;
use crate::error::Result;
use crate::query::facts::{self, Money};
use crate::read::{Rows, at, plain, text_at};
use crate::snapshot::{Snapshot, Values};
use crate::zone::date_of_day;
use chrono::{Datelike, NaiveDate};
use datafusion::scalar::ScalarValue;
use std::collections::BTreeMap;

pub(super) struct Reader<'a> {
    pub snapshot: &'a Snapshot,
    pub question: &'a CampaignQuestion,
}

type CellKey = (String, Option<String>, i32);

#[derive(Clone, Copy, Default)]
struct Sums {
    cost: i128,
    orders: i64,
    first: i64,
    revenue: i128,
    refunds: i128,
    goods: i128,
    /// Lines and orders whose cost is unknown.
    goods_missing: i64,
}

impl Reader<'_> {
    pub async fn read(&self) -> Result<CampaignFigures> {
        let mut cells: BTreeMap<CellKey, Sums> = BTreeMap::new();
        let mut figures = CampaignFigures {
            campaigns: self.details().await?,
            ..CampaignFigures::default()
        };
        figures.not_converted += self.costs(&mut cells).await?;
        self.touch_costs(&mut cells).await?;
        figures.not_converted += self.orders(&mut cells).await?;
        self.refunds(&mut cells).await?;
        figures.unit_costs_known = self.goods(&mut cells).await?;
        self.reach(&mut figures).await?;
        let channels: BTreeMap<&str, &Option<String>> = figures
            .campaigns
            .iter()
            .map(|campaign| (campaign.campaign_id.as_str(), &campaign.channel))
            .collect();
        let of_campaign =
            |id: &str, channel: Option<String>| channel.or_else(|| channels.get(id).and_then(|c| (*c).clone()));
        figures.cells = cells
            .into_iter()
            .map(|((campaign_id, channel, day), sums)| CampaignCell {
                channel: of_campaign(&campaign_id, channel),
                campaign_id,
                day: date_of_day(day),
                cost: plain(sums.cost),
                orders: sums.orders.unsigned_abs(),
                new_customers: sums.first.unsigned_abs(),
                revenue: plain(sums.revenue),
                refunds: plain(sums.refunds),
                unit_costs: (sums.goods_missing == 0).then(|| plain(sums.goods)),
            })
            .collect();
        figures.people_by_channel = figures
            .people_by_channel
            .into_iter()
            .map(|cell| ReachCell {
                channel: of_campaign(&cell.campaign_id, cell.channel),
                ..cell
            })
            .collect();
        Ok(figures)
    }

    fn values(&self) -> Values {
        let campaign = self.question.campaign.clone();
        campaign
            .map(|id| vec![("campaign", ScalarValue::Utf8(Some(id)))])
            .unwrap_or_default()
    }

    /// A condition that starts with `and`, on the campaign and on a time or a date.
    fn condition(&self, alias: &str, time: &str, is_date: bool) -> String {
        let mut text = String::new();
        if self.question.campaign.is_some() {
            text.push_str(&format!(" and {alias}.campaign_id = $campaign"));
        }
        if let Some(period) = self.question.period {
            let zone = self.snapshot.zone();
            let (from, to) = if is_date {
                (format!("date '{}'", period.from), format!("date '{}'", period.to))
            } else {
                (
                    facts::instant(zone.start_of(period.from)),
                    facts::instant(zone.start_of(period.to)),
                )
            };
            text.push_str(&format!(" and {alias}.{time} >= {from} and {alias}.{time} < {to}"));
        }
        text
    }

    fn day(&self, time: &str) -> String {
        let (from, to) = self.snapshot.time_range();
        self.snapshot.zone().day_sql(time, from, to)
    }

    async fn details(&self) -> Result<Vec<CampaignDetails>> {
        let only = if self.question.campaign.is_some() {
            "where campaign_id = $campaign"
        } else {
            ""
        };
        let sql = format!(
            "select campaign_id, name, channel, objective, starts_at, ends_at, budget, holdout_share from campaigns {only} \
             order by campaign_id"
        );
        let mut found = Vec::new();
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let text = |name: &str| rows.texts(name);
                let (ids, names, channels, objectives) = (
                    text("campaign_id")?,
                    text("name")?,
                    text("channel")?,
                    text("objective")?,
                );
                let (starts, ends) = (rows.dates("starts_at")?, rows.dates("ends_at")?);
                let (budgets, shares) = (rows.money("budget")?, rows.money("holdout_share")?);
                let owned = |text: Option<&str>| text.map(str::to_owned);
                found.extend((0..rows.len()).map(|row| CampaignDetails {
                    campaign_id: ids.value(row).to_owned(),
                    name: owned(text_at(&names, row)),
                    channel: owned(text_at(&channels, row)),
                    objective: owned(text_at(&objectives, row)),
                    starts_at: at(&starts, row).map(date_of_day),
                    ends_at: at(&ends, row).map(date_of_day),
                    budget: at(&budgets, row).map(plain),
                    holdout_share: at(&shares, row).map(plain),
                }));
                Ok(())
            })
            .await?;
        Ok(found)
    }

    async fn costs(&self, cells: &mut BTreeMap<CellKey, Sums>) -> Result<u64> {
        let money = Money::of(self.snapshot).await?;
        let cost = money.amount("c.cost", "c.currency", "r");
        let rates = money.join("c.currency", "cast(c.day as int)", "r");
        let sql = format!(
            "select campaign_id, channel, cast(day as int) as day, sum(cost) as cost, count(*) - count(cost) as missing from \
             (select c.campaign_id, c.channel, c.day, {cost} as cost from campaign_costs c{rates} \
             where c.cost is not null and c.day is not null and c.campaign_id is not null{}) group by 1, 2, 3",
            self.condition("c", "day", true)
        );
        let values = [self.values(), money.values.clone()].concat();
        let mut not_converted = 0;
        self.cells(&sql, values, cells, |rows| {
            let (cost, missing) = (rows.money("cost")?, rows.i64s("missing")?);
            not_converted += missing.values().iter().map(|n| n.unsigned_abs()).sum::<u64>();
            Ok(move |row: usize, sums: &mut Sums| sums.cost += at(&cost, row).unwrap_or(0))
        })
        .await?;
        Ok(not_converted)
    }

    /// Costs of single touches; they are in the installation's currency.
    async fn touch_costs(&self, cells: &mut BTreeMap<CellKey, Sums>) -> Result<()> {
        let sql = format!(
            "select t.campaign_id, t.channel, {} as day, sum(t.cost) as cost from touches t \
             where t.cost is not null and t.at is not null and t.campaign_id is not null{} group by 1, 2, 3",
            self.day("t.at"),
            self.condition("t", "at", false)
        );
        self.cells(&sql, self.values(), cells, |rows| {
            let cost = rows.money("cost")?;
            Ok(move |row: usize, sums: &mut Sums| sums.cost += at(&cost, row).unwrap_or(0))
        })
        .await
    }

    async fn orders(&self, cells: &mut BTreeMap<CellKey, Sums>) -> Result<u64> {
        let sql = format!(
            "select o.campaign_id, o.channel, {} as day, count(*) as orders, count(o.value) as converted, \
             count(*) filter (where o.first) as first, sum(o.value) as value from {CAMPAIGN_ORDERS} o \
             where o.campaign_id is not null{} group by 1, 2, 3",
            self.day("o.ordered_at"),
            self.condition("o", "ordered_at", false)
        );
        let mut not_converted = 0;
        self.cells(&sql, self.values(), cells, |rows| {
            let (orders, converted, first) = (rows.i64s("orders")?, rows.i64s("converted")?, rows.i64s("first")?);
            let value = rows.money("value")?;
            not_converted += orders
                .values()
                .iter()
                .zip(converted.values())
                .map(|(all, known)| (all - known).unsigned_abs())
                .sum::<u64>();
            Ok(move |row: usize, sums: &mut Sums| {
                sums.orders += orders.value(row);
                sums.first += first.value(row);
                sums.revenue += at(&value, row).unwrap_or(0);
            })
        })
        .await?;
        Ok(not_converted)
    }

    async fn refunds(&self, cells: &mut BTreeMap<CellKey, Sums>) -> Result<()> {
        let sql = format!(
            "select o.campaign_id, o.channel, {} as day, sum(o.refund) as refund from {CAMPAIGN_ORDERS} o \
             where o.refund is not null{} group by 1, 2, 3",
            self.day("coalesce(o.refunded_at, o.ordered_at)"),
            self.condition("o", "ordered_at", false)
        );
        self.cells(&sql, self.values(), cells, |rows| {
            let refund = rows.money("refund")?;
            Ok(move |row: usize, sums: &mut Sums| sums.refunds += at(&refund, row).unwrap_or(0))
        })
        .await
    }

    /// What the goods cost; false when no product has a unit cost.
    async fn goods(&self, cells: &mut BTreeMap<CellKey, Sums>) -> Result<bool> {
        let known = self
            .snapshot
            .collect("select 1 from products where unit_cost is not null limit 1", Vec::new())
            .await?;
        if known.iter().all(|batch| batch.num_rows() == 0) {
            cells
                .values_mut()
                .filter(|sums| sums.orders > 0)
                .for_each(|sums| sums.goods_missing = 1);
            return Ok(false);
        }
        let sql = format!(
            "select o.campaign_id, o.channel, {} as day, sum(coalesce(l.quantity, 1) * p.unit_cost) as goods, \
             count(*) - count(p.unit_cost) as missing from {CAMPAIGN_ORDERS} o \
             left join order_lines l on l.order_id = o.order_id left join products p on p.product_id = l.product_id \
             where o.campaign_id is not null{} group by 1, 2, 3",
            self.day("o.ordered_at"),
            self.condition("o", "ordered_at", false)
        );
        self.cells(&sql, self.values(), cells, |rows| {
            let (goods, missing) = (rows.money("goods")?, rows.i64s("missing")?);
            Ok(move |row: usize, sums: &mut Sums| {
                sums.goods += at(&goods, row).unwrap_or(0);
                sums.goods_missing += missing.value(row);
            })
        })
        .await?;
        Ok(true)
    }

    pub async fn months(&self) -> Result<Vec<MonthFigures>> {
        let mut cells: BTreeMap<CellKey, Sums> = BTreeMap::new();
        self.costs(&mut cells).await?;
        self.touch_costs(&mut cells).await?;
        let sql = format!(
            "select o.campaign_id, o.channel, {} as day, sum(o.value) as value, sum(o.refund) as refund from {CAMPAIGN_ORDERS} o \
             group by 1, 2, 3",
            self.day("o.touched_at")
        );
        self.cells(&sql, Vec::new(), &mut cells, |rows| {
            let (value, refund) = (rows.money("value")?, rows.money("refund")?);
            Ok(move |row: usize, sums: &mut Sums| {
                sums.revenue += at(&value, row).unwrap_or(0);
                sums.refunds += at(&refund, row).unwrap_or(0);
            })
        })
        .await?;
        let mut months: BTreeMap<NaiveDate, Sums> = BTreeMap::new();
        for ((_, _, day), sums) in cells {
            let day = date_of_day(day);
            let month = months.entry(day.with_day(1).unwrap_or(day)).or_default();
            month.cost += sums.cost;
            month.revenue += sums.revenue;
            month.refunds += sums.refunds;
        }
        let figures = |(month, sums): (NaiveDate, Sums)| MonthFigures {
            month,
            cost: plain(sums.cost),
            revenue: plain(sums.revenue),
            refunds: plain(sums.refunds),
        };
        Ok(months.into_iter().map(figures).collect())
    }

    async fn reach(&self, figures: &mut CampaignFigures) -> Result<()> {
        let people = format!(
            "select t.campaign_id, t.channel, t.customer_no from touches t where t.campaign_id is not null \
             and t.customer_no is not null and t.kind <> 'held_out'{} group by 1, 2, 3",
            self.condition("t", "at", false)
        );
        let sql =
            format!("select campaign_id, channel, count(*) as people from ({people}) group by 1, 2 order by 1, 2");
        let by_channel = &mut figures.people_by_channel;
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let (ids, channels, people) =
                    (rows.texts("campaign_id")?, rows.texts("channel")?, rows.i64s("people")?);
                by_channel.extend((0..rows.len()).map(|row| ReachCell {
                    campaign_id: ids.value(row).to_owned(),
                    channel: text_at(&channels, row).map(str::to_owned),
                    people: people.value(row).unsigned_abs(),
                }));
                Ok(())
            })
            .await?;
        let sql = format!("select campaign_id, count(distinct customer_no) as people from ({people}) group by 1");
        let all = &mut figures.people;
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let (ids, people) = (rows.texts("campaign_id")?, rows.i64s("people")?);
                all.extend((0..rows.len()).map(|row| (ids.value(row).to_owned(), people.value(row).unsigned_abs())));
                Ok(())
            })
            .await?;
        let sql = format!("select count(distinct customer_no) as people from ({people})");
        let everybody = &mut figures.everybody;
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let people = rows.i64s("people")?;
                *everybody = (0..rows.len()).map(|row| people.value(row).unsigned_abs()).sum();
                Ok(())
            })
            .await
    }

    /// Runs a query by campaign, channel and day; `columns` takes what it needs of a batch and says how a row is added to its cell.
    async fn cells<A: Fn(usize, &mut Sums)>(
        &self,
        sql: &str,
        values: Values,
        cells: &mut BTreeMap<CellKey, Sums>,
        mut columns: impl FnMut(&Rows<'_>) -> Result<A> + Send,
    ) -> Result<()> {
        self.snapshot
            .each(sql, values, |rows| {
                let (ids, channels, days) = (rows.texts("campaign_id")?, rows.texts("channel")?, rows.i32s("day")?);
                let add = columns(&rows)?;
                for row in 0..rows.len() {
                    let key = (
                        ids.value(row).to_owned(),
                        text_at(&channels, row).map(str::to_owned),
                        days.value(row),
                    );
                    add(row, cells.entry(key).or_default());
                }
                Ok(())
            })
            .await
    }
}
