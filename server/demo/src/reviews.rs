//! Reviews of delivered orders: stars around the product's own quality, pulled down by late parcels and slow refunds, and a text
//! in the customer's language that says why. Wishes are planted by product line.

use crate::catalogue::PRODUCTS_PER_LINE;
use crate::draw::Draw;
use crate::kinds::ALL;
use crate::model::Model;
use crate::orders::Order;
use crate::people::Person;
use crate::phrases::{ASPECTS, COMPLAINTS, DELIVERY, JOINTS, NEEDS, OPENINGS, PRAISE, QUALITY, SERVICE};
use crate::rows::Rows;

pub const REVIEW_HEADER: &str = "review_id,customer_id,product_id,order_id,rating,text,at\n";

const DAY: i64 = 86_400;
/// Stars lost to a late parcel, a slow refund, a fast one.
pub const LOST_STARS: [(&str, f64); 3] = [("late_delivery", 1.3), ("slow_refund", 2.0), ("fast_refund", 0.7)];
/// Share of reviews that name the wish of their product line, and share without stars.
pub const WISHES: f64 = 0.18;
pub const WITHOUT_STARS: f64 = 0.04;

/// Writes the review of an order, if there is one.
pub fn review(model: &Model, person: &Person, draw: &mut Draw, order: &Order, text: &mut String, rows: &mut Rows) {
    let Some(delivered) = order.delivered_at else {
        return;
    };
    if !draw.chance(ALL[person.kind].reviews) {
        return;
    }
    let at = order.refunded_at.unwrap_or(delivered) + draw.between(DAY / 2, 14 * DAY);
    if at > model.calendar.last_instant {
        return;
    }
    let product = order.lines()[0].product;
    let cause = match order.refunded_at {
        Some(_) if order.slow => Some((SERVICE, LOST_STARS[1].1)),
        Some(_) => Some((QUALITY, LOST_STARS[2].1)),
        None if order.late => Some((DELIVERY, LOST_STARS[0].1)),
        None => None,
    };
    let lost = cause.map_or(0.0, |(_, stars)| stars);
    let stars = (model.products[product].quality + 0.3 - lost + 0.8 * draw.normal())
        .round()
        .clamp(1.0, 5.0) as u64;
    compose(
        person,
        draw,
        product / PRODUCTS_PER_LINE,
        (stars, cause.map(|(aspect, _)| aspect)),
        text,
    );
    rows.nested_id(b'R', person.id, order.index)
        .id(b'C', person.id)
        .text(&model.products[product].id);
    rows.nested_id(b'O', person.id, order.index);
    if draw.chance(WITHOUT_STARS) {
        rows.blank();
    } else {
        rows.whole(stars);
    }
    rows.quoted(text).instant(&model.days, at).end();
}

/// Opening, one or two reasons, perhaps a turn, perhaps a wish.
fn compose(person: &Person, draw: &mut Draw, line: usize, (stars, cause): (u64, Option<usize>), text: &mut String) {
    let language = person.language();
    let [joint, turn, stop] = JOINTS[language];
    let mood = match stars {
        1 | 2 => 0,
        3 => 1,
        _ => 2,
    };
    text.clear();
    text.push_str(OPENINGS[language][mood][draw.below(3)]);
    let mut push = |link: &str, fragment: &str| {
        if !text.is_empty() {
            text.push_str(link);
        }
        text.push_str(fragment);
    };
    let praised = draw.below(ASPECTS.len());
    let blamed = cause.unwrap_or_else(|| draw.below(ASPECTS.len()));
    let praise = PRAISE[language][praised][draw.below(4)];
    let complaint = COMPLAINTS[language][blamed][draw.below(4)];
    match mood {
        0 => push(joint, complaint),
        1 => {
            push(joint, praise);
            push(turn, complaint);
        }
        _ => {
            push(joint, praise);
            if draw.chance(0.4) {
                push(joint, PRAISE[language][(praised + 1) % ASPECTS.len()][draw.below(4)]);
            }
            if cause.is_some() {
                push(turn, complaint);
            }
        }
    }
    if draw.chance(WISHES) {
        push(joint, NEEDS[line].1[language]);
    }
    text.push_str(stop);
}
