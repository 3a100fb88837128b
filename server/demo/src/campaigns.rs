//! The campaigns of two years: to whom, when, at what cost, how many are held out, and what each really does. Knows no single
//! customer.

use crate::calendar::chinese_new_year;
use crate::campaign_list::{
    ALWAYS_ON, Draft, FAULTY, FAULTY_ARRIVES, ONCE, OUTDOOR_KIND, OUTDOOR_SEASON, PER_CONTACT, WITHOUT_COST, YEARLY,
    Yearly,
};
use crate::days::day_number;
use crate::kinds::{ALL, CONTACTS, SMS};
use chrono::{Datelike, NaiveDate};

/// Days after a person's first touch in which a campaign works, and in which its lift is seen.
pub const WINDOW_DAYS: i64 = 30;
/// Factor on the effect when the campaign comes through the person's best channel, and otherwise.
pub const BEST_CHANNEL: (f64, f64) = (1.35, 0.9);
/// Factor on the effect for the kind that a campaign is made for.
pub const FITTING_KIND: f64 = 2.5;
/// Days over which the first messages of a campaign go out.
pub const SEND_DAYS: i64 = 2;

#[derive(Clone, Copy, PartialEq)]
pub enum Effect {
    /// Probability of one order more within the window, before kind and channel change it.
    Orders(f64),
    Nothing,
    /// Probability that all orders of the window are lost.
    DrivesAway(f64),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Audience {
    Everyone,
    /// No order in this many days before.
    Lapsed(i64),
}

/// What makes up an always-on channel; it has no hold-out and causes nothing.
#[derive(Clone, Copy, PartialEq)]
pub struct AlwaysOn {
    /// Probability that an order is preceded by its touches.
    pub before_order: f64,
    /// Touches a year that lead nowhere.
    pub idle: f64,
    /// Whether the touch is a click or only shown, and whether the platform claims the order.
    pub clicks: bool,
    pub claims: bool,
}

pub struct Campaign {
    pub id: String,
    pub name: String,
    pub channel: &'static str,
    /// Index into [`CONTACTS`]; None for an always-on channel.
    pub contact: Option<usize>,
    pub always_on: Option<AlwaysOn>,
    pub objective: &'static str,
    /// Days since 1970.
    pub starts: i64,
    pub ends: i64,
    /// The announced hold-out, and the one that arrives: they differ where a fault in the delivery is planted.
    pub holdout: f64,
    pub arriving: f64,
    pub audience: Audience,
    /// Share of those who could be reached that is in the campaign.
    pub share: f64,
    pub waves: i64,
    /// Local hour of sending.
    pub hour: i64,
    pub effect: Effect,
    pub made_for: Option<usize>,
    /// Hundredths per contact and per day; whether a contact's cost is on the touch and not on the day.
    pub per_contact: i64,
    pub per_day: i64,
    pub cost_on_touch: bool,
    pub budget: i64,
    /// Whether every window has ended with the data.
    pub complete: bool,
}

impl Campaign {
    /// Probability of an order more for a treated person of this kind; 0 where the campaign does not add orders.
    pub fn extra_order(&self, kind: usize, best_channel: bool) -> f64 {
        let Effect::Orders(base) = self.effect else {
            return 0.0;
        };
        let fit = if self.made_for == Some(kind) { FITTING_KIND } else { 1.0 };
        let channel = if best_channel { BEST_CHANNEL.0 } else { BEST_CHANNEL.1 };
        base * ALL[kind].response * fit * channel
    }

    pub fn days(&self) -> usize {
        (self.ends - self.starts + 1) as usize
    }
}

/// All campaigns in the order of their start; costs grow with the number of customers.
pub fn campaigns(end: NaiveDate, customers: u64) -> Vec<Campaign> {
    let last = day_number(end);
    let mut campaigns = Vec::new();
    for (name, channel, always_on, per_contact) in ALWAYS_ON {
        campaigns.push(Campaign {
            id: String::new(),
            name: name.to_owned(),
            channel,
            contact: None,
            always_on: Some(always_on),
            objective: "acquisition",
            starts: last - 729,
            ends: last,
            holdout: 0.0,
            arriving: 0.0,
            audience: Audience::Everyone,
            share: 1.0,
            waves: 0,
            hour: 0,
            effect: Effect::Nothing,
            made_for: None,
            per_contact,
            per_day: 0,
            cost_on_touch: false,
            budget: 0,
            complete: true,
        });
    }
    for (draft, effects, yearly) in &YEARLY {
        for (start, effect) in last_two(*yearly, end).into_iter().zip(effects) {
            let mut campaign = planned(draft, *effect, day_number(start), last);
            campaign.name = format!("{} {}", draft.name, start.year());
            campaigns.push(campaign);
        }
    }
    for (index, (draft, effect, before)) in ONCE.iter().enumerate() {
        let mut campaign = planned(draft, *effect, last - before, last);
        match index {
            OUTDOOR_SEASON => campaign.made_for = Some(OUTDOOR_KIND),
            FAULTY => campaign.arriving = FAULTY_ARRIVES,
            WITHOUT_COST => (campaign.per_contact, campaign.per_day) = (0, 0),
            _ => {}
        }
        if draft.objective == "win_back" {
            campaign.audience = Audience::Lapsed(90);
        }
        campaigns.push(campaign);
    }
    campaigns.sort_by_key(|campaign| campaign.starts);
    for (index, campaign) in campaigns.iter_mut().enumerate() {
        campaign.id = format!("K{:02}", index + 1);
        if campaign.per_contact > 0 && campaign.contact.is_some() {
            campaign.per_day = (customers / 4) as i64;
        }
        campaign.budget = budget(campaign, customers);
    }
    campaigns
}

fn planned(draft: &Draft, effect: Effect, starts: i64, last: i64) -> Campaign {
    let ends = starts + 7 * (draft.waves - 1) + SEND_DAYS + 1;
    Campaign {
        id: String::new(),
        name: draft.name.to_owned(),
        channel: CONTACTS[draft.contact],
        contact: Some(draft.contact),
        always_on: None,
        objective: draft.objective,
        starts,
        ends,
        holdout: draft.holdout,
        arriving: draft.holdout,
        audience: Audience::Everyone,
        share: draft.share,
        waves: draft.waves,
        hour: draft.hour,
        effect,
        made_for: None,
        per_contact: PER_CONTACT[draft.contact],
        per_day: 0,
        cost_on_touch: draft.contact == SMS,
        budget: 0,
        complete: starts + SEND_DAYS + WINDOW_DAYS < last,
    }
}

/// The last two starts that leave at least five days of data, the older first.
fn last_two(yearly: Yearly, end: NaiveDate) -> Vec<NaiveDate> {
    let mut starts: Vec<NaiveDate> = (end.year() - 3..=end.year() + 1)
        .filter_map(|year| match yearly {
            Yearly::On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Yearly::BeforeNewYear(days) => chinese_new_year(year).map(|day| day - chrono::Duration::days(days)),
        })
        .filter(|&start| (end - start).num_days() >= 5)
        .collect();
    let surplus = starts.len().saturating_sub(2);
    starts.drain(..surplus);
    starts
}

/// What was planned: half of all customers could be reached, and a tenth on top; a whole number of hundreds.
fn budget(campaign: &Campaign, customers: u64) -> i64 {
    let people = customers as f64 * 0.5 * campaign.share * (1.0 - campaign.holdout);
    let contacts = match campaign.always_on {
        Some(on) => customers as f64 * (1.2 * on.idle + 6.0 * on.before_order),
        None => people * campaign.waves as f64,
    };
    let planned = 1.1 * contacts * campaign.per_contact as f64 + (campaign.days() as i64 * campaign.per_day) as f64;
    ((planned / 10_000.0).ceil() as i64) * 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_two_campaigns_whatever_the_end() {
        for ordinal in 1..=365 {
            let end = NaiveDate::from_yo_opt(2025, ordinal).unwrap();
            let campaigns = campaigns(end, 1_000);
            assert_eq!(campaigns.len(), 22);
            assert!(campaigns.iter().all(|campaign| campaign.starts <= day_number(end)));
            assert!(campaigns.iter().all(|campaign| campaign.starts > day_number(end) - 800));
            assert!(campaigns.iter().filter(|campaign| campaign.complete).count() >= 18);
        }
    }
}
