//! Writes the numbers of an axis. Everything that depends on a language is a field, so nothing here knows one.

use serde::{Deserialize, Serialize};

const MINUS: char = '\u{2212}';
/// Between a number and its unit; it never breaks a line.
const THIN: char = '\u{202f}';

/// How the numbers of one axis are written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberFormat {
    /// Digits after the point in a value. Ticks have as many as their distance needs, and no more.
    pub decimals: u8,
    /// The value is multiplied by this first: 100 for percent.
    pub times: f64,
    /// Before the number: `€ `.
    pub prefix: String,
    /// After the number and its step: ` %`, ` days`.
    pub suffix: String,
    /// Shortened forms, in any order; the largest that fits is used.
    pub steps: Vec<Step>,
    pub thousands: String,
    pub point: String,
}

/// From this size on a number is divided by it and gets a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub size: f64,
    pub name: String,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self {
            decimals: 1,
            times: 1.0,
            prefix: String::new(),
            suffix: String::new(),
            steps: Vec::new(),
            thousands: ",".to_owned(),
            point: ".".to_owned(),
        }
    }
}

impl NumberFormat {
    /// Counts: 1,234.
    pub fn whole() -> Self {
        Self::decimals(0)
    }

    pub fn decimals(decimals: u8) -> Self {
        Self {
            decimals,
            ..Self::default()
        }
    }

    /// Shares from 0 to 1, written as 41.0 %.
    pub fn percent(decimals: u8) -> Self {
        Self {
            times: 100.0,
            suffix: format!("{THIN}%"),
            ..Self::decimals(decimals)
        }
    }

    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            ..self
        }
    }

    #[must_use]
    pub fn suffix(self, suffix: impl Into<String>) -> Self {
        Self {
            suffix: suffix.into(),
            ..self
        }
    }

    /// Shortens as English does: k, M, bn.
    #[must_use]
    pub fn short_english(self) -> Self {
        self.short(&[(1e3, "k"), (1e6, "M"), (1e9, "bn")])
    }

    /// Shortens as Chinese does: 万, 亿.
    #[must_use]
    pub fn short_chinese(self) -> Self {
        self.short(&[(1e4, "万"), (1e8, "亿")])
    }

    fn short(self, steps: &[(f64, &str)]) -> Self {
        let steps = steps
            .iter()
            .map(|(size, name)| Step {
                size: *size,
                name: (*name).to_owned(),
            })
            .collect();
        Self { steps, ..self }
    }

    /// One value by itself. A value that is not finite is a dash.
    pub fn write(&self, value: f64) -> String {
        let value = value * self.times;
        if !value.is_finite() {
            return "–".to_owned();
        }
        let step = self.step_for(value.abs());
        self.compose(value, step, usize::from(self.decimals))
    }

    /// The ticks of one axis: all in the same step and with the same number of decimals, as few as tell them apart exactly.
    pub fn write_ticks(&self, ticks: &[f64]) -> Vec<String> {
        let values: Vec<f64> = ticks.iter().map(|t| t * self.times).collect();
        let largest = values
            .iter()
            .filter(|v| v.is_finite())
            .fold(0.0f64, |most, v| most.max(v.abs()));
        let step = self.step_for(largest);
        let size = step.map_or(1.0, |s| s.size);
        let exact = |decimals: usize| {
            let power = 10f64.powi(decimals as i32);
            values.iter().all(|v| {
                let scaled = v / size * power;
                !scaled.is_finite() || (scaled - scaled.round()).abs() <= 1e-6 * scaled.abs().max(1e-3)
            })
        };
        let decimals = (0..6).find(|d| exact(*d)).unwrap_or(6);
        values
            .iter()
            .map(|v| {
                if v.is_finite() {
                    self.compose(*v, step, decimals)
                } else {
                    "–".to_owned()
                }
            })
            .collect()
    }

    fn step_for(&self, size: f64) -> Option<&Step> {
        self.steps
            .iter()
            .filter(|step| step.size > 0.0 && size >= step.size)
            .max_by(|a, b| a.size.total_cmp(&b.size))
    }

    fn compose(&self, value: f64, step: Option<&Step>, decimals: usize) -> String {
        let (size, name) = step.map_or((1.0, String::new()), |s| (s.size, format!("{THIN}{}", s.name)));
        let digits = format!("{:.decimals$}", (value / size).abs());
        let zero = digits.chars().all(|c| matches!(c, '0' | '.'));
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let mut text = String::with_capacity(digits.len() + 12);
        if value < 0.0 && !zero {
            text.push(MINUS);
        }
        text.push_str(&self.prefix);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push_str(&self.thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(&self.point);
            text.push_str(fraction);
        }
        text.push_str(&name);
        text.push_str(&self.suffix);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_values_as_people_do() {
        assert_eq!(NumberFormat::whole().write(1234567.0), "1,234,567");
        assert_eq!(NumberFormat::whole().write(-0.2), "0");
        assert_eq!(NumberFormat::percent(1).write(0.0986), "9.9\u{202f}%");
        assert_eq!(
            NumberFormat::decimals(2).prefix("€ ").write(-1234.5),
            "\u{2212}€ 1,234.50"
        );
        assert_eq!(
            NumberFormat::decimals(2)
                .prefix("€ ")
                .short_english()
                .write(13_420_000.0),
            "€ 13.42\u{202f}M"
        );
        assert_eq!(NumberFormat::whole().short_chinese().write(125_000.0), "12\u{202f}万");
        assert_eq!(NumberFormat::whole().write(f64::NAN), "–");
    }

    #[test]
    fn ticks_share_their_step_and_show_no_needless_digit() {
        let ticks = [0.0, 60_000.0, 120_000.0];
        assert_eq!(
            NumberFormat::whole().short_english().write_ticks(&ticks),
            ["0\u{202f}k", "60\u{202f}k", "120\u{202f}k"]
        );
        assert_eq!(
            NumberFormat::whole().short_chinese().write_ticks(&ticks),
            ["0\u{202f}万", "6\u{202f}万", "12\u{202f}万"]
        );
        assert_eq!(
            NumberFormat::percent(1).write_ticks(&[0.0, 0.05, 0.1]),
            ["0\u{202f}%", "5\u{202f}%", "10\u{202f}%"]
        );
        assert_eq!(
            NumberFormat::whole().write_ticks(&[-0.5, 0.0, 0.5]),
            ["\u{2212}0.5", "0.0", "0.5"]
        );
        assert_eq!(NumberFormat::default().write_ticks(&[]), Vec::<String>::new());
    }

    #[test]
    fn any_number_is_written() {
        for value in [f64::MAX, f64::MIN_POSITIVE, -f64::MAX, f64::INFINITY, 1e-300] {
            assert!(!NumberFormat::whole().short_english().write(value).is_empty());
            assert_eq!(NumberFormat::percent(2).write_ticks(&[value]).len(), 1);
        }
    }
}
