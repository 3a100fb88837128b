//! One customer: what is true of the person, and which of it the company happens to know. Knows nothing of orders.

use crate::calendar::RHYTHMS;
use crate::draw::Draw;
use crate::kinds::{ALL, APP_PUSH, CONTACTS, EMAIL, FEMALE, GENDERS, MALE, SMS, SOCIAL, WECHAT, band_of};
use crate::model::{Model, THERE_BEFORE};
use crate::names::{
    GIVEN_DE, GIVEN_EN, GIVEN_FR, GIVEN_ZH, SURNAMES_DE, SURNAMES_EN, SURNAMES_FR, SURNAMES_ZH, push_plain,
};
use crate::places::{COUNTRIES, Names};
use crate::rows::Rows;

/// The number in the first customer's id.
const FIRST_ID: u64 = 1_000_001;

pub const CUSTOMER_HEADER: &str = "external_id,name,gender,birth_date,city,province,country,occupation,education,income,email,phone,\
signed_up_at,preferred_channel,consent_marketing,consent_profiling\n";

const EDUCATIONS: [(&str, f64, f64); 5] = [
    ("Secondary school", 0.28, 0.75),
    ("Vocational training", 0.24, 0.9),
    ("Bachelor", 0.32, 1.1),
    ("Master", 0.13, 1.35),
    ("Doctorate", 0.03, 1.6),
];
const OCCUPATIONS: [&str; 13] = [
    "Office worker",
    "Engineer",
    "Teacher",
    "Sales",
    "Nurse",
    "Manager",
    "Designer",
    "Self-employed",
    "Civil servant",
    "Skilled worker",
    "Homemaker",
    "Student",
    "Retired",
];
const WORKING: usize = 11;
const STUDENT: usize = 11;
const RETIRED: usize = 12;

pub struct Person {
    /// From 0; the random stream and every salted choice hang on it.
    pub number: u64,
    /// The number in the id.
    pub id: u64,
    pub kind: usize,
    pub country: usize,
    pub city: usize,
    pub gender: usize,
    pub band: usize,
    pub rhythm: usize,
    /// The contact channel that works best, known only by what it does.
    pub contact: usize,
    /// Which contact channels can be used at all.
    pub reach: [bool; CONTACTS.len()],
    pub consent: bool,
    /// Was a customer before the data begins.
    pub before: bool,
    pub signed_up: i64,
    /// Two product lines that half of everything comes from, and the usual way to pay and to buy.
    pub favourites: [usize; 2],
    pub payment: usize,
    pub channel: usize,
    birth_day: i64,
    education: usize,
    occupation: usize,
    income: i64,
    name: String,
    email: String,
}

impl Person {
    pub fn new(model: &Model, number: u64, draw: &mut Draw) -> Person {
        let kind = draw.pick(&model.kinds);
        let of = &ALL[kind];
        let country = draw.pick(&model.countries);
        let place = &model.places[country];
        let years = (of.age.0 + of.age.1 * draw.normal()).clamp(16.0, 88.0);
        let band = band_of(years as i64);
        let gender = match draw.unit() {
            u if u < 0.01 => 2,
            u if u < 0.01 + 0.99 * of.women => FEMALE,
            _ => MALE,
        };
        let older = usize::from(years >= 35.0);
        let before = draw.chance(THERE_BEFORE);
        let calendar = &model.calendar;
        let sign_up_day = if before {
            calendar.first_day - 1 - draw.below(730) as i64
        } else {
            calendar.sign_up_day(draw.unit())
        };
        let rhythm = draw.pick(&model.rhythms[kind]);
        let market = COUNTRIES[country].market;
        let second = calendar.second_of_day(market, rhythm, draw.unit());
        let weights = model.line_weights(kind, band, gender, 12);
        let mut person = Person {
            number,
            id: FIRST_ID + number,
            kind,
            country,
            city: draw.pick(&place.cities),
            gender,
            band,
            rhythm,
            contact: draw.pick(&model.contacts[kind]),
            reach: [false; CONTACTS.len()],
            consent: draw.chance(0.84),
            before,
            signed_up: sign_up_day * 86_400 + second - COUNTRIES[country].offset,
            favourites: [draw.pick(weights), draw.pick(weights)],
            payment: draw.pick(&place.payments[older]),
            channel: draw.pick(&place.channels[older]),
            birth_day: calendar.last_day - (years * 365.25) as i64,
            education: education(draw, years),
            occupation: occupation(draw, years),
            income: 0,
            name: String::new(),
            email: String::new(),
        };
        person.income = income(draw, &person, years);
        person.draw_name(draw);
        person.reach[EMAIL] = draw.chance(0.93);
        person.reach[SMS] = draw.chance(0.88);
        person.reach[WECHAT] = country == 0 && draw.chance(0.85);
        person.reach[APP_PUSH] = draw.chance(if older == 0 { 0.75 } else { 0.5 });
        person.reach[SOCIAL] = draw.chance(if older == 0 { 0.8 } else { 0.45 });
        // Nobody's best channel is one that cannot be used.
        if !person.reach[person.contact] {
            person.contact = (0..CONTACTS.len())
                .find(|&channel| person.reach[channel])
                .unwrap_or(EMAIL);
        }
        person
    }

    pub fn market(&self) -> usize {
        COUNTRIES[self.country].market
    }

    pub fn offset(&self) -> i64 {
        COUNTRIES[self.country].offset
    }

    /// 0 Chinese, 1 English.
    pub fn language(&self) -> usize {
        COUNTRIES[self.country].language
    }

    /// The local hour at which this person answers best.
    pub fn best_hour(&self) -> i64 {
        RHYTHMS[self.rhythm].1
    }

    fn draw_name(&mut self, draw: &mut Draw) {
        let side = if self.gender == 2 { draw.below(2) } else { self.gender };
        let (given, surname): (&str, &str) = match COUNTRIES[self.country].names {
            Names::Chinese => {
                let (surname, plain) = SURNAMES_ZH[draw.below(SURNAMES_ZH.len())];
                self.name.push_str(surname);
                self.email.push_str(plain);
                self.email.push('.');
                for _ in 0..if draw.chance(0.15) { 1 } else { 2 } {
                    let (letter, plain) = GIVEN_ZH[side][draw.below(GIVEN_ZH[side].len())];
                    self.name.push_str(letter);
                    self.email.push_str(plain);
                }
                return;
            }
            Names::English => (
                GIVEN_EN[side][draw.below(GIVEN_EN[side].len())],
                SURNAMES_EN[draw.below(SURNAMES_EN.len())],
            ),
            Names::German => (
                GIVEN_DE[side][draw.below(GIVEN_DE[side].len())],
                SURNAMES_DE[draw.below(SURNAMES_DE.len())],
            ),
            Names::French => (
                GIVEN_FR[side][draw.below(GIVEN_FR[side].len())],
                SURNAMES_FR[draw.below(SURNAMES_FR.len())],
            ),
        };
        self.name.push_str(given);
        self.name.push(' ');
        self.name.push_str(surname);
        push_plain(given, &mut self.email);
        self.email.push('.');
        push_plain(surname, &mut self.email);
    }

    /// The row of customers.csv: every optional field is blank for some.
    pub fn write(&self, model: &Model, draw: &mut Draw, rows: &mut Rows) {
        let country = &COUNTRIES[self.country];
        let (city, province, _) = country.cities[self.city];
        rows.id(b'C', self.id);
        maybe(rows, draw, 0.01, |rows| rows.text(&self.name));
        maybe(rows, draw, 0.04, |rows| rows.text(GENDERS[self.gender]));
        maybe(rows, draw, 0.10, |rows| rows.date(&model.days, self.birth_day));
        maybe(rows, draw, 0.03, |rows| rows.text(city));
        maybe(rows, draw, 0.06, |rows| rows.text(province));
        maybe(rows, draw, 0.02, |rows| rows.text(country.name));
        maybe(rows, draw, 0.25, |rows| rows.text(OCCUPATIONS[self.occupation]));
        maybe(rows, draw, 0.30, |rows| rows.text(EDUCATIONS[self.education].0));
        maybe(rows, draw, 0.38, |rows| rows.whole(self.income as u64));
        if self.reach[EMAIL] {
            rows.bytes.extend_from_slice(self.email.as_bytes());
            rows.whole(self.id % 100_000).bytes.pop();
            rows.text("@example.com");
        } else {
            rows.blank();
        }
        if self.reach[SMS] {
            write_phone(rows, draw, country.names);
        } else {
            rows.blank();
        }
        maybe(rows, draw, 0.01, |rows| rows.instant(&model.days, self.signed_up));
        maybe(rows, draw, 0.35, |rows| rows.text(CONTACTS[self.contact]));
        // Without consent nobody is contacted: an unknown consent may only hide a no.
        let hidden = if self.consent { 0.0 } else { 0.25 };
        maybe(rows, draw, hidden, |rows| {
            rows.text(if self.consent { "true" } else { "false" })
        });
        let profiling = draw.chance(0.9);
        maybe(rows, draw, 0.05, |rows| {
            rows.text(if profiling { "true" } else { "false" })
        });
        rows.end();
    }
}

fn maybe(rows: &mut Rows, draw: &mut Draw, blank: f64, field: impl FnOnce(&mut Rows) -> &mut Rows) {
    if draw.chance(blank) {
        rows.blank();
    } else {
        field(rows);
    }
}

/// Numbers that no telephone has: ranges kept for fiction in Britain, Germany and France, and a Chinese prefix that is not given out.
fn write_phone(rows: &mut Rows, draw: &mut Draw, names: Names) {
    let (prefix, digits) = match names {
        Names::Chinese => ("+86 100 ", 8),
        Names::English => ("+44 7700 900", 3),
        Names::German => ("+49 30 23125", 3),
        Names::French => ("+33 6 39 98 ", 4),
    };
    rows.bytes.extend_from_slice(prefix.as_bytes());
    for _ in 0..digits {
        rows.bytes.push(b'0' + draw.below(10) as u8);
    }
    rows.blank();
}

fn education(draw: &mut Draw, years: f64) -> usize {
    let reachable = match years {
        y if y < 20.0 => 1,
        y if y < 22.0 => 2,
        y if y < 25.0 => 3,
        _ => EDUCATIONS.len(),
    };
    let mut mark = draw.unit() * EDUCATIONS[..reachable].iter().map(|education| education.1).sum::<f64>();
    for (index, education) in EDUCATIONS[..reachable].iter().enumerate() {
        mark -= education.1;
        if mark < 0.0 {
            return index;
        }
    }
    0
}

fn occupation(draw: &mut Draw, years: f64) -> usize {
    let student = if years < 20.0 {
        0.9
    } else if years < 25.0 {
        0.45
    } else {
        0.02
    };
    let retired = if years >= 66.0 {
        0.9
    } else if years >= 60.0 {
        0.35
    } else {
        0.0
    };
    if draw.chance(student) {
        STUDENT
    } else if draw.chance(retired) {
        RETIRED
    } else {
        draw.below(WORKING)
    }
}

fn income(draw: &mut Draw, person: &Person, years: f64) -> i64 {
    let experience = (0.5 + (years - 18.0) / 30.0).clamp(0.5, 1.25);
    let work = match person.occupation {
        STUDENT => 0.35,
        RETIRED => 0.7,
        _ => 1.0,
    };
    let typical =
        COUNTRIES[person.country].income * ALL[person.kind].income * EDUCATIONS[person.education].2 * experience * work;
    ((typical * (0.3 * draw.normal()).exp() / 500.0).round() as i64).max(1) * 500
}
