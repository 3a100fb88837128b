//! Files of order lines: each line is a row of its own and also tells something of its order and its product.
//!
//! A line carries the customer and time of its order. They are written as they are known when the line passes; where the end of the file says
//! otherwise, the order is listed and its lines are put right afterwards. Lines of one order mostly stand together, so that is rare.

use super::copy::Target;
use super::held::{Given, Held, Order, Place, WORDS};
use super::ids::Ids;
use super::intake::{Intake, Lane};
use super::named::write_bare;
use super::probe::{Known, KnownOrder, line_mark};
use super::tables::{ORDER_LINES, ORDERS, PRODUCTS, Table};
use crate::error::Result;
use crate::uploads::mapping::{Plan, TypedBatch};
use types::uploads::OnKnown;

/// Fields of a product that a line may tell, and what a file of lines calls them.
const TOLD_OF_PRODUCTS: [(&str, &str); 2] = [("name", "product_name"), ("category", "category")];

pub struct Lines {
    fields: Fields,
    orders: Held,
    words: Ids,
    product_ids: Ids,
    products: Vec<Product>,
}

struct Fields {
    order: usize,
    customer: usize,
    at: usize,
    product: usize,
    name: usize,
    category: usize,
    words: [usize; WORDS.len()],
}

#[derive(Clone, Default)]
struct Product {
    name: Option<Box<[u8]>>,
    category: Option<Box<[u8]>>,
    known: bool,
    /// A line that was kept names it.
    named: bool,
}

impl Lines {
    pub fn new(plan: &Plan) -> Lines {
        let at = |name: &str| plan.field_index(name).unwrap_or_default();
        Lines {
            fields: Fields {
                order: at("order_id"),
                customer: at("customer_id"),
                at: at("ordered_at"),
                product: at("product_id"),
                name: at("product_name"),
                category: at("category"),
                words: WORDS.map(at),
            },
            orders: Held::default(),
            words: Ids::default(),
            product_ids: Ids::default(),
            products: Vec::new(),
        }
    }

    pub fn take(&mut self, intake: &mut Intake, batch: &TypedBatch) -> Result<()> {
        let rows = 0..batch.rows;
        let orders = self.look_up_orders(intake, batch)?;
        let products = self.look_up_products(intake, batch)?;
        let customers = intake.customers.look_up(
            &intake.probe,
            rows.clone().map(|row| batch.text_at(self.fields.customer, row)),
        )?;
        let known = self.known_lines(intake, batch, &orders)?;
        let lanes: Vec<Lane> = rows
            .clone()
            .map(|row| {
                let id = batch.text_at(self.fields.order, row).unwrap_or_default();
                let is_known = !known.is_empty() && known.contains(&line_mark(id, batch.keys[row]));
                intake.lane(is_known, batch.repeats[row])
            })
            .collect();
        for row in rows.clone() {
            self.learn_order(batch, row, orders[row], customers[row]);
            self.learn_product(batch, row, products[row], lanes[row]);
        }
        for row in rows {
            if lanes[row] == Lane::PassOver {
                intake.counts.unchanged += 1;
                continue;
            }
            let customer_no = customers[row]
                .map(|place| intake.customers.name(place, &mut intake.out))
                .transpose()?;
            let derived = if lanes[row] == Lane::Final {
                self.derived_of(intake, orders[row])?
            } else {
                (None, None)
            };
            let order = self.orders.order_mut(orders[row]);
            if lanes[row] == Lane::Final {
                order.unsettled |= order.written.is_some_and(|written| written != derived);
                order.written = Some(derived);
                intake.counts.created += 1;
                intake.out.note_created(&ORDER_LINES, 0, derived.1);
            }
            intake.write_row(batch, row, lanes[row], customer_no, Some(derived));
        }
        match self.orders.give_out(intake.limits.orders_in_memory) {
            Some(given) => self.write_orders(intake, &given),
            None => Ok(()),
        }
    }

    pub fn finish(mut self, intake: &mut Intake) -> Result<()> {
        for given in std::mem::take(&mut self.orders).finish() {
            self.write_orders(intake, &given)?;
        }
        self.write_products(intake)
    }

    fn look_up_orders(&mut self, intake: &Intake, batch: &TypedBatch) -> Result<Vec<Place>> {
        let first_new = self.orders.young();
        let places = (0..batch.rows)
            .map(|row| {
                self.orders
                    .place(batch.text_at(self.fields.order, row).unwrap_or_default())
            })
            .collect();
        if !intake.probe.is_empty(&ORDERS) {
            let new: Vec<&str> = (first_new..self.orders.young())
                .map(|place| self.orders.id(place))
                .collect();
            for (id, known) in intake.probe.orders(&new)? {
                let place = self.orders.place(id.as_bytes());
                self.orders.order_mut(place).known = Some(known);
            }
        }
        Ok(places)
    }

    fn look_up_products(&mut self, intake: &Intake, batch: &TypedBatch) -> Result<Vec<u32>> {
        let first_new = self.product_ids.len() as u32;
        let places = (0..batch.rows)
            .map(|row| {
                self.product_ids
                    .number(batch.text_at(self.fields.product, row).unwrap_or_default())
                    .0
            })
            .collect();
        self.products.resize(self.product_ids.len(), Product::default());
        let new: Vec<&str> = (first_new..self.product_ids.len() as u32)
            .map(|place| self.product_ids.get_str(place))
            .collect();
        let known = intake.probe.texts(&PRODUCTS, &new)?;
        if !known.is_empty() {
            for place in first_new..self.product_ids.len() as u32 {
                self.products[place as usize].known =
                    known.contains(&xxhash_rust::xxh3::xxh3_64(self.product_ids.get(place)));
            }
        }
        Ok(places)
    }

    /// A line can only be known when its order is.
    fn known_lines(&self, intake: &Intake, batch: &TypedBatch, orders: &[Place]) -> Result<Known> {
        if intake.probe.is_empty(&ORDER_LINES) {
            return Ok(Known::default());
        }
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for (order, key) in orders.iter().zip(&batch.keys) {
            // An order that was given out starts anew, yet what is stored of it was looked up again.
            if self.orders.order(*order).known.is_some() {
                ids.push(self.orders.id(*order));
                keys.push(*key);
            }
        }
        intake.probe.lines(&ids, &keys)
    }

    fn learn_order(&mut self, batch: &TypedBatch, row: usize, order: Place, customer: Option<u32>) {
        let order = self.orders.order_mut(order);
        if let Some(place) = customer {
            order.customer = place + 1;
        }
        if let Some(at) = batch.number_at(self.fields.at, row) {
            order.at = Some(order.at.map_or(at, |known| known.min(at)));
        }
        for (word, field) in order.words.iter_mut().zip(self.fields.words) {
            if let Some(text) = batch.text_at(field, row) {
                *word = self.words.number(text).0 + 1;
            }
        }
    }

    fn learn_product(&mut self, batch: &TypedBatch, row: usize, product: u32, lane: Lane) {
        let product = &mut self.products[product as usize];
        product.named |= lane != Lane::PassOver;
        for (held, field) in [
            (&mut product.name, self.fields.name),
            (&mut product.category, self.fields.category),
        ] {
            if let Some(text) = batch.text_at(field, row)
                && held.as_deref() != Some(text)
            {
                *held = Some(text.into());
            }
        }
    }

    /// Customer and time of an order as far as they are known now.
    fn derived_of(&self, intake: &mut Intake, order: Place) -> Result<KnownOrder> {
        let order = self.orders.order(order);
        let customer = match order.customer {
            0 => None,
            place => Some(intake.customers.name(place - 1, &mut intake.out)?),
        };
        Ok(order.expected(customer))
    }

    fn write_orders(&self, intake: &mut Intake, given: &Given) -> Result<()> {
        for (id, order) in given.iter() {
            if order.known.is_none() && intake.mode == OnKnown::UpdateOnly {
                continue;
            }
            let customer = match order.customer {
                0 => None,
                place => Some(intake.customers.name(place - 1, &mut intake.out)?),
            };
            let staged = order.known.is_some() || order.again;
            intake.repeats |= order.again;
            // A known order may or may not take what its lines tell. When the merge changes it, its lines are settled for that; when not, they
            // must have been written with what is stored.
            let stays = order.known.unwrap_or_else(|| order.expected(customer));
            let moved = order
                .written
                .is_some_and(|written| order.unsettled || order.again || written != stays);
            if moved {
                let rows = intake.out.rows(Target::TouchedOrders);
                rows.begin(1);
                rows.text(id);
            }
            write_order(intake, id, order, customer, &self.words, staged);
            intake.out.flush(false)?;
        }
        Ok(())
    }

    fn write_products(&mut self, intake: &mut Intake) -> Result<()> {
        let overwrites = TOLD_OF_PRODUCTS.map(|(_, field)| intake.plan.overwrite && intake.plan.is_mapped(field));
        for (place, product) in self.products.iter().enumerate() {
            let id = self.product_ids.get(place as u32);
            let told = product.name.is_some() || product.category.is_some() || overwrites.contains(&true);
            if !product.known && (!product.named || intake.mode == OnKnown::UpdateOnly) {
                continue;
            }
            if !product.known && !told {
                write_bare(&mut intake.out, &PRODUCTS, id);
            } else if told {
                write_product(intake, id, product, overwrites);
            }
            intake.out.flush(false)?;
        }
        Ok(())
    }
}

/// One row of orders, or a contribution to one that is known. An order of which the lines tell nothing exists by reference.
fn write_order(intake: &mut Intake, id: &[u8], order: &Order, customer: Option<i32>, words: &Ids, staged: bool) {
    let overwrites = |name: &str| intake.plan.overwrite && intake.plan.is_mapped(name);
    let word = |name: &str| {
        WORDS
            .iter()
            .position(|word| *word == name)
            .map_or(0, |at| order.words[at])
    };
    let mut mask = 0i32;
    for (at, column) in ORDERS.fields.iter().enumerate() {
        let (there, field) = match column.name {
            "customer_no" => (customer.is_some(), "customer_id"),
            "ordered_at" => (order.at.is_some(), "ordered_at"),
            name => (word(name) != 0, name),
        };
        // Only what a line can tell; a total, for one, it cannot.
        let tells = matches!(column.name, "customer_no" | "ordered_at") || WORDS.contains(&column.name);
        if there || (tells && overwrites(field)) {
            mask |= 1 << at;
        }
    }
    if staged && mask == 0 && order.known.is_some() {
        return;
    }
    let target = if staged {
        Target::Stage(&ORDERS)
    } else {
        Target::Final(&ORDERS)
    };
    let upload_id = intake.upload_id;
    let row_no = intake.counts.read;
    let rows = intake.out.rows(target);
    rows.begin(1 + ORDERS.fields.len() + 2);
    rows.text(id);
    for column in ORDERS.fields {
        match column.name {
            "customer_no" => rows.maybe_int4(customer),
            "ordered_at" => rows.maybe_int8(order.at),
            name => match word(name) {
                0 => rows.null(),
                word => rows.text(words.get(word - 1)),
            },
        }
    }
    if staged {
        rows.int4(mask);
        rows.int8(row_no);
        intake.out.note_staged(&ORDERS);
        return;
    }
    write_owner(rows, upload_id, mask);
    intake.out.note_created(&ORDERS, 0, order.at);
}

fn write_product(intake: &mut Intake, id: &[u8], product: &Product, overwrites: [bool; 2]) {
    let table: &'static Table = &PRODUCTS;
    let target = if product.known {
        Target::Stage(table)
    } else {
        Target::Final(table)
    };
    let (upload_id, row_no) = (intake.upload_id, intake.counts.read);
    let rows = intake.out.rows(target);
    rows.begin(1 + table.fields.len() + 2);
    rows.text(id);
    let mut mask = 0;
    for (at, column) in table.fields.iter().enumerate() {
        let told = TOLD_OF_PRODUCTS.iter().position(|(name, _)| *name == column.name);
        let held = match told {
            Some(0) => product.name.as_deref(),
            Some(_) => product.category.as_deref(),
            None => None,
        };
        match held {
            Some(text) => rows.text(text),
            None => rows.null(),
        }
        if held.is_some() || told.is_some_and(|told| overwrites[told]) {
            mask |= 1 << at;
        }
    }
    if product.known {
        rows.int4(mask);
        rows.int8(row_no);
        intake.out.note_staged(table);
    } else {
        write_owner(rows, upload_id, mask);
        intake.out.note_created(table, 0, None);
    }
}

/// Whose contribution the row is; none when it tells nothing.
fn write_owner(rows: &mut super::copy::Rows, upload_id: i64, mask: i32) {
    if mask == 0 {
        rows.null();
    } else {
        rows.int8(upload_id);
    }
    rows.int4(mask);
}
