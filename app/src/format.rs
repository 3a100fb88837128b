//! Writes numbers, money, shares and times the way the reader's language does. Times are those of the installation's zone.
//! Knows nothing of what the numbers mean.

use crate::i18n::Lang;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

/// Language, currency and time zone together: everything that decides how a value looks.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub lang: Lang,
    /// ISO code of the installation's currency, three capitals.
    currency: [u8; 3],
    pub zone: Tz,
}

const MINUS: char = '\u{2212}';
/// Between a number and its unit; it never breaks a line.
const THIN: char = '\u{202f}';
const NONE: &str = "–";

impl Format {
    pub fn new(lang: Lang, currency: &str, zone: Tz) -> Format {
        let mut code = *b"EUR";
        if let Ok(given) = <[u8; 3]>::try_from(currency.as_bytes()) {
            code = given;
        }
        Format {
            lang,
            currency: code,
            zone,
        }
    }

    pub fn currency(&self) -> String {
        String::from_utf8_lossy(&self.currency).into_owned()
    }

    /// A whole number with thousands separated.
    pub fn number(&self, value: i64) -> String {
        grouped(value < 0, &value.unsigned_abs().to_string())
    }

    /// A number with a fixed count of decimals, thousands separated.
    pub fn decimal(&self, value: f64, places: usize) -> String {
        if !value.is_finite() {
            return NONE.to_owned();
        }
        let text = format!("{:.places$}", value.abs());
        let zero = text.chars().all(|c| matches!(c, '0' | '.'));
        match text.split_once('.') {
            Some((whole, part)) => format!("{}.{part}", grouped(value < 0.0 && !zero, whole)),
            None => grouped(value < 0.0 && !zero, &text),
        }
    }

    /// A ratio such as ROI, or a dash when it has no base.
    pub fn ratio(&self, value: Option<f64>) -> String {
        value.map_or_else(|| NONE.to_owned(), |value| self.decimal(value, 2))
    }

    /// A fraction as percent with one decimal, or two below one percent: 0.118 is `11.8 %`.
    pub fn percent(&self, fraction: f64) -> String {
        if !fraction.is_finite() {
            return NONE.to_owned();
        }
        let value = fraction * 100.0;
        if value != 0.0 && value.abs() < 0.005 {
            return self.with_unit("< 0.01".to_owned(), "%");
        }
        let places = if value != 0.0 && value.abs() < 0.95 { 2 } else { 1 };
        self.with_unit(self.decimal(value, places), "%")
    }

    /// The level of an interval: 0.95 is `95 %`.
    pub fn level(&self, fraction: f64) -> String {
        self.with_unit(self.decimal(fraction * 100.0, 0), "%")
    }

    /// The difference of two fractions in percentage points, with its sign.
    pub fn points(&self, difference: f64) -> String {
        let value = self.signed(difference * 100.0, 1);
        match self.lang {
            Lang::En => format!("{value}{THIN}pt"),
            Lang::ZhCn => format!("{value} 个百分点"),
        }
    }

    /// A number that always shows its sign.
    pub fn signed(&self, value: f64, places: usize) -> String {
        let text = self.decimal(value, places);
        if value > 0.0 { format!("+{text}") } else { text }
    }

    /// An amount of the installation's currency. Above 1,000 without decimals, because nobody reads them.
    pub fn money(&self, amount: f64) -> String {
        let places = if amount.abs() >= 1_000.0 || amount == 0.0 { 0 } else { 2 };
        self.with_symbol(amount, &self.decimal(amount.abs(), places))
    }

    pub fn money_or_none(&self, amount: Option<f64>) -> String {
        amount.map_or_else(|| NONE.to_owned(), |amount| self.money(amount))
    }

    /// An amount shortened to three or four figures: `€ 13.42 M`, `€1,342 万`.
    pub fn money_short(&self, amount: f64) -> String {
        let steps: &[(f64, &str)] = match self.lang {
            Lang::En => &[(1e9, "bn"), (1e6, "M")],
            Lang::ZhCn => &[(1e8, "亿"), (1e4, "万")],
        };
        for (step, name) in steps {
            let value = amount.abs() / step;
            if value >= 1.0 && (amount.abs() >= 1e6 || self.lang == Lang::ZhCn) {
                let places = if value >= 1_000.0 {
                    0
                } else if value >= 100.0 {
                    1
                } else {
                    2
                };
                let text = self.decimal(value, places);
                return self.with_symbol(amount, &format!("{text}{THIN}{name}"));
            }
        }
        self.money(amount)
    }

    pub fn day(&self, date: NaiveDate) -> String {
        match self.lang {
            Lang::En => date.format("%-d %b %Y").to_string(),
            Lang::ZhCn => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        }
    }

    /// A day without its year, for axes and short lists.
    pub fn day_short(&self, date: NaiveDate) -> String {
        match self.lang {
            Lang::En => date.format("%-d %b").to_string(),
            Lang::ZhCn => format!("{}月{}日", date.month(), date.day()),
        }
    }

    pub fn month(&self, date: NaiveDate) -> String {
        match self.lang {
            Lang::En => date.format("%B %Y").to_string(),
            Lang::ZhCn => format!("{}年{}月", date.year(), date.month()),
        }
    }

    pub fn month_short(&self, date: NaiveDate) -> String {
        match self.lang {
            Lang::En => date.format("%b").to_string(),
            Lang::ZhCn => format!("{}月", date.month()),
        }
    }

    /// The first and the last day of a period whose end is excluded.
    pub fn period(&self, from: NaiveDate, to: NaiveDate) -> String {
        let last = to.pred_opt().unwrap_or(to);
        let joined = match self.lang {
            Lang::En => " to ",
            Lang::ZhCn => "至",
        };
        if last <= from {
            return self.day(from);
        }
        let start = if from.year() == last.year() {
            self.day_short(from)
        } else {
            self.day(from)
        };
        match self.lang {
            Lang::En => format!("{start}{joined}{}", self.day(last)),
            // Chinese writes the year first, so the short form is the end and not the start.
            Lang::ZhCn if from.year() == last.year() => format!("{}{joined}{}", self.day(from), self.day_short(last)),
            Lang::ZhCn => format!("{}{joined}{}", self.day(from), self.day(last)),
        }
    }

    /// Date and time of day in the installation's zone.
    pub fn time(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let separator = match self.lang {
            Lang::En => ", ",
            Lang::ZhCn => " ",
        };
        format!("{}{separator}{}", self.day(local.date_naive()), local.format("%H:%M"))
    }

    pub fn time_or_none(&self, at: Option<DateTime<Utc>>) -> String {
        at.map_or_else(|| NONE.to_owned(), |at| self.time(at))
    }

    /// The local date of an instant.
    pub fn local_day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The local hour of an instant, 0 to 23.
    pub fn local_hour(&self, at: DateTime<Utc>) -> u32 {
        at.with_timezone(&self.zone).hour()
    }

    /// A length of time from milliseconds: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`.
    pub fn duration(&self, milliseconds: i64) -> String {
        let milliseconds = milliseconds.max(0);
        let seconds = milliseconds / 1_000;
        match seconds {
            0..10 => format!("{:.1}{THIN}s", milliseconds as f64 / 1_000.0),
            10..60 => format!("{seconds}{THIN}s"),
            60..3_600 => format!("{}{THIN}min {:02}{THIN}s", seconds / 60, seconds % 60),
            _ => format!("{}{THIN}h {:02}{THIN}min", seconds / 3_600, seconds % 3_600 / 60),
        }
    }

    /// The size of a file: `812 kB`, `64.2 MB`.
    pub fn bytes(&self, bytes: i64) -> String {
        let value = bytes.max(0) as f64;
        match value {
            v if v < 1e3 => format!("{bytes}{THIN}B"),
            v if v < 1e6 => format!("{:.0}{THIN}kB", v / 1e3),
            v if v < 1e9 => format!("{:.1}{THIN}MB", v / 1e6),
            v => format!("{:.2}{THIN}GB", v / 1e9),
        }
    }

    fn with_unit(&self, number: String, unit: &str) -> String {
        match self.lang {
            Lang::En => format!("{number}{THIN}{unit}"),
            Lang::ZhCn => format!("{number}{unit}"),
        }
    }

    /// The sign of the installation's currency, or its code where it has none that is understood everywhere.
    pub fn symbol(&self) -> String {
        let code = self.currency();
        match code.as_str() {
            "EUR" => "€".to_owned(),
            "CNY" => "¥".to_owned(),
            "USD" => "$".to_owned(),
            "GBP" => "£".to_owned(),
            "JPY" => "JP¥".to_owned(),
            _ => code,
        }
    }

    fn with_symbol(&self, amount: f64, number: &str) -> String {
        let symbol = self.symbol();
        let sign = if amount < 0.0 { MINUS.to_string() } else { String::new() };
        match self.lang {
            Lang::En => format!("{sign}{symbol}{THIN}{number}"),
            Lang::ZhCn if symbol.len() == 3 && symbol.is_ascii() => format!("{sign}{symbol} {number}"),
            Lang::ZhCn => format!("{sign}{symbol}{number}"),
        }
    }
}

fn grouped(negative: bool, digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if negative {
        text.push(MINUS);
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn en() -> Format {
        Format::new(Lang::En, "EUR", Tz::Asia__Shanghai)
    }

    fn zh() -> Format {
        Format::new(Lang::ZhCn, "CNY", Tz::Asia__Shanghai)
    }

    #[test]
    fn numbers_have_thousands() {
        assert_eq!(en().number(1_000_000), "1,000,000");
        assert_eq!(en().number(-12_345), "−12,345");
        assert_eq!(en().number(999), "999");
        assert_eq!(en().decimal(1234.567, 2), "1,234.57");
        assert_eq!(en().decimal(-0.001, 2), "0.00");
        assert_eq!(en().signed(2.5, 1), "+2.5");
        assert_eq!(en().ratio(None), "–");
    }

    #[test]
    fn shares_are_percent() {
        assert_eq!(en().percent(0.118), "11.8\u{202f}%");
        assert_eq!(zh().percent(0.118), "11.8%");
        assert_eq!(zh().percent(0.0021), "0.21%");
        assert_eq!(zh().percent(0.000_022), "< 0.01%");
        assert_eq!(en().level(0.95), "95\u{202f}%");
        assert_eq!(en().points(-0.006), "−0.6\u{202f}pt");
    }

    #[test]
    fn money_names_its_currency() {
        assert_eq!(en().money(29_470.4), "€\u{202f}29,470");
        assert_eq!(en().money(-18.4), "−€\u{202f}18.40");
        assert_eq!(zh().money(29_470.0), "¥29,470");
        assert_eq!(en().money_short(13_420_000.0), "€\u{202f}13.42\u{202f}M");
        assert_eq!(zh().money_short(13_420_000.0), "¥1,342\u{202f}万");
        assert_eq!(Format::new(Lang::ZhCn, "CHF", Tz::UTC).money(5.0), "CHF 5.00");
    }

    #[test]
    fn times_are_local() {
        let late = Utc.with_ymd_and_hms(2026, 11, 21, 16, 30, 0).unwrap();
        assert_eq!(en().time(late), "22 Nov 2026, 00:30");
        assert_eq!(zh().time(late), "2026年11月22日 00:30");
        assert_eq!(en().local_day(late), NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
    }

    #[test]
    fn periods_show_their_last_day() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        assert_eq!(en().period(day(10, 1), day(10, 9)), "1 Oct to 8 Oct 2026");
        assert_eq!(zh().period(day(10, 1), day(10, 9)), "2026年10月1日至10月8日");
        assert_eq!(en().period(day(10, 1), day(10, 2)), "1 Oct 2026");
    }

    #[test]
    fn lengths_and_sizes_are_short() {
        assert_eq!(en().duration(420), "0.4\u{202f}s");
        assert_eq!(en().duration(185_000), "3\u{202f}min 05\u{202f}s");
        assert_eq!(en().bytes(64_200_000), "64.2\u{202f}MB");
    }
}
