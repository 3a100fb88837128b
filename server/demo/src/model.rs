//! Everything that is the same for all customers: the calendar, the catalogue, the campaigns, and the tables of chances drawn
//! from the planted kinds and drivers. Made once, read by every thread.

use crate::calendar::{Calendar, EUROPE, HISTORY_DAYS, RHYTHMS};
use crate::campaigns::{Campaign, campaigns};
use crate::catalogue::{LINES, PAIRS, PRODUCTS_PER_LINE, Product, products, season};
use crate::days::DayTexts;
use crate::draw::cumulate;
use crate::kinds::{self, ALL, BANDS, CONTACTS, GENDERS, KINDS};
use crate::places::COUNTRIES;
use chrono::NaiveDate;

/// Orders per customer that the whole is scaled to.
pub const ORDERS_PER_CUSTOMER: f64 = 10.0;
/// What leaving after a slow refund or a late parcel takes away and campaigns add, measured over 200,000 customers: the scale
/// is set for orders without either.
const BALANCE: f64 = 1.36;
/// Share of customers who were there before the first day of the data.
pub const THERE_BEFORE: f64 = 0.28;

pub struct Model {
    pub seed: u64,
    pub customers: u64,
    pub calendar: Calendar,
    pub days: DayTexts,
    pub products: Vec<Product>,
    pub campaigns: Vec<Campaign>,
    /// Factor on the yearly orders of every kind that makes the mean [`ORDERS_PER_CUSTOMER`].
    pub scale: f64,
    pub kinds: Vec<f32>,
    pub countries: Vec<f32>,
    pub places: Vec<Place>,
    pub rhythms: [[f32; RHYTHMS.len()]; KINDS],
    pub contacts: [[f32; CONTACTS.len()]; KINDS],
    lines: Vec<[f32; LINES]>,
    goods: [[[f32; PRODUCTS_PER_LINE]; 3]; LINES],
    /// For each product, what may join it: first product of the pair's second thing, and the probability.
    pub joins: Vec<Option<(usize, f64)>>,
}

/// The tables of one country; payments and channels below 35 and from 35 on.
pub struct Place {
    pub cities: Vec<f32>,
    pub payments: [Vec<f32>; 2],
    pub channels: [Vec<f32>; 2],
}

impl Model {
    pub fn new(seed: u64, customers: u64, end: NaiveDate) -> Model {
        let calendar = Calendar::new(end);
        let products = products(seed);
        let mut joins = vec![None; products.len()];
        for pair in &PAIRS {
            let first = pair.first.0 * PRODUCTS_PER_LINE + pair.first.1 * 2;
            let second = pair.second.0 * PRODUCTS_PER_LINE + pair.second.1 * 2;
            joins[first] = Some((second, pair.probability));
            joins[first + 1] = Some((second, pair.probability));
        }
        let fixed = |weights: &[f64]| -> Vec<f32> { cumulate(weights) };
        Model {
            seed,
            customers,
            days: DayTexts::new(calendar.first_day - 800, HISTORY_DAYS as usize + 900),
            campaigns: campaigns(end, customers),
            scale: scale(&calendar),
            kinds: fixed(&ALL.map(|kind| kind.share)),
            countries: fixed(&COUNTRIES.each_ref().map(|country| country.share)),
            places: COUNTRIES
                .iter()
                .map(|country| Place {
                    cities: fixed(&country.cities.iter().map(|city| city.2).collect::<Vec<_>>()),
                    payments: by_age(country.payments),
                    channels: by_age(country.channels),
                })
                .collect(),
            rhythms: ALL.map(|kind| fill(&kind.rhythm)),
            contacts: ALL.map(|kind| fill(&kind.contact)),
            lines: line_tables(),
            goods: good_tables(&products),
            joins,
            products,
            calendar,
        }
    }

    /// Cumulated weights of the product lines for an audience; month 12 stands for the whole year.
    pub fn line_weights(&self, kind: usize, band: usize, gender: usize, month: usize) -> &[f32; LINES] {
        &self.lines[((kind * BANDS.len() + band) * GENDERS.len() + gender) * 13 + month]
    }

    /// Cumulated weights of the products of a line for a taste of -1, 0 or 1.
    pub fn good_weights(&self, line: usize, taste: i8) -> &[f32; PRODUCTS_PER_LINE] {
        &self.goods[line][(i32::from(taste) + 1) as usize]
    }
}

fn fill<const N: usize>(weights: &[f64; N]) -> [f32; N] {
    let sums = cumulate(weights);
    std::array::from_fn(|index| sums[index])
}

fn by_age(table: &[(&str, f64, f64)]) -> [Vec<f32>; 2] {
    let young: Vec<f64> = table.iter().map(|row| row.1).collect();
    let older: Vec<f64> = table.iter().map(|row| row.2).collect();
    [cumulate(&young), cumulate(&older)]
}

fn line_tables() -> Vec<[f32; LINES]> {
    let mut tables = Vec::with_capacity(KINDS * BANDS.len() * GENDERS.len() * 13);
    for kind in 0..KINDS {
        for band in 0..BANDS.len() {
            for gender in 0..GENDERS.len() {
                for month in 0..13 {
                    let weights: [f64; LINES] = std::array::from_fn(|line| {
                        let factor = if month < 12 { season(line, month) } else { 1.0 };
                        kinds::weight(kind, band, gender, line) * factor
                    });
                    tables.push(fill(&weights));
                }
            }
        }
    }
    tables
}

/// Popularity falls with the rank of the thing; taste pulls it towards the cheap or the dear end of the line.
fn good_tables(products: &[Product]) -> [[[f32; PRODUCTS_PER_LINE]; 3]; LINES] {
    std::array::from_fn(|line| {
        let goods = &products[line * PRODUCTS_PER_LINE..(line + 1) * PRODUCTS_PER_LINE];
        let logs: Vec<f64> = goods.iter().map(|product| (product.price as f64).ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        std::array::from_fn(|taste| {
            let pull = (taste as f64 - 1.0) * 0.9;
            let weights: [f64; PRODUCTS_PER_LINE] =
                std::array::from_fn(|good| (good as f64 / 2.0 + 1.5).powf(-0.8) * (pull * (logs[good] - mean)).exp());
            fill(&weights)
        })
    })
}

/// Expected orders are linear in the scale: the first orders are fixed, the rest grows with it. Integrated over sign-up days by
/// weeks; the survival of a gamma-mixed exponential with shape 2 and mean rate h is (1 + h t / 2)^-2.
fn scale(calendar: &Calendar) -> f64 {
    let step = 7;
    let warped_days: Vec<f64> = (0..HISTORY_DAYS)
        .step_by(step)
        .map(|day| {
            let from = calendar.first_day + day;
            calendar.warp(EUROPE, from + step as i64) - calendar.warp(EUROPE, from)
        })
        .collect();
    let (mut fixed, mut growing) = (0.0, 0.0);
    for kind in &ALL {
        let active = |start: usize| -> f64 {
            warped_days[start..]
                .iter()
                .enumerate()
                .map(|(week, warped)| {
                    let years = (week * step) as f64 / 365.25;
                    warped * (1.0 + kind.leaving * years / 2.0).powi(-2)
                })
                .sum()
        };
        let buyers = kind.share * (1.0 - kind.never);
        let new: f64 = (0..HISTORY_DAYS as usize)
            .map(|day| calendar.sign_up_share(day) * active(day / step))
            .sum();
        fixed += buyers * (1.0 - THERE_BEFORE);
        growing += buyers
            * kind.orders_per_year
            * (THERE_BEFORE * active(0) + (1.0 - THERE_BEFORE) * (1.0 - kind.one_time) * new);
    }
    BALANCE * (ORDERS_PER_CUSTOMER - fixed) / growing
}
