//! Counts that all threads add up, and with them the truth of each campaign: what would have happened without it. Whole numbers
//! only, so that the sum does not depend on who added what first.

use crate::campaigns::WINDOW_DAYS;
use crate::contacts::Joined;
use crate::kinds::KINDS;
use crate::model::Model;
use crate::orders::Order;
use crate::people::Person;

#[derive(Clone, Copy, Default)]
pub struct Day {
    pub contacts: u64,
    pub clicks: u64,
    pub claims: u64,
}

#[derive(Clone, Copy, Default)]
pub struct KindTruth {
    pub treated: u64,
    /// People who ordered because of the campaign, minus those who did not because of it.
    pub gained: i64,
}

/// What a campaign did to those whom it touched; amounts in hundredths.
#[derive(Clone, Default)]
pub struct Truth {
    pub treated: u64,
    pub held_out: u64,
    /// Sum of the planted probabilities of an order more, in units of 1e-9.
    pub probability: u64,
    pub extra_orders: u64,
    /// Treated people with an order in their window, and how many would have had one without the campaign.
    pub ordered_with: u64,
    pub ordered_without: u64,
    pub spend_with: i64,
    pub spend_without: i64,
    pub kinds: [KindTruth; KINDS],
}

pub struct Tally {
    pub truths: Vec<Truth>,
    /// By campaign and day of the campaign.
    pub days: Vec<Vec<Day>>,
    pub kinds: [u64; KINDS],
    pub refunds: u64,
    pub delivered: u64,
    /// Moment of the first and the last order, seconds UTC.
    pub first_order: i64,
    pub last_order: i64,
}

impl Tally {
    pub fn new(model: &Model) -> Tally {
        Tally {
            truths: vec![Truth::default(); model.campaigns.len()],
            days: model
                .campaigns
                .iter()
                .map(|campaign| vec![Day::default(); campaign.days()])
                .collect(),
            kinds: [0; KINDS],
            refunds: 0,
            delivered: 0,
            first_order: i64::MAX,
            last_order: i64::MIN,
        }
    }

    pub fn add(&mut self, other: &Tally) {
        for (mine, theirs) in self.truths.iter_mut().zip(&other.truths) {
            mine.treated += theirs.treated;
            mine.held_out += theirs.held_out;
            mine.probability += theirs.probability;
            mine.extra_orders += theirs.extra_orders;
            mine.ordered_with += theirs.ordered_with;
            mine.ordered_without += theirs.ordered_without;
            mine.spend_with += theirs.spend_with;
            mine.spend_without += theirs.spend_without;
            for (mine, theirs) in mine.kinds.iter_mut().zip(&theirs.kinds) {
                mine.treated += theirs.treated;
                mine.gained += theirs.gained;
            }
        }
        for (mine, theirs) in self.days.iter_mut().flatten().zip(other.days.iter().flatten()) {
            mine.contacts += theirs.contacts;
            mine.clicks += theirs.clicks;
            mine.claims += theirs.claims;
        }
        for (mine, theirs) in self.kinds.iter_mut().zip(&other.kinds) {
            *mine += theirs;
        }
        self.refunds += other.refunds;
        self.delivered += other.delivered;
        self.first_order = self.first_order.min(other.first_order);
        self.last_order = self.last_order.max(other.last_order);
    }

    /// Adds one customer to the truth of each campaign it was in.
    pub fn count_truth(&mut self, model: &Model, person: &Person, orders: &[Order], joined: &[Joined]) {
        for joined in joined {
            let campaign = &model.campaigns[joined.campaign];
            let truth = &mut self.truths[joined.campaign];
            let window = joined.start..joined.start + WINDOW_DAYS * 86_400;
            let (mut with, mut without) = ((0, 0), (0, 0));
            for order in orders
                .iter()
                .filter(|order| order.counts() && window.contains(&order.at))
            {
                let net = order.total - order.refund;
                if order.lost_to.is_none() {
                    with = (with.0 + 1, with.1 + net);
                }
                let only_here = order.caused_by == Some(joined.campaign);
                if (order.lost_to.is_none() || order.lost_to == Some(joined.campaign)) && !only_here {
                    without = (without.0 + 1, without.1 + net);
                }
            }
            if !joined.treated {
                truth.held_out += 1;
                continue;
            }
            let probability = campaign.extra_order(person.kind, campaign.contact == Some(person.contact));
            truth.treated += 1;
            truth.probability += (probability * 1e9).round() as u64;
            truth.extra_orders += orders
                .iter()
                .filter(|order| order.caused_by == Some(joined.campaign))
                .count() as u64;
            truth.ordered_with += u64::from(with.0 > 0);
            truth.ordered_without += u64::from(without.0 > 0);
            truth.spend_with += with.1;
            truth.spend_without += without.1;
            let kind = &mut truth.kinds[person.kind];
            kind.treated += 1;
            kind.gained += i64::from(with.0 > 0) - i64::from(without.0 > 0);
        }
    }
}
