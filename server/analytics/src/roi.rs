//! What did a campaign return on its cost, and when was it paid back? Daily sums in, ratios out. Which orders belong to the
//! campaign was decided before; all money is in one currency.

use serde::Serialize;

/// What one day brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Day {
    /// Whole days after the campaign's first day, which is 0.
    pub day: i32,
    pub revenue: f64,
    /// Refunds of the campaign's own orders, dated when they were paid back.
    pub refunds: f64,
    /// What the goods cost us; `None` when unknown.
    pub unit_costs: Option<f64>,
}

/// `None` stands for a ratio that would divide by nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Return {
    pub cost: f64,
    pub revenue: f64,
    pub refunds: f64,
    pub net_revenue: f64,
    /// Net revenue less unit costs; `None` when they are unknown for any day.
    pub margin: Option<f64>,
    /// (net revenue - cost) / cost.
    pub roi: Option<f64>,
    /// revenue / cost.
    pub roas: Option<f64>,
    /// net revenue / cost.
    pub net_roas: Option<f64>,
    /// Cost per customer whose first counting order the campaign brought.
    pub cac: Option<f64>,
    /// Days after the first one until the margin so far (net revenue without unit costs) first covers the cost; 0 is the
    /// first day itself, `None` is never, or that there was no cost to cover.
    pub payback_days: Option<i32>,
}

/// Sums up a campaign. Days may come in any order and more than once; a number that is not finite counts as 0.
pub fn campaign(cost: f64, new_customers: u64, days: &[Day]) -> Return {
    let finite = |v: f64| if v.is_finite() { v } else { 0.0 };
    let cost = finite(cost);
    let revenue: f64 = days.iter().map(|d| finite(d.revenue)).sum::<f64>() + 0.0;
    let refunds: f64 = days.iter().map(|d| finite(d.refunds)).sum::<f64>() + 0.0;
    let net_revenue = revenue - refunds;
    let costs_known = !days.is_empty() && days.iter().all(|d| d.unit_costs.is_some_and(f64::is_finite));
    let unit_costs: f64 = days.iter().filter_map(|d| d.unit_costs).map(finite).sum();
    let per_cost = |value: f64| (cost > 0.0).then(|| value / cost);
    Return {
        cost,
        revenue,
        refunds,
        net_revenue,
        margin: costs_known.then_some(net_revenue - unit_costs),
        roi: per_cost(net_revenue - cost),
        roas: per_cost(revenue),
        net_roas: per_cost(net_revenue),
        cac: (new_customers > 0).then(|| cost / new_customers as f64),
        payback_days: payback(cost, days, costs_known, finite),
    }
}

/// Days are taken whole: a refund on a day counts before that day can pay anything back.
fn payback(cost: f64, days: &[Day], costs_known: bool, finite: impl Fn(f64) -> f64) -> Option<i32> {
    if cost <= 0.0 {
        return None;
    }
    let mut sorted: Vec<(i32, f64)> = days
        .iter()
        .map(|d| {
            let goods = if costs_known {
                finite(d.unit_costs.unwrap_or(0.0))
            } else {
                0.0
            };
            (d.day, finite(d.revenue) - finite(d.refunds) - goods)
        })
        .collect();
    sorted.sort_by_key(|(day, _)| *day);
    let mut so_far = 0.0;
    for same_day in sorted.chunk_by(|a, b| a.0 == b.0) {
        so_far += same_day.iter().map(|(_, margin)| margin).sum::<f64>();
        if so_far >= cost {
            return same_day.first().map(|(day, _)| *day);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(day: i32, revenue: f64, refunds: f64, unit_costs: Option<f64>) -> Day {
        Day {
            day,
            revenue,
            refunds,
            unit_costs,
        }
    }

    #[test]
    fn follows_its_definitions() {
        let days = [
            day(0, 600.0, 0.0, Some(100.0)),
            day(3, 900.0, 100.0, Some(300.0)),
            day(9, 0.0, 200.0, Some(0.0)),
        ];
        let found = campaign(800.0, 16, &days);
        assert_eq!(
            (found.revenue, found.refunds, found.net_revenue),
            (1500.0, 300.0, 1200.0)
        );
        assert_eq!(
            (found.roi, found.roas, found.net_roas),
            (Some(0.5), Some(1.875), Some(1.5))
        );
        assert_eq!((found.margin, found.cac), (Some(800.0), Some(50.0)));
        // 500 after day 0, 1,000 after day 3.
        assert_eq!(found.payback_days, Some(3));
    }

    #[test]
    fn pays_back_from_net_revenue_when_unit_costs_are_unknown() {
        let days = [day(1, 900.0, 200.0, None), day(0, 100.0, 0.0, Some(50.0))];
        let found = campaign(800.0, 0, &days);
        assert_eq!((found.margin, found.cac, found.payback_days), (None, None, Some(1)));
    }

    #[test]
    fn a_refund_of_the_same_day_counts_before_it_pays_back() {
        let days = [
            day(0, 100.0, 0.0, None),
            day(0, 0.0, 60.0, None),
            day(2, 70.0, 0.0, None),
        ];
        assert_eq!(campaign(100.0, 1, &days).payback_days, Some(2));
        assert_eq!(campaign(1000.0, 1, &days).payback_days, None);
    }

    #[test]
    fn zero_cost_has_no_ratio() {
        let found = campaign(0.0, 4, &[day(0, 100.0, 0.0, None)]);
        assert_eq!(
            (found.roi, found.roas, found.net_roas, found.payback_days),
            (None, None, None, None)
        );
        assert_eq!(found.cac, Some(0.0));
        let nothing = campaign(0.0, 0, &[]);
        assert_eq!((nothing.margin, nothing.cac, nothing.net_revenue), (None, None, 0.0));
    }

    proptest! {
        #[test]
        fn roi_is_net_roas_less_one_and_order_does_not_matter(
            cost in 0.01f64..1e6,
            days in proptest::collection::vec((0i32..60, 0u32..10_000, 0u32..5000), 0..40),
        ) {
            let mut days: Vec<Day> =
                days.into_iter().map(|(d, a, b)| day(d, f64::from(a), f64::from(b), None)).collect();
            let found = campaign(cost, 3, &days);
            prop_assert!((found.roi.unwrap() - (found.net_roas.unwrap() - 1.0)).abs() < 1e-6);
            days.reverse();
            prop_assert_eq!(campaign(cost, 3, &days), found);
        }

        #[test]
        fn no_numbers_panic(cost in any::<f64>(), n in any::<u64>(), d in any::<i32>(), a in any::<f64>(), b in any::<f64>()) {
            let found = campaign(cost, n, &[day(d, a, b, Some(b)), day(0, b, a, None)]);
            prop_assert!(!found.net_revenue.is_nan() || a.is_finite() || b.is_finite());
        }
    }
}
