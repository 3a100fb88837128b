//! Touches of the channels that always run: mostly of people who were about to order anyway, so that they look good and cause
//! nothing.

use crate::campaigns::AlwaysOn;
use crate::contacts::{Touch, TouchKind};
use crate::draw::Draw;
use crate::model::Model;
use crate::orders::{Activity, Order};
use crate::people::Person;
use std::ops::Range;

const DAY: i64 = 86_400;

/// Touches of the always-on channels: mostly of people who were about to order anyway.
pub fn always_on(
    model: &Model,
    person: &Person,
    draw: &mut Draw,
    activity: &Activity,
    orders: &[Order],
    touches: &mut Vec<Touch>,
) {
    for (index, campaign) in model.campaigns.iter().enumerate() {
        let Some(on) = campaign.always_on else {
            continue;
        };
        let begins = campaign.starts * DAY;
        for order in orders.iter().filter(|order| order.at > begins + 6 * DAY) {
            if draw.chance(on.before_order) {
                before_order(draw, index, &on, order, touches);
            }
        }
        let (from, until) = (
            begins.max(person.signed_up),
            activity.until.min(model.calendar.last_instant),
        );
        idle(draw, index, &on, from..until, touches);
    }
}

fn before_order(draw: &mut Draw, index: usize, on: &AlwaysOn, order: &Order, touches: &mut Vec<Touch>) {
    let at = order.at - draw.between(120, 5 * DAY);
    if on.clicks {
        let clicked = if draw.chance(0.6) {
            order.at - draw.between(90, 3_600)
        } else {
            at
        };
        touches.push(Touch::of(clicked, TouchKind::Clicked, index));
        if on.claims && order.counts() {
            touches.push(Touch {
                value: order.total,
                ..Touch::of(order.at + 1, TouchKind::Converted, index)
            });
        }
    } else {
        touches.push(Touch::of(at, TouchKind::Shown, index));
    }
}

fn idle(draw: &mut Draw, index: usize, on: &AlwaysOn, span: Range<i64>, touches: &mut Vec<Touch>) {
    let mut at = span.start;
    loop {
        at += (draw.exponential() / on.idle * 365.25 * DAY as f64) as i64;
        if at >= span.end {
            return;
        }
        let kind = if on.clicks {
            TouchKind::Clicked
        } else {
            TouchKind::Shown
        };
        touches.push(Touch::of(at, kind, index));
    }
}
