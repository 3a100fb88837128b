//! One block of customers from beginning to end, as the text of every file: the unit that threads hand over.

use crate::always_on;
use crate::contacts::{self, Joined, Touch};
use crate::draw::Draw;
use crate::interactions::{self, Interaction};
use crate::kinds::ALL;
use crate::model::Model;
use crate::orders::{self, Order};
use crate::people::Person;
use crate::reviews;
use crate::rows::Rows;
use crate::tally::Tally;
use std::ops::Range;

/// Customers in a block: about a megabyte of text.
pub const BLOCK: u64 = 256;

/// The files whose rows belong to a customer, in the order of [`Block::rows`].
pub const CUSTOMERS: usize = 0;
pub const ORDERS: usize = 1;
pub const LINES: usize = 2;
pub const INTERACTIONS: usize = 3;
pub const TOUCHES: usize = 4;
pub const REVIEWS: usize = 5;
pub const PLANTED: usize = 6;
pub const FILES: usize = 7;

#[derive(Default)]
pub struct Block {
    pub rows: [Rows; FILES],
}

/// Reused between customers, so that a customer costs no allocation beyond its name.
#[derive(Default)]
pub struct Scratch {
    orders: Vec<Order>,
    touches: Vec<Touch>,
    joined: Vec<Joined>,
    interactions: Vec<Interaction>,
    text: String,
}

impl Block {
    pub fn fill(&mut self, model: &Model, numbers: Range<u64>, scratch: &mut Scratch, tally: &mut Tally) {
        for rows in &mut self.rows {
            rows.clear();
        }
        for number in numbers {
            self.add(model, number, scratch, tally);
        }
    }

    fn add(&mut self, model: &Model, number: u64, scratch: &mut Scratch, tally: &mut Tally) {
        let Scratch {
            orders,
            touches,
            joined,
            interactions: done,
            text,
        } = scratch;
        orders.clear();
        touches.clear();
        joined.clear();
        done.clear();
        let mut draw = Draw::of(model.seed, number);
        let mut person = Person::new(model, number, &mut draw);
        let activity = orders::own_orders(model, &mut person, &mut draw, orders);
        contacts::plan(model, &person, &mut draw, orders, touches, joined);
        tally.count_truth(model, &person, orders, joined);
        orders.retain(|order| order.lost_to.is_none());
        for (order, index) in orders.iter_mut().zip(1..) {
            order.index = index;
        }
        always_on::always_on(model, &person, &mut draw, &activity, orders, touches);
        interactions::interactions(model, &person, &mut draw, &activity, (orders, touches), done);
        // Rows of one moment keep a fixed order: the sorts are stable.
        touches.sort_by_key(|touch| touch.at);
        done.sort_by_key(|interaction| interaction.at);

        let [
            customer_rows,
            order_rows,
            line_rows,
            interaction_rows,
            touch_rows,
            review_rows,
            planted_rows,
        ] = &mut self.rows;
        person.write(model, &mut draw, customer_rows);
        for order in orders.iter() {
            orders::write(model, &person, order, order_rows, line_rows);
            reviews::review(model, &person, &mut draw, order, text, review_rows);
            tally.delivered += u64::from(order.delivered_at.is_some());
            tally.refunds += u64::from(order.refunded_at.is_some());
            tally.first_order = tally.first_order.min(order.at);
            tally.last_order = tally.last_order.max(order.at);
        }
        for interaction in done.iter() {
            interactions::write(model, &person, interaction, interaction_rows);
        }
        for touch in touches.iter() {
            contacts::write(model, &person, touch, touch_rows, tally);
        }
        planted_rows.id(b'C', person.id).text(ALL[person.kind].key).end();
        tally.kinds[person.kind] += 1;
    }
}
