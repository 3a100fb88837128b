//! The people behind one campaign: how far they came, which groups they belong to, and refund documents that stand beside the return.

use crate::derive::{CAMPAIGN_ORDERS, REFUNDS, WINDOW_DAYS};
use crate::error::Result;
use crate::labels::GroupOf;
use crate::query::facts;
use crate::read::{at, plain};
use crate::snapshot::{Snapshot, Values};
use datafusion::scalar::ScalarValue;
use std::collections::{BTreeMap, HashMap, HashSet};
use types::query::Period;

const WINDOW: i64 = WINDOW_DAYS * 86_400_000_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CampaignPeople {
    /// Customers touched and not held out. Each of the next three is part of the one before: who opened was delivered to.
    pub touched: u64,
    pub delivered: u64,
    pub opened: u64,
    pub clicked: u64,
    /// Customers with an order that the campaign took.
    pub ordered: u64,
    /// By group, when groups were given; people in no group are left out.
    pub by_segment: Vec<SegmentCell>,
    /// Sum of refund documents of touched customers, dated from their first touch to 30 days after their last.
    pub refund_documents: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentCell {
    pub key: String,
    pub people: u64,
    /// Costs of their touches.
    pub touch_cost: f64,
    pub orders: u64,
    pub revenue: f64,
    pub refunds: f64,
}

impl Snapshot {
    /// `groups`: the labels by which people are told apart.
    pub async fn campaign_people(
        &self,
        campaign: String,
        period: Option<Period>,
        groups: Option<GroupOf>,
    ) -> Result<CampaignPeople> {
        let this = self.clone();
        self.run(async move {
            Reader {
                snapshot: &this,
                campaign,
                period,
                groups,
            }
            .read()
            .await
        })
        .await
    }
}

struct Reader<'a> {
    snapshot: &'a Snapshot,
    campaign: String,
    period: Option<Period>,
    groups: Option<GroupOf>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    people: u64,
    touch_cost: i128,
    orders: u64,
    revenue: i128,
    refunds: i128,
}

impl Reader<'_> {
    async fn read(&self) -> Result<CampaignPeople> {
        let mut found = CampaignPeople::default();
        let mut cells: BTreeMap<usize, Cell> = BTreeMap::new();
        let group = |customer: u32| self.groups.as_ref().and_then(|groups| groups.get(customer));
        // From the first touch to the end of the window of the last.
        let mut windows: HashMap<u32, (i64, i64)> = HashMap::new();
        let sql = format!(
            "select customer_no, max(case kind when 'clicked' then 3 when 'opened' then 2 when 'delivered' then 1 else 0 end) \
             as reached, sum(cost) as cost, min(at) as first, max(at) as last from touches \
             where campaign_id = $campaign and kind <> 'held_out' and customer_no is not null{} group by customer_no",
            self.inside("at")
        );
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let (customers, reached, cost) =
                    (rows.numbers("customer_no")?, rows.i32s("reached")?, rows.money("cost")?);
                let (first, last) = (rows.instants("first")?, rows.instants("last")?);
                for row in 0..rows.len() {
                    let (customer, reached) = (customers.value(row), reached.value(row));
                    found.touched += 1;
                    found.delivered += u64::from(reached >= 1);
                    found.opened += u64::from(reached >= 2);
                    found.clicked += u64::from(reached >= 3);
                    windows.insert(customer, (first.value(row), last.value(row).saturating_add(WINDOW)));
                    if let Some(group) = group(customer) {
                        let cell = cells.entry(group).or_default();
                        cell.people += 1;
                        cell.touch_cost += at(&cost, row).unwrap_or(0);
                    }
                }
                Ok(())
            })
            .await?;
        let mut customers_with_orders: HashSet<u32> = HashSet::new();
        let sql = format!(
            "select customer_no, value, refund from {CAMPAIGN_ORDERS} where campaign_id = $campaign{}",
            self.inside("ordered_at")
        );
        self.snapshot
            .each(&sql, self.values(), |rows| {
                let (customers, value, refund) = (
                    rows.numbers("customer_no")?,
                    rows.money("value")?,
                    rows.money("refund")?,
                );
                for row in 0..rows.len() {
                    customers_with_orders.insert(customers.value(row));
                    if let Some(group) = group(customers.value(row)) {
                        let cell = cells.entry(group).or_default();
                        cell.orders += 1;
                        cell.revenue += at(&value, row).unwrap_or(0);
                        cell.refunds += at(&refund, row).unwrap_or(0);
                    }
                }
                Ok(())
            })
            .await?;
        found.ordered = customers_with_orders.len() as u64;
        found.refund_documents = self.documents(&windows).await?;
        let keys = self
            .groups
            .as_ref()
            .map(|groups| groups.keys.as_slice())
            .unwrap_or_default();
        found.by_segment = cells
            .into_iter()
            .filter_map(|(place, cell)| {
                Some(SegmentCell {
                    key: keys.get(place)?.clone(),
                    people: cell.people,
                    touch_cost: plain(cell.touch_cost),
                    orders: cell.orders,
                    revenue: plain(cell.revenue),
                    refunds: plain(cell.refunds),
                })
            })
            .collect();
        found
            .by_segment
            .sort_by(|a, b| b.revenue.total_cmp(&a.revenue).then_with(|| a.key.cmp(&b.key)));
        Ok(found)
    }

    async fn documents(&self, windows: &HashMap<u32, (i64, i64)>) -> Result<f64> {
        let mut sum = 0;
        let sql = format!(
            "select customer_no, at, amount from {REFUNDS} \
             where document and not ignored and customer_no is not null and at is not null and amount is not null"
        );
        self.snapshot
            .each(&sql, Vec::new(), |rows| {
                let (customers, times, amounts) = (
                    rows.numbers("customer_no")?,
                    rows.instants("at")?,
                    rows.money("amount")?,
                );
                for row in 0..rows.len() {
                    let window = windows.get(&customers.value(row));
                    if window.is_some_and(|(from, to)| (*from..*to).contains(&times.value(row))) {
                        sum += amounts.value(row);
                    }
                }
                Ok(())
            })
            .await?;
        Ok(plain(sum))
    }

    fn values(&self) -> Values {
        vec![("campaign", ScalarValue::Utf8(Some(self.campaign.clone())))]
    }

    fn inside(&self, time: &str) -> String {
        let zone = self.snapshot.zone();
        self.period.map_or_else(String::new, |period| {
            let (from, to) = (
                facts::instant(zone.start_of(period.from)),
                facts::instant(zone.start_of(period.to)),
            );
            format!(" and {time} >= {from} and {time} < {to}")
        })
    }
}
