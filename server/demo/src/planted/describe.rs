//! Fills the description from the tables that the data was made from, and from what was counted.

use super::*;
use crate::Summary;
use crate::calendar::{FEASTS, GROWTH_PER_YEAR, HOURS, MARKETS, MONTHS, SIGN_UP_GROWTH, WEEKDAYS};
use crate::campaigns::{Audience, Campaign, Effect, WINDOW_DAYS};
use crate::catalogue::{PAIRS, PRODUCT_LINES, PRODUCTS_PER_LINE, season};
use crate::contacts::{OPENS_BEST_CHANNEL, OPENS_BEST_HOUR};
use crate::days::date_of;
use crate::kinds::{ALL, BANDS, CONTACTS, DRIVERS, GENDERS};
use crate::model::Model;
use crate::orders::{GONE_AFTER_FAST, GONE_AFTER_LATE, GONE_AFTER_SLOW, LATE, SLOW};
use crate::phrases::NEEDS;
use crate::places::COUNTRIES;
use crate::reviews::{LOST_STARS, WISHES};
use crate::tally::{Tally, Truth};

pub(crate) fn planted(model: &Model, tally: &Tally, summary: &Summary) -> Planted {
    Planted {
        format: FORMAT,
        seed: model.seed,
        customers: model.customers,
        first_day: date_of(model.calendar.first_day),
        end: date_of(model.calendar.last_day),
        files: summary.files.clone(),
        kinds: kinds(model, tally),
        campaigns: model
            .campaigns
            .iter()
            .zip(&tally.truths)
            .map(|(campaign, truth)| planted_campaign(campaign, truth))
            .collect(),
        drivers: drivers(),
        kind_drivers: kind_drivers(),
        associations: associations(model),
        product_lines: PRODUCT_LINES
            .iter()
            .enumerate()
            .map(|(index, line)| PlantedLine {
                category: line.name.to_owned(),
                refund_rate: line.refund_rate,
                months: (0..12).map(|month| season(index, month)).collect(),
            })
            .collect(),
        after_sales: AfterSales {
            late_share: LATE,
            slow_refund_share: SLOW,
            gone_after_slow_refund: GONE_AFTER_SLOW,
            gone_after_fast_refund: GONE_AFTER_FAST,
            gone_after_late_delivery: GONE_AFTER_LATE,
            delivered_orders: tally.delivered,
            refunded_orders: tally.refunds,
        },
        seasonality: Seasonality {
            growth_per_year: GROWTH_PER_YEAR,
            sign_up_growth_per_year: SIGN_UP_GROWTH,
            markets: (0..MARKETS.len()).map(market).collect(),
        },
        payments: payments(),
        contact: ContactHabits {
            channels: CONTACTS.map(str::to_owned).to_vec(),
            opens_best_channel: OPENS_BEST_CHANNEL,
            opens_best_hour: OPENS_BEST_HOUR,
        },
        reviews: PlantedReviews {
            lost_stars: LOST_STARS.iter().map(|&(why, stars)| (why.to_owned(), stars)).collect(),
            wish_share: WISHES,
            wishes: PRODUCT_LINES
                .iter()
                .zip(&NEEDS)
                .map(|(line, (key, [chinese, english]))| PlantedWish {
                    category: line.name.to_owned(),
                    key: (*key).to_owned(),
                    chinese: (*chinese).to_owned(),
                    english: (*english).to_owned(),
                })
                .collect(),
        },
    }
}

fn kinds(model: &Model, tally: &Tally) -> Vec<PlantedKind> {
    ALL.iter()
        .zip(tally.kinds)
        .map(|(kind, customers)| PlantedKind {
            key: kind.key.to_owned(),
            share: kind.share,
            customers,
            orders_per_year: kind.orders_per_year * model.scale,
            spread: kind.spread,
            leaving_per_year: kind.leaving,
            one_time_share: kind.one_time,
            never_share: kind.never,
            coupon_share: kind.coupon,
            refund_factor: kind.refunds,
            campaign_factor: kind.response,
        })
        .collect()
}

fn planted_campaign(campaign: &Campaign, truth: &Truth) -> PlantedCampaign {
    let planned = campaign.always_on.is_none();
    let (effect, lost) = match campaign.effect {
        Effect::Orders(_) => ("adds_orders", 0.0),
        Effect::Nothing => ("nothing", 0.0),
        Effect::DrivesAway(probability) => ("drives_away", probability),
    };
    PlantedCampaign {
        campaign_id: campaign.id.clone(),
        name: campaign.name.clone(),
        channel: campaign.channel.to_owned(),
        always_on: !planned,
        complete: campaign.complete,
        effect: effect.to_owned(),
        window_days: WINDOW_DAYS,
        holdout_share: planned.then_some(campaign.holdout),
        arriving_holdout_share: planned.then_some(campaign.arriving),
        lapsed_days: match campaign.audience {
            Audience::Lapsed(days) => Some(days),
            Audience::Everyone => None,
        },
        extra_order_probability: ALL
            .iter()
            .enumerate()
            .map(|(index, kind)| {
                (
                    kind.key.to_owned(),
                    (campaign.extra_order(index, true), campaign.extra_order(index, false)),
                )
            })
            .collect(),
        mean_extra_order_probability: share(truth.probability as f64 / 1e9, truth.treated),
        lost_window_probability: lost,
        truth: planned.then(|| campaign_truth(truth)),
    }
}

fn campaign_truth(truth: &Truth) -> CampaignTruth {
    let with = share(truth.ordered_with as f64, truth.treated);
    let without = share(truth.ordered_without as f64, truth.treated);
    let spend_with = share(truth.spend_with as f64 / 100.0, truth.treated);
    let spend_without = share(truth.spend_without as f64 / 100.0, truth.treated);
    CampaignTruth {
        treated: truth.treated,
        held_out: truth.held_out,
        extra_orders: truth.extra_orders,
        ordered_with: with,
        ordered_without: without,
        ordered_lift: with - without,
        spend_with,
        spend_without,
        spend_lift: spend_with - spend_without,
        ordered_lift_by_kind: ALL
            .iter()
            .zip(&truth.kinds)
            .map(|(kind, of)| (kind.key.to_owned(), share(of.gained as f64, of.treated)))
            .collect(),
    }
}

fn share(sum: f64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { sum / of as f64 }
}

fn drivers() -> Vec<PlantedDriver> {
    DRIVERS
        .iter()
        .map(|driver| PlantedDriver {
            category: PRODUCT_LINES[driver.line].name.to_owned(),
            age_bands: BANDS[driver.bands.0..=driver.bands.1]
                .iter()
                .map(|band| band.0.to_owned())
                .collect(),
            gender: driver.gender.map(|gender| GENDERS[gender].to_owned()),
            factor: driver.factor,
        })
        .collect()
}

fn kind_drivers() -> Vec<PlantedKindDriver> {
    ALL.iter()
        .flat_map(|kind| {
            kind.lines.iter().map(|&(line, factor)| PlantedKindDriver {
                category: PRODUCT_LINES[line].name.to_owned(),
                kind: kind.key.to_owned(),
                factor,
            })
        })
        .collect()
}

fn associations(model: &Model) -> Vec<PlantedPair> {
    let products = |(line, thing): (usize, usize)| -> Vec<String> {
        let first = line * PRODUCTS_PER_LINE + thing * 2;
        model.products[first..first + 2]
            .iter()
            .map(|product| product.id.clone())
            .collect()
    };
    PAIRS
        .iter()
        .map(|pair| PlantedPair {
            first: products(pair.first),
            second: products(pair.second),
            first_category: PRODUCT_LINES[pair.first.0].name.to_owned(),
            second_category: PRODUCT_LINES[pair.second.0].name.to_owned(),
            probability: pair.probability,
        })
        .collect()
}

fn market(index: usize) -> PlantedMarket {
    PlantedMarket {
        market: MARKETS[index].to_owned(),
        countries: COUNTRIES
            .iter()
            .filter(|country| country.market == index)
            .map(|country| country.name.to_owned())
            .collect(),
        months: MONTHS[index].to_vec(),
        weekdays: WEEKDAYS[index].to_vec(),
        hours: HOURS[index].to_vec(),
        feasts: FEASTS
            .iter()
            .filter(|feast| feast.market == index)
            .map(|feast| PlantedFeast {
                name: feast.name.to_owned(),
                month_day: feast.on,
                from: feast.from,
                to: feast.to,
                factor: feast.factor,
            })
            .collect(),
    }
}

fn payments() -> Vec<PlantedPayment> {
    COUNTRIES
        .iter()
        .flat_map(|country| {
            country.payments.iter().map(|&(method, young, older)| PlantedPayment {
                country: country.name.to_owned(),
                method: method.to_owned(),
                share_below_35: young,
                share_from_35: older,
            })
        })
        .collect()
}
