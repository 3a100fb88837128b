//! Campaigns: the planted effect is found again from touches and orders alone, the way the product defines lift.

use crate::{Large, each, large, second};
use demo::planted::PlantedCampaign;
use std::collections::HashMap;

const WINDOW: i64 = 30 * 86_400;

/// One arm: people, how many ordered, sum and sum of squares of their spend.
#[derive(Clone, Copy, Default)]
struct Arm {
    n: f64,
    ordered: f64,
    spend: f64,
    squares: f64,
}

impl Arm {
    fn rate(&self) -> f64 {
        self.ordered / self.n
    }

    fn rate_variance(&self) -> f64 {
        self.rate() * (1.0 - self.rate()) / self.n
    }

    fn mean(&self) -> f64 {
        self.spend / self.n
    }

    fn mean_variance(&self) -> f64 {
        (self.squares / self.n - self.mean().powi(2)) / self.n
    }
}

/// Treated and held out of each campaign, from the files.
fn arms(demo: &Large) -> HashMap<String, [Arm; 2]> {
    let mut orders: HashMap<String, Vec<(i64, f64)>> = HashMap::new();
    each(&demo.folder, "orders.csv", |cell| {
        if !matches!(cell("status").as_str(), "cancelled" | "unpaid") {
            let net = cell("total").parse::<f64>().unwrap() - cell("refund_amount").parse::<f64>().unwrap_or(0.0);
            orders
                .entry(cell("customer_id"))
                .or_default()
                .push((second(&cell("ordered_at")), net));
        }
    });
    let mut first: HashMap<(String, String), (i64, bool)> = HashMap::new();
    each(&demo.folder, "touches.csv", |cell| {
        let held_out = cell("kind") == "held_out";
        let at = second(&cell("at"));
        let known = first
            .entry((cell("campaign_id"), cell("customer_id")))
            .or_insert((at, held_out));
        assert_eq!(known.1, held_out, "nobody is in both arms");
        known.0 = known.0.min(at);
    });
    let mut arms: HashMap<String, [Arm; 2]> = HashMap::new();
    for ((campaign, customer), (start, held_out)) in first {
        let within = orders
            .get(&customer)
            .into_iter()
            .flatten()
            .filter(|(at, _)| (start..start + WINDOW).contains(at));
        let (count, spend) = within.fold((0, 0.0), |(count, sum), (_, net)| (count + 1, sum + net));
        let arm = &mut arms.entry(campaign).or_default()[usize::from(held_out)];
        arm.n += 1.0;
        arm.ordered += f64::from(u8::from(count > 0));
        arm.spend += spend;
        arm.squares += spend * spend;
    }
    arms
}

fn planned(demo: &Large) -> impl Iterator<Item = &PlantedCampaign> {
    demo.planted.campaigns.iter().filter(|campaign| !campaign.always_on)
}

#[test]
fn the_planted_lift_is_recovered_within_sampling_error() {
    let demo = large();
    let arms = arms(demo);
    let (mut sum, mut count) = (0.0, 0.0);
    for campaign in planned(demo) {
        let truth = campaign.truth.as_ref().unwrap();
        let [treated, held_out] = arms[&campaign.campaign_id];
        assert_eq!(
            (treated.n as u64, held_out.n as u64),
            (truth.treated, truth.held_out),
            "{}",
            campaign.name
        );
        // What happened to the treated is no estimate: it must agree to the last customer.
        assert!((treated.rate() - truth.ordered_with).abs() < 1e-9, "{}", campaign.name);
        assert!((treated.mean() - truth.spend_with).abs() < 1e-6, "{}", campaign.name);
        let error = (treated.rate_variance() + held_out.rate_variance()).sqrt();
        let z = (treated.rate() - held_out.rate() - truth.ordered_lift) / error;
        assert!(z.abs() < 3.7, "{}: z {z}", campaign.name);
        sum += z * z;
        count += 1.0;
        let error = (treated.mean_variance() + held_out.mean_variance()).sqrt();
        let z = (treated.mean() - held_out.mean() - truth.spend_lift) / error;
        assert!(z.abs() < 3.7, "{}: z of spend {z}", campaign.name);
    }
    // Squared errors of all campaigns together: chi-squared with as many degrees of freedom, well inside its tail.
    assert!(
        sum < count + 4.0 * (2.0 * f64::sqrt(count)),
        "chi-squared {sum} over {count}"
    );
}

#[test]
fn the_truth_is_what_was_planted() {
    let demo = large();
    for campaign in planned(demo).filter(|campaign| campaign.complete) {
        let truth = campaign.truth.as_ref().unwrap();
        let n = truth.treated as f64;
        let p = campaign.mean_extra_order_probability;
        let z = (truth.extra_orders as f64 / n - p) / (p.max(1e-9) * (1.0 - p) / n).sqrt();
        match campaign.effect.as_str() {
            "adds_orders" => {
                assert!(z.abs() < 4.0, "{}: z {z}", campaign.name);
                assert!(
                    truth.ordered_lift > 0.015 && truth.spend_lift > 0.0,
                    "{}",
                    campaign.name
                );
                // An order more changes nothing for those who ordered anyway.
                assert!(truth.ordered_lift <= p * 1.25, "{}", campaign.name);
            }
            "nothing" => assert_eq!(
                (truth.extra_orders, truth.ordered_lift, truth.spend_lift),
                (0, 0.0, 0.0),
                "{}",
                campaign.name
            ),
            "drives_away" => {
                let wanted = -campaign.lost_window_probability * truth.ordered_without;
                assert!(
                    (truth.ordered_lift / wanted - 1.0).abs() < 0.25,
                    "{}: {}",
                    campaign.name,
                    truth.ordered_lift
                );
            }
            other => panic!("{other}"),
        }
    }
    let effects: Vec<&str> = planned(demo).map(|campaign| campaign.effect.as_str()).collect();
    assert_eq!(effects.iter().filter(|&&effect| effect == "nothing").count(), 3);
    assert_eq!(effects.iter().filter(|&&effect| effect == "drives_away").count(), 1);
}

#[test]
fn hold_outs_arrive_as_announced_but_for_one() {
    let demo = large();
    let arms = arms(demo);
    let mut faulty = Vec::new();
    for campaign in planned(demo) {
        let announced = campaign.holdout_share.unwrap();
        assert!((0.1..=0.5).contains(&announced));
        let [treated, held_out] = arms[&campaign.campaign_id];
        let n = treated.n + held_out.n;
        let z = (held_out.n / n - announced) / (announced * (1.0 - announced) / n).sqrt();
        if z.abs() > 3.9 {
            faulty.push(campaign.campaign_id.clone());
        }
    }
    let planted: Vec<String> = planned(demo)
        .filter(|campaign| campaign.holdout_share != campaign.arriving_holdout_share)
        .map(|campaign| campaign.campaign_id.clone())
        .collect();
    assert_eq!(planted.len(), 1);
    assert_eq!(faulty, planted);
}

#[test]
fn without_consent_nobody_is_contacted() {
    let demo = large();
    let mut consent: HashMap<String, String> = HashMap::new();
    each(&demo.folder, "customers.csv", |cell| {
        consent.insert(cell("external_id"), cell("consent_marketing"));
    });
    let always_on: Vec<&str> = demo
        .planted
        .campaigns
        .iter()
        .filter(|campaign| campaign.always_on)
        .map(|campaign| campaign.campaign_id.as_str())
        .collect();
    each(&demo.folder, "touches.csv", |cell| {
        assert!(always_on.contains(&cell("campaign_id").as_str()) || consent[&cell("customer_id")] == "true");
    });
}
