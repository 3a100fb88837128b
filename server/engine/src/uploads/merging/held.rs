//! The orders of a file of lines, held until their lines have passed. Bounded: when many are held, the older ones are given out, and of those
//! only a mark is kept. Knows nothing of how an order is written.

use super::ids::Ids;
use super::probe::KnownOrder;
use fastbloom::BloomFilter;
use xxhash_rust::xxh3::xxh3_64;

/// Fields of an order that a line may tell, beside customer and time.
pub const WORDS: [&str; 5] = ["currency", "payment_method", "channel", "city", "country"];

/// 64 MB of marks: of 50 million orders given out, one in a hundred that are new is taken for one that came before. That only sends it the
/// slower way.
const MARK_BITS: usize = 512 << 20;
const MARK_HASHES: u32 = 6;

/// What the lines of an order have told so far.
#[derive(Clone, Default)]
pub struct Order {
    /// Place among the customers seen, plus one.
    pub customer: u32,
    pub words: [u32; WORDS.len()],
    pub at: Option<i64>,
    /// What was stored of it before the file.
    pub known: Option<KnownOrder>,
    /// What its lines were written with.
    pub written: Option<KnownOrder>,
    /// Its lines differ in what they were written with.
    pub unsettled: bool,
    /// It has been given out before, most probably.
    pub again: bool,
}

impl Order {
    /// Customer and time that the order will have, as far as can be told before the merge. `customer` is the one that its lines tell.
    pub fn expected(&self, customer: Option<i32>) -> KnownOrder {
        let (known_customer, known_at) = self.known.unwrap_or_default();
        (known_customer.or(customer), known_at.or(self.at))
    }
}

#[derive(Default)]
struct Generation {
    ids: Ids,
    orders: Vec<Order>,
}

/// Where an order is: the younger generation counts from 0, the older one from `OLD`. Holds until the next [`Held::give_out`].
pub type Place = u32;
const OLD: Place = 1 << 31;

#[derive(Default)]
pub struct Held {
    young: Generation,
    old: Generation,
    given: Option<BloomFilter>,
}

impl Held {
    /// The place of an order, which is made when it is not held.
    pub fn place(&mut self, id: &[u8]) -> Place {
        if let Some(place) = self.old.ids.find(id) {
            return OLD | place;
        }
        let (place, new) = self.young.ids.number(id);
        if new {
            self.young.orders.push(Order {
                again: self
                    .given
                    .as_ref()
                    .is_some_and(|given| given.contains_hash(xxh3_64(id))),
                ..Order::default()
            });
        }
        place
    }

    /// How many young orders there are: those from here on are new after the next call of [`Held::place`].
    pub fn young(&self) -> u32 {
        self.young.orders.len() as u32
    }

    pub fn order(&self, place: Place) -> &Order {
        match place & OLD {
            0 => &self.young.orders[place as usize],
            _ => &self.old.orders[(place & !OLD) as usize],
        }
    }

    pub fn order_mut(&mut self, place: Place) -> &mut Order {
        match place & OLD {
            0 => &mut self.young.orders[place as usize],
            _ => &mut self.old.orders[(place & !OLD) as usize],
        }
    }

    pub fn id(&self, place: Place) -> &str {
        match place & OLD {
            0 => self.young.ids.get_str(place),
            _ => self.old.ids.get_str(place & !OLD),
        }
    }

    /// The older orders, when so many younger ones have come that they are old themselves.
    pub fn give_out(&mut self, most: usize) -> Option<Given> {
        if self.young.orders.len() <= most {
            return None;
        }
        let given = self
            .given
            .get_or_insert_with(|| BloomFilter::with_num_bits(MARK_BITS).hashes(MARK_HASHES));
        for place in 0..self.old.orders.len() as u32 {
            given.insert_hash(xxh3_64(self.old.ids.get(place)));
        }
        let older = std::mem::replace(&mut self.old, std::mem::take(&mut self.young));
        Some(Given(older))
    }

    /// All that is left, older first.
    pub fn finish(self) -> [Given; 2] {
        [Given(self.old), Given(self.young)]
    }
}

/// Orders that are no longer held.
pub struct Given(Generation);

impl Given {
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Order)> {
        self.0
            .orders
            .iter()
            .enumerate()
            .map(|(place, order)| (self.0.ids.get(place as u32), order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_held_through_one_change_of_generations() {
        let mut held = Held::default();
        for id in ["a", "b", "c"] {
            let place = held.place(id.as_bytes());
            held.order_mut(place).customer += 1;
        }
        assert_eq!(held.give_out(2).map(|given| given.iter().count()), Some(0));
        // Old now, but still the same order.
        let place = held.place(b"a");
        held.order_mut(place).customer += 1;
        assert_eq!((held.order(place).customer, held.order(place).again), (2, false));
        assert_eq!(held.id(place), "a");
        for id in ["d", "e", "f"] {
            held.place(id.as_bytes());
        }
        let given = held.give_out(2).unwrap();
        let out: Vec<_> = given.iter().map(|(id, order)| (id, order.customer)).collect();
        assert_eq!(out, [(b"a".as_slice(), 2), (b"b", 1), (b"c", 1)]);
        // It comes again after it was given out.
        let place = held.place(b"a");
        assert!(held.order(place).again);
        let new = held.place(b"g");
        assert!(!held.order(new).again);
        let left: Vec<usize> = held.finish().iter().map(|given| given.iter().count()).collect();
        assert_eq!(left, [3, 2]);
    }
}
