//! What a customer does between orders: looks that lead to an order, browsing that leads nowhere, visits after a click, and calls
//! to the service desk. Browsing stops with the customer: the quiet before a loss can be seen.

use crate::calendar::CHINA;
use crate::catalogue::{PRODUCT_LINES, PRODUCTS_PER_LINE};
use crate::contacts::{Touch, TouchKind};
use crate::draw::Draw;
use crate::kinds::ALL;
use crate::model::Model;
use crate::orders::{Activity, Order, Status};
use crate::people::Person;
use crate::places::COUNTRIES;
use crate::rows::Rows;

pub const INTERACTION_HEADER: &str = "customer_id,at,kind,channel,subject,category,session\n";

const DAY: i64 = 86_400;
/// Share of orders whose way from the search to the cart is known.
const SEEN: f64 = 0.5;
/// Visits without an order, per order; and visits a year of those who never order.
const IDLE_VISITS: f64 = 0.32;
const LOOKERS: f64 = 3.0;
/// Share of clicks on messages after which a look is known.
const LOOKS_AFTER_CLICK: f64 = 0.6;

#[derive(Clone, Copy)]
enum What {
    View,
    Search,
    Cart,
    Favourite,
    Share,
    ServiceCall,
}

impl What {
    fn text(self) -> &'static str {
        match self {
            What::View => "view",
            What::Search => "search",
            What::Cart => "cart",
            What::Favourite => "favourite",
            What::Share => "share",
            What::ServiceCall => "service_call",
        }
    }
}

#[derive(Clone, Copy)]
enum Subject {
    Product(usize),
    Line(usize),
    Topic(&'static str),
}

pub struct Interaction {
    pub at: i64,
    what: What,
    subject: Subject,
    /// Index into the country's shop channels.
    channel: usize,
    session: u64,
}

/// Everything that customer did, not yet in the order of time.
pub fn interactions(
    model: &Model,
    person: &Person,
    draw: &mut Draw,
    activity: &Activity,
    (orders, touches): (&[Order], &[Touch]),
    done: &mut Vec<Interaction>,
) {
    let mut sessions = 0;
    for order in orders.iter().filter(|order| order.lost_to.is_none()) {
        if draw.chance(SEEN) {
            sessions += 1;
            before_order(draw, order, sessions, done);
        }
        if let Some((at, topic)) = trouble(draw, order)
            && at <= model.calendar.last_instant
        {
            sessions += 1;
            done.push(Interaction {
                at,
                what: What::ServiceCall,
                subject: Subject::Topic(topic),
                channel: order.channel,
                session: sessions,
            });
        }
    }
    browse(model, person, draw, activity, &mut sessions, done);
    for touch in touches.iter().filter(|touch| touch.kind == TouchKind::Clicked) {
        if draw.chance(LOOKS_AFTER_CLICK) && touch.at + 60 <= model.calendar.last_instant {
            sessions += 1;
            let product = interest(model, person, draw, touch.at);
            let at = touch.at + draw.between(3, 60);
            done.push(Interaction {
                at,
                what: What::View,
                subject: Subject::Product(product),
                channel: person.channel,
                session: sessions,
            });
        }
    }
}

/// Search, look, put into the cart: within the hour, or days before.
fn before_order(draw: &mut Draw, order: &Order, session: u64, done: &mut Vec<Interaction>) {
    let product = order.lines()[0].product;
    let ahead = if draw.chance(0.65) {
        draw.between(240, 3_600)
    } else {
        draw.between(3_600, 4 * DAY)
    };
    let mut at = order.at - ahead;
    let mut push = |draw: &mut Draw, what: What, subject: Subject| {
        done.push(Interaction {
            at,
            what,
            subject,
            channel: order.channel,
            session,
        });
        at += draw.between(15, 50);
    };
    if draw.chance(0.35) {
        push(draw, What::Search, Subject::Line(product / PRODUCTS_PER_LINE));
    }
    push(draw, What::View, Subject::Product(product));
    if draw.chance(0.08) {
        push(draw, What::Favourite, Subject::Product(product));
    }
    if draw.chance(0.55) {
        push(draw, What::Cart, Subject::Product(product));
    }
}

/// Most calls follow a slow refund, a late parcel, or a return.
fn trouble(draw: &mut Draw, order: &Order) -> Option<(i64, &'static str)> {
    let delivered = order.delivered_at?;
    let (probability, at, topic) = match order.refunded_at {
        Some(paid) if order.slow => (0.6, paid - draw.between(DAY, 8 * DAY), "refund_late"),
        Some(paid) => (0.15, paid - draw.between(3_600, 20 * 3_600), "refund"),
        None if order.late => (0.4, delivered - draw.between(DAY, 4 * DAY), "delivery_late"),
        None => (0.015, delivered + draw.between(3_600, 5 * DAY), "product_question"),
    };
    (order.status != Status::Placed && draw.chance(probability)).then_some((at, topic))
}

fn browse(
    model: &Model,
    person: &Person,
    draw: &mut Draw,
    activity: &Activity,
    sessions: &mut u64,
    done: &mut Vec<Interaction>,
) {
    let rate = if activity.rate > 0.0 {
        activity.rate * IDLE_VISITS
    } else {
        LOOKERS
    };
    let mut hint = 0;
    let mut at = activity.from;
    loop {
        at += draw.exponential() / rate;
        let Some((day, second)) = model.calendar.unwarp(person.market(), person.rhythm, at, &mut hint) else {
            return;
        };
        let instant = day * DAY + second - person.offset();
        if instant > activity.until {
            return;
        }
        if instant <= person.signed_up {
            continue;
        }
        *sessions += 1;
        let product = interest(model, person, draw, instant);
        let what = match draw.unit() {
            u if u < 0.66 => What::View,
            u if u < 0.78 => What::Search,
            u if u < 0.87 => What::Cart,
            u if u < 0.95 => What::Favourite,
            _ => What::Share,
        };
        let subject = match what {
            What::Search => Subject::Line(product / PRODUCTS_PER_LINE),
            _ => Subject::Product(product),
        };
        done.push(Interaction {
            at: instant,
            what,
            subject,
            channel: person.channel,
            session: *sessions,
        });
    }
}

/// A product that this person would look at.
fn interest(model: &Model, person: &Person, draw: &mut Draw, at: i64) -> usize {
    let line = if draw.chance(0.5) {
        person.favourites[draw.below(2)]
    } else {
        let month = model.calendar.month((at + person.offset()).div_euclid(DAY));
        draw.pick(model.line_weights(person.kind, person.band, person.gender, month))
    };
    line * PRODUCTS_PER_LINE + draw.pick(model.good_weights(line, ALL[person.kind].taste))
}

pub fn write(model: &Model, person: &Person, interaction: &Interaction, rows: &mut Rows) {
    let country = &COUNTRIES[person.country];
    rows.id(b'C', person.id)
        .instant(&model.days, interaction.at)
        .text(interaction.what.text());
    match interaction.subject {
        Subject::Topic(topic) => {
            rows.text(if person.market() == CHINA { "chat" } else { "phone" })
                .text(topic)
                .blank();
        }
        Subject::Product(product) => {
            let line = &PRODUCT_LINES[product / PRODUCTS_PER_LINE];
            rows.text(country.channels[interaction.channel].0)
                .text(&model.products[product].id)
                .text(line.name);
        }
        Subject::Line(line) => {
            let line = &PRODUCT_LINES[line];
            rows.text(country.channels[interaction.channel].0)
                .text(line.searched[person.language()])
                .text(line.name);
        }
    }
    rows.nested_id(b'V', person.id, interaction.session).end();
}
