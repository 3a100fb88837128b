//! What campaigns do with one customer: who is contacted and who is held out, what is opened and clicked, and the orders that a
//! campaign adds or drives away.

use crate::campaigns::{Audience, Effect, SEND_DAYS, WINDOW_DAYS};
use crate::draw::{Draw, salted};
use crate::kinds::{APP_PUSH, EMAIL, SMS, SOCIAL, WECHAT};
use crate::model::Model;
use crate::orders::{self, Order};
use crate::people::Person;
use crate::rows::Rows;
use crate::tally::Tally;

pub const TOUCH_HEADER: &str = "customer_id,at,kind,campaign_id,channel,cost,value\n";

const DAY: i64 = 86_400;
const WINDOW: i64 = WINDOW_DAYS * DAY;
/// Mean delay of an order that a campaign caused.
const DELAY_DAYS: f64 = 8.0;
/// Factor on opening when a message comes through the best channel, and when it comes within two hours of the best hour.
pub const OPENS_BEST_CHANNEL: (f64, f64) = (1.8, 0.8);
pub const OPENS_BEST_HOUR: (f64, f64) = (1.4, 0.8);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TouchKind {
    Shown,
    Sent,
    Delivered,
    Opened,
    Clicked,
    Converted,
    HeldOut,
}

impl TouchKind {
    fn text(self) -> &'static str {
        match self {
            TouchKind::Shown => "shown",
            TouchKind::Sent => "sent",
            TouchKind::Delivered => "delivered",
            TouchKind::Opened => "opened",
            TouchKind::Clicked => "clicked",
            TouchKind::Converted => "converted",
            TouchKind::HeldOut => "held_out",
        }
    }
}

pub struct Touch {
    pub at: i64,
    pub kind: TouchKind,
    pub campaign: usize,
    /// Hundredths; 0 is left blank.
    pub cost: i64,
    pub value: i64,
}

impl Touch {
    /// A touch that costs and claims nothing.
    pub fn of(at: i64, kind: TouchKind, campaign: usize) -> Touch {
        Touch {
            at,
            kind,
            campaign,
            cost: 0,
            value: 0,
        }
    }
}

/// A customer in a planned campaign.
pub struct Joined {
    pub campaign: usize,
    /// The first touch, also of those held out.
    pub start: i64,
    pub treated: bool,
}

/// Shares of messages that arrive, are opened, and are clicked once opened; where nothing is opened, clicks are of those that arrive.
struct Manners {
    arrives: f64,
    opens: f64,
    clicks: f64,
}

fn manners(contact: usize) -> Manners {
    let (arrives, opens, clicks) = match contact {
        EMAIL => (0.97, 0.28, 0.15),
        SMS => (0.96, 0.0, 0.05),
        WECHAT => (0.99, 0.40, 0.18),
        APP_PUSH => (0.92, 0.17, 0.25),
        _ => (0.0, 0.0, 0.06),
    };
    Manners { arrives, opens, clicks }
}

/// Runs all planned campaigns in the order of their start: fills `touches` and `joined`, and changes `orders`.
pub fn plan(
    model: &Model,
    person: &Person,
    draw: &mut Draw,
    orders: &mut Vec<Order>,
    touches: &mut Vec<Touch>,
    joined: &mut Vec<Joined>,
) {
    for (index, campaign) in model.campaigns.iter().enumerate() {
        let Some(contact) = campaign.contact else {
            continue;
        };
        let Some(start) = first_contact(model, index, person, contact, orders) else {
            continue;
        };
        let treated = salted(model.seed, 2_000 + index as u64, person.number) >= campaign.arriving;
        joined.push(Joined {
            campaign: index,
            start,
            treated,
        });
        if !treated {
            touches.push(Touch::of(start, TouchKind::HeldOut, index));
            continue;
        }
        let answer = work(model, index, person, draw, start, orders);
        for wave in 0..campaign.waves {
            let at = start + wave * 7 * DAY;
            if at <= model.calendar.last_instant {
                let answer = answer.filter(|_| wave == 0);
                send(model, index, person, draw, (contact, at, answer), touches);
            }
        }
    }
}

/// When the first message goes out, or would, to somebody in the audience; None outside of it.
fn first_contact(model: &Model, index: usize, person: &Person, contact: usize, orders: &[Order]) -> Option<i64> {
    let campaign = &model.campaigns[index];
    if !person.consent
        || !person.reach[contact]
        || salted(model.seed, 1_000 + index as u64, person.number) >= campaign.share
    {
        return None;
    }
    let spread = salted(model.seed, 3_000 + index as u64, person.number) * SEND_DAYS as f64;
    let day = campaign.starts + spread as i64;
    let minute = (spread.fract() * 50.0 * 60.0) as i64;
    let start = day * DAY + campaign.hour * 3_600 + minute - person.offset();
    if person.signed_up >= start || start > model.calendar.last_instant {
        return None;
    }
    if let Audience::Lapsed(days) = campaign.audience {
        let recent = start - days * DAY..start;
        if orders
            .iter()
            .any(|order| order.counts() && order.lost_to.is_none() && recent.contains(&order.at))
        {
            return None;
        }
    }
    Some(start)
}

/// Applies the effect to a treated person; the moment of the order that the campaign caused, if it caused one.
fn work(
    model: &Model,
    index: usize,
    person: &Person,
    draw: &mut Draw,
    start: i64,
    orders: &mut Vec<Order>,
) -> Option<i64> {
    let campaign = &model.campaigns[index];
    if let Effect::DrivesAway(probability) = campaign.effect {
        if draw.chance(probability) {
            for order in orders
                .iter_mut()
                .filter(|order| (start..start + WINDOW).contains(&order.at))
            {
                order.lost_to.get_or_insert(index);
            }
        }
        return None;
    }
    let probability = campaign.extra_order(person.kind, campaign.contact == Some(person.contact));
    if !draw.chance(probability) {
        return None;
    }
    let at = moment(model, person, draw, start);
    if at > model.calendar.last_instant {
        return None;
    }
    let mut order = orders::make(model, person, draw, at, false, true);
    order.caused_by = Some(index);
    let place = orders.partition_point(|other| other.at <= at);
    orders.insert(place, order);
    Some(at)
}

/// A moment in the window after `start`, soon rather than late, at an hour of the person's own.
fn moment(model: &Model, person: &Person, draw: &mut Draw, start: i64) -> i64 {
    let window = WINDOW_DAYS as f64;
    let within = 1.0 - (-window / DELAY_DAYS).exp();
    let delay = -DELAY_DAYS * (1.0 - draw.unit() * within).ln();
    let raw = start + ((delay * DAY as f64) as i64).clamp(600, WINDOW - 1);
    let local_day = (raw + person.offset()).div_euclid(DAY);
    let second = model
        .calendar
        .second_of_day(person.market(), person.rhythm, draw.unit());
    let fitting = local_day * DAY + second - person.offset();
    if (start + 600..start + WINDOW).contains(&fitting) {
        fitting
    } else {
        raw
    }
}

/// One message and what the person does with it. With an `answer`, the order that followed came through this message more often
/// than not.
fn send(
    model: &Model,
    index: usize,
    person: &Person,
    draw: &mut Draw,
    (contact, at, answer): (usize, i64, Option<i64>),
    touches: &mut Vec<Touch>,
) {
    let campaign = &model.campaigns[index];
    let manners = manners(contact);
    let mut push = |at: i64, kind: TouchKind, cost: i64| {
        if at <= model.calendar.last_instant {
            touches.push(Touch {
                cost,
                ..Touch::of(at, kind, index)
            });
        }
    };
    let cost = if campaign.cost_on_touch {
        campaign.per_contact
    } else {
        0
    };
    push(
        at,
        if contact == SOCIAL {
            TouchKind::Shown
        } else {
            TouchKind::Sent
        },
        cost,
    );
    let through = answer.filter(|_| draw.chance(0.7));
    if contact != SOCIAL {
        if through.is_none() && !draw.chance(manners.arrives) {
            return;
        }
        push(at + draw.between(2, 240), TouchKind::Delivered, 0);
    }
    if let Some(order) = through {
        let opened = order - draw.between(60, 280);
        if manners.opens > 0.0 {
            push(opened, TouchKind::Opened, 0);
        }
        push(opened + draw.between(5, 50), TouchKind::Clicked, 0);
        return;
    }
    let best = if contact == person.contact {
        OPENS_BEST_CHANNEL.0
    } else {
        OPENS_BEST_CHANNEL.1
    };
    let near = (campaign.hour - person.best_hour()).abs() <= 2;
    let timely = if near { OPENS_BEST_HOUR.0 } else { OPENS_BEST_HOUR.1 };
    let seen = answer_time(person, draw, at, near);
    if manners.opens > 0.0 {
        if !draw.chance(manners.opens * best * timely) {
            return;
        }
        push(seen, TouchKind::Opened, 0);
        if draw.chance(manners.clicks) {
            push(seen + draw.between(5, 120), TouchKind::Clicked, 0);
        }
    } else if draw.chance(manners.clicks * best * timely) {
        push(seen, TouchKind::Clicked, 0);
    }
}

/// Soon when the hour suits, otherwise mostly at the next best hour.
fn answer_time(person: &Person, draw: &mut Draw, at: i64, near: bool) -> i64 {
    if draw.chance(if near { 0.8 } else { 0.35 }) {
        return at + 250 + (draw.exponential() * 3_600.0) as i64;
    }
    let local = at + 300 + person.offset();
    let today = local.div_euclid(DAY) * DAY + person.best_hour() * 3_600;
    let next = if today > local { today } else { today + DAY };
    next - person.offset() + draw.between(0, 5_400)
}

pub fn write(model: &Model, person: &Person, touch: &Touch, rows: &mut Rows, tally: &mut Tally) {
    let campaign = &model.campaigns[touch.campaign];
    rows.id(b'C', person.id)
        .instant(&model.days, touch.at)
        .text(touch.kind.text())
        .text(&campaign.id)
        .text(campaign.channel);
    for amount in [touch.cost, touch.value] {
        if amount > 0 {
            rows.money(amount);
        } else {
            rows.blank();
        }
    }
    rows.end();
    let day = (touch.at.div_euclid(DAY) - campaign.starts).clamp(0, campaign.days() as i64 - 1) as usize;
    match touch.kind {
        TouchKind::Sent | TouchKind::Shown => tally.days[touch.campaign][day].contacts += 1,
        TouchKind::Clicked => tally.days[touch.campaign][day].clicks += 1,
        TouchKind::Converted => tally.days[touch.campaign][day].claims += 1,
        _ => {}
    }
}
