//! The latent kinds of customers that the data is made from, and the drivers planted on top: which audience buys which product
//! line more often. What an analysis finds is measured against these tables. Knows no single customer.

use crate::catalogue::{
    APPAREL, BOOKS, CHILDREN, ELECTRONICS, FOOD, FOOTWEAR, HEALTH, HOME, LINES, OUTDOOR, PETS, SKIN_CARE, SPORTS,
};

pub const KINDS: usize = 7;

/// Channels of contact, in the order of [`Kind::contact`].
pub const CONTACTS: [&str; 5] = ["email", "sms", "wechat", "app_push", "social"];
pub const EMAIL: usize = 0;
pub const SMS: usize = 1;
pub const WECHAT: usize = 2;
pub const APP_PUSH: usize = 3;
pub const SOCIAL: usize = 4;

pub struct Kind {
    pub key: &'static str,
    pub share: f64,
    /// Orders a year while active, before the whole is scaled to ten orders a customer; varies between customers as a gamma
    /// with shape `spread`.
    pub orders_per_year: f64,
    pub spread: f64,
    /// Mean rate of leaving for good, per year; varies between customers as a gamma with shape 2.
    pub leaving: f64,
    /// Share that orders once and never again, and share that signs up and never orders.
    pub one_time: f64,
    pub never: f64,
    /// Mean and standard deviation of age.
    pub age: (f64, f64),
    pub women: f64,
    /// Factor on income.
    pub income: f64,
    /// Share of orders with a coupon.
    pub coupon: f64,
    /// Choice inside a line: -1 the cheapest, 0 as they come, 1 the dearest.
    pub taste: i8,
    /// Probability of each further line in a basket.
    pub more_lines: f64,
    /// Factor on refunds, and share of delivered orders that get a review.
    pub refunds: f64,
    pub reviews: f64,
    /// Factor on the effect of campaigns.
    pub response: f64,
    /// Weights of the rhythms morning, midday, evening, and of the channel that works best.
    pub rhythm: [f64; 3],
    pub contact: [f64; 5],
    /// Factors on product lines, 1 where absent.
    pub lines: &'static [(usize, f64)],
}

pub const ALL: [Kind; KINDS] = [
    Kind {
        key: "bargain_hunter",
        share: 0.21,
        orders_per_year: 5.5,
        spread: 1.1,
        leaving: 0.55,
        one_time: 0.22,
        never: 0.05,
        age: (36.0, 12.0),
        women: 0.58,
        income: 0.8,
        coupon: 0.62,
        taste: -1,
        more_lines: 0.24,
        refunds: 1.2,
        reviews: 0.05,
        response: 1.6,
        rhythm: [0.2, 0.4, 0.4],
        contact: [0.2, 0.4, 0.2, 0.15, 0.05],
        lines: &[(HOME, 1.5), (FOOD, 1.4), (APPAREL, 1.2)],
    },
    Kind {
        key: "young_trend_follower",
        share: 0.18,
        orders_per_year: 8.0,
        spread: 1.2,
        leaving: 0.6,
        one_time: 0.2,
        never: 0.05,
        age: (25.0, 5.0),
        women: 0.68,
        income: 0.75,
        coupon: 0.35,
        taste: 0,
        more_lines: 0.28,
        refunds: 1.3,
        reviews: 0.09,
        response: 1.2,
        rhythm: [0.08, 0.22, 0.7],
        contact: [0.05, 0.05, 0.25, 0.2, 0.45],
        lines: &[(APPAREL, 2.2), (SKIN_CARE, 2.0), (FOOTWEAR, 1.5)],
    },
    Kind {
        key: "family_provider",
        share: 0.17,
        orders_per_year: 9.0,
        spread: 1.6,
        leaving: 0.25,
        one_time: 0.1,
        never: 0.03,
        age: (37.0, 6.0),
        women: 0.6,
        income: 1.05,
        coupon: 0.28,
        taste: 0,
        more_lines: 0.38,
        refunds: 0.8,
        reviews: 0.06,
        response: 0.9,
        rhythm: [0.4, 0.25, 0.35],
        contact: [0.25, 0.1, 0.35, 0.25, 0.05],
        lines: &[(CHILDREN, 3.2), (HOME, 1.6), (FOOD, 1.6), (PETS, 1.3)],
    },
    Kind {
        key: "quality_seeker",
        share: 0.12,
        orders_per_year: 4.5,
        spread: 1.5,
        leaving: 0.25,
        one_time: 0.15,
        never: 0.04,
        age: (46.0, 9.0),
        women: 0.5,
        income: 1.6,
        coupon: 0.08,
        taste: 1,
        more_lines: 0.2,
        refunds: 1.0,
        reviews: 0.12,
        response: 0.6,
        rhythm: [0.55, 0.3, 0.15],
        contact: [0.6, 0.1, 0.15, 0.1, 0.05],
        lines: &[(HOME, 1.6), (FOOD, 1.5), (HEALTH, 1.5), (FOOTWEAR, 1.2)],
    },
    Kind {
        key: "outdoor_enthusiast",
        share: 0.09,
        orders_per_year: 5.0,
        spread: 1.4,
        leaving: 0.3,
        one_time: 0.15,
        never: 0.04,
        age: (38.0, 10.0),
        women: 0.4,
        income: 1.15,
        coupon: 0.15,
        taste: 1,
        more_lines: 0.3,
        refunds: 0.9,
        reviews: 0.1,
        response: 1.0,
        rhythm: [0.5, 0.2, 0.3],
        contact: [0.4, 0.05, 0.15, 0.25, 0.15],
        lines: &[(OUTDOOR, 4.5), (SPORTS, 2.5), (FOOTWEAR, 1.8)],
    },
    Kind {
        key: "gift_giver",
        share: 0.14,
        orders_per_year: 1.8,
        spread: 1.2,
        leaving: 0.4,
        one_time: 0.42,
        never: 0.1,
        age: (42.0, 14.0),
        women: 0.5,
        income: 1.0,
        coupon: 0.2,
        taste: 0,
        more_lines: 0.22,
        refunds: 1.0,
        reviews: 0.04,
        response: 0.8,
        rhythm: [0.3, 0.4, 0.3],
        contact: [0.45, 0.25, 0.15, 0.1, 0.05],
        lines: &[(FOOD, 1.8), (BOOKS, 1.8), (CHILDREN, 1.5), (SKIN_CARE, 1.2)],
    },
    Kind {
        key: "technology_fan",
        share: 0.09,
        orders_per_year: 4.5,
        spread: 1.2,
        leaving: 0.45,
        one_time: 0.2,
        never: 0.04,
        age: (31.0, 8.0),
        women: 0.25,
        income: 1.25,
        coupon: 0.22,
        taste: 1,
        more_lines: 0.22,
        refunds: 1.1,
        reviews: 0.11,
        response: 1.0,
        rhythm: [0.1, 0.25, 0.65],
        contact: [0.2, 0.05, 0.2, 0.45, 0.1],
        lines: &[(ELECTRONICS, 4.0), (BOOKS, 1.2), (SPORTS, 1.2)],
    },
];

/// Age bands by their first age; the names are those of the product.
pub const BANDS: [(&str, i64); 6] = [
    ("under 18", 0),
    ("18-24", 18),
    ("25-34", 25),
    ("35-44", 35),
    ("45-54", 45),
    ("55 and over", 55),
];
pub const GENDERS: [&str; 3] = ["female", "male", "other"];
pub const FEMALE: usize = 0;
pub const MALE: usize = 1;

pub fn band_of(age: i64) -> usize {
    BANDS.iter().rposition(|&(_, from)| age >= from).unwrap_or(0)
}

/// A planted driver: this audience buys from this line `factor` times as readily as it otherwise would.
pub struct Driver {
    pub line: usize,
    /// Index range of [`BANDS`], both included.
    pub bands: (usize, usize),
    /// None is everyone.
    pub gender: Option<usize>,
    pub factor: f64,
}

const fn driver(line: usize, first: usize, last: usize, gender: Option<usize>, factor: f64) -> Driver {
    Driver {
        line,
        bands: (first, last),
        gender,
        factor,
    }
}

pub const DRIVERS: [Driver; 13] = [
    driver(APPAREL, 2, 2, Some(FEMALE), 2.4),
    driver(APPAREL, 0, 5, Some(MALE), 0.7),
    driver(SKIN_CARE, 1, 3, Some(FEMALE), 2.2),
    driver(SKIN_CARE, 0, 5, Some(MALE), 0.3),
    driver(ELECTRONICS, 0, 3, Some(MALE), 2.2),
    driver(CHILDREN, 2, 3, None, 2.0),
    driver(OUTDOOR, 3, 4, Some(MALE), 1.8),
    driver(HEALTH, 5, 5, None, 3.2),
    driver(HEALTH, 4, 4, None, 1.8),
    driver(FOOD, 4, 5, None, 1.6),
    driver(SPORTS, 0, 1, None, 1.7),
    driver(BOOKS, 0, 1, None, 1.6),
    driver(HOME, 3, 4, Some(FEMALE), 1.6),
];

/// How common each line is before anything else.
pub const POPULARITY: [f64; LINES] = [1.5, 0.8, 1.2, 0.8, 1.1, 0.8, 0.6, 0.8, 1.3, 0.8, 0.8, 0.7];

/// Weight of a product line for an audience, without the season.
pub fn weight(kind: usize, band: usize, gender: usize, line: usize) -> f64 {
    let own: f64 = ALL[kind]
        .lines
        .iter()
        .filter(|&&(of, _)| of == line)
        .map(|&(_, factor)| factor)
        .product();
    let planted: f64 = DRIVERS
        .iter()
        .filter(|driver| driver.line == line && (driver.bands.0..=driver.bands.1).contains(&band))
        .filter(|driver| driver.gender.is_none_or(|wanted| wanted == gender))
        .map(|driver| driver.factor)
        .product();
    POPULARITY[line] * own * planted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert!((ALL.iter().map(|kind| kind.share).sum::<f64>() - 1.0).abs() < 1e-9);
        for kind in &ALL {
            assert!((kind.rhythm.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{}", kind.key);
            assert!((kind.contact.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{}", kind.key);
        }
    }

    #[test]
    fn a_driver_multiplies() {
        let young_women = weight(0, 2, FEMALE, APPAREL);
        assert!((young_women / weight(0, 3, FEMALE, APPAREL) - 2.4).abs() < 1e-9);
        assert_eq!(band_of(17), 0);
        assert_eq!(band_of(55), 5);
    }
}
