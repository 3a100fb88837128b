//! A customer's own orders: when, what, how paid, how delivered, and what came back. A slow refund or a late parcel may end the
//! relation; nothing here depends on a campaign.

use crate::calendar::CHINA;
use crate::catalogue::{PRODUCT_LINES, PRODUCTS_PER_LINE};
use crate::draw::Draw;
use crate::kinds::ALL;
use crate::model::Model;
use crate::people::Person;
use crate::places::COUNTRIES;
use crate::rows::Rows;

pub const ORDER_HEADER: &str = "order_id,customer_id,ordered_at,total,status,payment_method,channel,city,coupon,discount,shipping,\
refund_amount,refunded_at,delivered_at\n";
pub const LINE_HEADER: &str = "order_id,line_id,product_id,quantity,unit_price\n";

/// Share of orders that are cancelled or never paid, share of parcels that come late, and how often half of all lines of a
/// basket come from a favourite product line.
pub const CANCELLED: f64 = 0.025;
pub const UNPAID: f64 = 0.015;
pub const LATE: f64 = 0.06;
pub const FROM_FAVOURITES: f64 = 0.5;
/// Share of refunds that take 12 to 28 days from the request and not 1 to 4.
pub const SLOW: f64 = 0.3;
/// Probability that a customer never comes back after a slow refund, a fast one, a late parcel.
pub const GONE_AFTER_SLOW: f64 = 0.4;
pub const GONE_AFTER_FAST: f64 = 0.08;
pub const GONE_AFTER_LATE: f64 = 0.1;

const COUPONS: [(&str, i64); 5] = [
    ("", 0),
    ("WELCOME10", 10),
    ("SAVE10", 10),
    ("SAVE20", 20),
    ("NOV15", 15),
];
const DAY: i64 = 86_400;
const MOST_LINES: usize = 8;

#[derive(Clone, Copy, Default)]
pub struct Line {
    pub product: usize,
    pub quantity: i64,
    pub unit_price: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    #[default]
    Placed,
    Paid,
    Shipped,
    Delivered,
    Returned,
    Cancelled,
    Unpaid,
}

impl Status {
    fn text(self) -> &'static str {
        match self {
            Status::Placed => "placed",
            Status::Paid => "paid",
            Status::Shipped => "shipped",
            Status::Delivered => "delivered",
            Status::Returned => "returned",
            Status::Cancelled => "cancelled",
            Status::Unpaid => "unpaid",
        }
    }
}

/// Amounts in hundredths, times in seconds UTC.
#[derive(Clone, Default)]
pub struct Order {
    pub at: i64,
    /// Index in the file; given out once all orders are known.
    pub index: u64,
    lines: [Line; MOST_LINES],
    line_count: usize,
    pub channel: usize,
    payment: usize,
    city: usize,
    coupon: usize,
    discount: i64,
    shipping: i64,
    pub total: i64,
    pub status: Status,
    pub delivered_at: Option<i64>,
    pub late: bool,
    pub refund: i64,
    pub refunded_at: Option<i64>,
    pub slow: bool,
    /// Campaign index that this order would not exist without.
    pub caused_by: Option<usize>,
    /// Campaign index that drove this order away: it is not written.
    pub lost_to: Option<usize>,
}

impl Order {
    pub fn lines(&self) -> &[Line] {
        &self.lines[..self.line_count]
    }

    pub fn counts(&self) -> bool {
        !matches!(self.status, Status::Cancelled | Status::Unpaid)
    }

    /// Whether the customer may stay away because of this order, and from when.
    fn last_straw(&self, draw: &mut Draw) -> Option<i64> {
        let (probability, from) = match (self.refunded_at, self.delivered_at) {
            (Some(at), _) if self.slow => (GONE_AFTER_SLOW, at),
            (Some(at), _) => (GONE_AFTER_FAST, at),
            (None, Some(at)) if self.late => (GONE_AFTER_LATE, at),
            _ => return None,
        };
        draw.chance(probability).then_some(from)
    }

    fn add(&mut self, line: Line) {
        if self.line_count < MOST_LINES {
            self.lines[self.line_count] = line;
            self.line_count += 1;
        }
    }
}

/// How lively a customer was: what browsing is drawn from.
pub struct Activity {
    /// Orders a warped year while active; 0 for those who never order.
    pub rate: f64,
    /// Warped time at which it began.
    pub from: f64,
    /// The moment after which the customer is gone; past the end for those who are not.
    pub until: i64,
}

/// Appends the customer's own orders in the order of time, and moves the sign-up before the first of them.
pub fn own_orders(model: &Model, person: &mut Person, draw: &mut Draw, orders: &mut Vec<Order>) -> Activity {
    let kind = &ALL[person.kind];
    let calendar = &model.calendar;
    let market = person.market();
    let never = draw.chance(kind.never);
    let one_time = draw.chance(kind.one_time) && !person.before;
    let first_day = if person.before {
        calendar.first_day
    } else {
        (person.signed_up + person.offset()).div_euclid(DAY)
    };
    let hazard = kind.leaving * draw.gamma(2.0);
    let days = draw.exponential() / hazard.max(1e-6) * 365.25;
    let mut activity = Activity {
        rate: kind.orders_per_year * model.scale * draw.gamma(kind.spread),
        from: calendar.warp(market, first_day),
        until: ((first_day as f64 + days.min(1e6)) * DAY as f64) as i64,
    };
    if never {
        activity.rate = 0.0;
        activity.until = activity.until.min(person.signed_up + 60 * DAY);
        return activity;
    }
    let mut hint = 0;
    let mut at = activity.from;
    loop {
        // New customers come because they want something: their first order follows within days.
        let first = orders.is_empty() && !person.before;
        at += draw.exponential() * if first { 0.008 } else { 1.0 / activity.rate.max(1e-6) };
        let Some((day, second)) = calendar.unwarp(market, person.rhythm, at, &mut hint) else {
            break;
        };
        let instant = day * DAY + second - person.offset();
        if !first && instant > activity.until {
            break;
        }
        if first && instant <= person.signed_up {
            person.signed_up = instant - draw.between(120, 3_600);
        }
        let order = make(model, person, draw, instant, orders.is_empty() && !person.before, false);
        if let Some(gone) = order.last_straw(draw) {
            activity.until = activity.until.min(gone);
        }
        orders.push(order);
        if first && one_time {
            activity.until = instant;
            break;
        }
    }
    activity
}

/// One order at a given moment. `certain`: it is neither cancelled nor left unpaid.
pub fn make(model: &Model, person: &Person, draw: &mut Draw, at: i64, first: bool, certain: bool) -> Order {
    let local_day = (at + person.offset()).div_euclid(DAY);
    let month = model.calendar.month(local_day);
    let mut order = Order {
        at,
        city: person.city,
        ..Order::default()
    };
    fill_basket(model, person, draw, local_day, month, &mut order);
    choose_habits(model, person, draw, &mut order);
    price(person, draw, month, first, &mut order);
    deliver(model, person, draw, certain, &mut order);
    refund(model, person, draw, &mut order);
    order
}

fn fill_basket(model: &Model, person: &Person, draw: &mut Draw, local_day: i64, month: usize, order: &mut Order) {
    let kind = &ALL[person.kind];
    let years = (local_day - model.calendar.first_day) as f64 / 365.25;
    // Prices rise by two per cent a year, and are cut in November.
    let level = (1.0 + 0.02 * years) * if month == 10 { 0.93 } else { 1.0 };
    let put = |draw: &mut Draw, order: &mut Order, product: usize| {
        let most = PRODUCT_LINES[product / PRODUCTS_PER_LINE].pieces;
        let quantity = if most > 1 && draw.chance(0.25) {
            draw.between(2, most)
        } else {
            1
        };
        let unit_price = (model.products[product].price as f64 * level / 5.0).round() as i64 * 5;
        order.add(Line {
            product,
            quantity,
            unit_price,
        });
    };
    loop {
        let line = if draw.chance(FROM_FAVOURITES) {
            person.favourites[draw.below(2)]
        } else {
            draw.pick(model.line_weights(person.kind, person.band, person.gender, month))
        };
        let product = line * PRODUCTS_PER_LINE + draw.pick(model.good_weights(line, kind.taste));
        put(draw, order, product);
        if let Some((joined, probability)) = model.joins[product]
            && draw.chance(probability)
        {
            let variant = draw.below(2);
            put(draw, order, joined + variant);
        }
        if order.line_count >= MOST_LINES - 1 || !draw.chance(kind.more_lines) {
            break;
        }
    }
}

fn choose_habits(model: &Model, person: &Person, draw: &mut Draw, order: &mut Order) {
    let place = &model.places[person.country];
    let older = usize::from(person.band >= 3);
    order.channel = if draw.chance(0.75) {
        person.channel
    } else {
        draw.pick(&place.channels[older])
    };
    order.payment = if draw.chance(0.85) {
        person.payment
    } else {
        draw.pick(&place.payments[older])
    };
    if draw.chance(0.06) {
        order.city = draw.pick(&place.cities);
    }
}

fn price(person: &Person, draw: &mut Draw, month: usize, first: bool, order: &mut Order) {
    let november = month == 10 && person.market() == CHINA;
    let sum: i64 = order.lines().iter().map(|line| line.quantity * line.unit_price).sum();
    if draw.chance(ALL[person.kind].coupon * if november { 1.3 } else { 1.0 }) {
        order.coupon = match (first, month == 10) {
            (true, _) => 1,
            (false, true) => 4,
            (false, false) => 2 + draw.below(2),
        };
    }
    order.discount = sum * COUPONS[order.coupon].1 / 100;
    let paid = sum - order.discount;
    order.shipping = if in_store(person, order) || paid >= 4_900 {
        0
    } else {
        490
    };
    order.total = paid + order.shipping;
}

fn in_store(person: &Person, order: &Order) -> bool {
    COUNTRIES[person.country].channels[order.channel].0 == "store"
}

fn deliver(model: &Model, person: &Person, draw: &mut Draw, certain: bool, order: &mut Order) {
    let fate = draw.unit();
    if !certain && fate < CANCELLED + UNPAID {
        order.status = if fate < CANCELLED {
            Status::Cancelled
        } else {
            Status::Unpaid
        };
        return;
    }
    let (least, most) = COUNTRIES[person.country].delivery;
    let mut delivered = order.at;
    if !in_store(person, order) {
        delivered += draw.between(least * DAY, most * DAY);
        if draw.chance(LATE) {
            order.late = true;
            delivered += draw.between(6 * DAY, 14 * DAY);
        }
    }
    if delivered <= model.calendar.last_instant {
        order.status = Status::Delivered;
        order.delivered_at = Some(delivered);
    } else if order.at + DAY < model.calendar.last_instant {
        order.status = Status::Shipped;
    } else {
        order.status = if draw.chance(0.8) { Status::Paid } else { Status::Placed };
    }
}

/// Depends on the product line of the first line, which is what most people send back.
fn refund(model: &Model, person: &Person, draw: &mut Draw, order: &mut Order) {
    let Some(delivered) = order.delivered_at else {
        return;
    };
    let first = order.lines[0];
    let rate = PRODUCT_LINES[first.product / PRODUCTS_PER_LINE].refund_rate * ALL[person.kind].refunds;
    if !draw.chance(rate) {
        return;
    }
    let asked = delivered + draw.between(DAY / 4, 7 * DAY);
    let slow = draw.chance(SLOW);
    let paid = asked
        + if slow {
            draw.between(12 * DAY, 28 * DAY)
        } else {
            draw.between(DAY, 4 * DAY)
        };
    if paid > model.calendar.last_instant {
        return;
    }
    order.slow = slow;
    order.refunded_at = Some(paid);
    if order.line_count == 1 || draw.chance(0.4) {
        order.status = Status::Returned;
        order.refund = order.total;
    } else {
        order.refund = first.quantity * first.unit_price * (100 - COUPONS[order.coupon].1) / 100;
    }
}

pub fn write(model: &Model, person: &Person, order: &Order, orders: &mut Rows, lines: &mut Rows) {
    let country = &COUNTRIES[person.country];
    orders
        .nested_id(b'O', person.id, order.index)
        .id(b'C', person.id)
        .instant(&model.days, order.at)
        .money(order.total);
    orders.text(order.status.text());
    orders
        .text(country.payments[order.payment].0)
        .text(country.channels[order.channel].0)
        .text(country.cities[order.city].0);
    orders.text(COUPONS[order.coupon].0);
    if order.discount > 0 {
        orders.money(order.discount);
    } else {
        orders.blank();
    }
    orders.money(order.shipping);
    if let Some(at) = order.refunded_at {
        orders.money(order.refund).instant(&model.days, at);
    } else {
        orders.blank().blank();
    }
    if let Some(at) = order.delivered_at {
        orders.instant(&model.days, at);
    } else {
        orders.blank();
    }
    orders.end();
    for (number, line) in order.lines().iter().enumerate() {
        lines
            .nested_id(b'O', person.id, order.index)
            .whole(number as u64 + 1)
            .text(&model.products[line.product].id);
        lines.whole(line.quantity as u64).money(line.unit_price).end();
    }
}
