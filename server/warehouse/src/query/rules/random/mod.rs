//! Random small worlds and random rules about them, the same for the same seed.

mod rules;
mod worlds;

pub(super) use self::rules::rule;
pub(super) use self::worlds::world;

/// A small generator; its whole state is one number.
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const CITIES: [&str; 4] = ["上海", "Köln", "köln", "Paris"];
const CHANNELS: [&str; 3] = ["web", "app", "Store"];
const KINDS: [&str; 3] = ["view", "search", "sent"];
const CATEGORIES: [&str; 3] = ["Skin care", "Pets", "Books"];
const STATUSES: [&str; 4] = ["paid", "cancelled", "unpaid", "returned"];
