//! How campaigns are spoken of: names, days, verdicts, differences with their unit. Shared by pages and charts.

use crate::format::Format;
use crate::i18n::{Lang, named};
use crate::t;
use crate::ui::{Cell, Tone, chip};
use leptos::prelude::AnyView;
use types::campaigns::{CampaignRow, Lift, Verdict};

/// The campaign's name, or its id while no upload has named it.
pub fn name(row: &CampaignRow) -> String {
    row.name
        .clone()
        .filter(|name| !name.trim().is_empty())
        .unwrap_or_else(|| row.campaign_id.clone())
}

/// Channel and days, as far as they are known: `Mail · 1 Oct to 8 Oct 2026`.
pub fn place_and_time(format: &Format, row: &CampaignRow) -> String {
    let channel = row
        .channel
        .as_deref()
        .map(|channel| named(format.lang, "channel-", channel));
    let parts: Vec<String> = [channel, days(format, row)].into_iter().flatten().collect();
    parts.join(" · ")
}

/// The days of a campaign. Its last day belongs to it.
pub fn days(format: &Format, row: &CampaignRow) -> Option<String> {
    match (row.starts_at, row.ends_at) {
        (Some(start), Some(end)) if start <= end => Some(format.period(start, end.succ_opt().unwrap_or(end))),
        (Some(start), _) => Some(t!(format.lang, "campaign-since", day = format.day(start))),
        _ => None,
    }
}

/// `3,126 people`.
pub fn people(format: &Format, n: i64) -> String {
    t!(format.lang, "campaign-people", n = n, people = format.number(n))
}

/// Proven is said of a difference in either direction; the sign stands beside it.
pub fn verdict(lang: Lang, verdict: Verdict) -> String {
    named(lang, "campaign-verdict-", key(verdict))
}

pub fn verdict_cell(lang: Lang, of: Verdict) -> Cell {
    Cell::Chip(tone(of), verdict(lang, of))
}

pub fn verdict_chip(lang: Lang, of: Verdict) -> AnyView {
    chip(tone(of), verdict(lang, of))
}

fn tone(of: Verdict) -> Tone {
    match of {
        Verdict::Proven => Tone::Good,
        Verdict::NotProven => Tone::Warn,
        Verdict::NoHoldout => Tone::Neutral,
    }
}

fn key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "proven",
        Verdict::NotProven => "not-proven",
        Verdict::NoHoldout => "no-holdout",
    }
}

/// Whether an outcome is a share of people; otherwise it is an amount per person.
pub fn is_share(lift: &Lift) -> bool {
    lift.outcome != "spend"
}

/// The mean of one arm: a share, or money per person.
pub fn mean(format: &Format, lift: &Lift, value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if is_share(lift) => share(format, value),
        Some(value) => format.money(value),
    }
}

/// Two decimals, because a lift of half a point is a good one.
pub fn share(format: &Format, value: f64) -> String {
    let text = format.decimal(value * 100.0, 2);
    match format.lang {
        Lang::En => format!("{text}\u{202f}%"),
        Lang::ZhCn => format!("{text}%"),
    }
}

/// A difference between the arms with its sign: percentage points, or money per person.
pub fn difference(format: &Format, lift: &Lift, value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if is_share(lift) => {
            t!(format.lang, "campaign-points", value = format.signed(value * 100.0, 2))
        }
        Some(value) if value > 0.0 => format!("+{}", format.money(value)),
        Some(value) => format.money(value),
    }
}

/// Both ends of the interval, or a dash.
pub fn interval(format: &Format, lift: &Lift) -> String {
    match (lift.low, lift.high) {
        (Some(low), Some(high)) if is_share(lift) => {
            let (low, high) = (format.signed(low * 100.0, 2), format.signed(high * 100.0, 2));
            t!(
                format.lang,
                "campaign-points",
                value = t!(format.lang, "campaign-to", low = low, high = high)
            )
        }
        (Some(low), Some(high)) => {
            let (low, high) = (
                difference(format, lift, Some(low)),
                difference(format, lift, Some(high)),
            );
            t!(format.lang, "campaign-to", low = low, high = high)
        }
        _ => "–".to_owned(),
    }
}

/// The confidence level as whole percent: 95 %.
pub fn level(format: &Format, lift: &Lift) -> String {
    let text = format.decimal(lift.level * 100.0, 0);
    match format.lang {
        Lang::En => format!("{text}\u{202f}%"),
        Lang::ZhCn => format!("{text}%"),
    }
}

/// A probability the way people write one: `0.031`, `< 0.001`.
pub fn p(format: &Format, p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("= {}", format.decimal(p, 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::pages::tests::{campaign, lift};
    use chrono_tz::Tz;

    #[test]
    fn differences_carry_sign_and_unit() {
        let (en, zh) = (
            Format::new(Lang::En, "EUR", Tz::UTC),
            Format::new(Lang::ZhCn, "CNY", Tz::UTC),
        );
        let ordered = lift("ordered", Verdict::Proven);
        assert_eq!(difference(&en, &ordered, Some(0.0274)), "+2.74\u{202f}pt");
        assert_eq!(difference(&zh, &ordered, Some(-0.002)), "−0.20 个百分点");
        let spend = lift("spend", Verdict::Proven);
        assert_eq!(difference(&en, &spend, Some(1.5)), "+€\u{202f}1.50");
        assert_eq!(p(&en, 0.0004), "< 0.001");
        assert_eq!(level(&en, &ordered), "95\u{202f}%");
    }

    #[test]
    fn the_last_day_of_a_campaign_belongs_to_it() {
        let en = Format::new(Lang::En, "EUR", Tz::UTC);
        assert_eq!(days(&en, &campaign().row).unwrap(), "1 Oct to 8 Oct 2026");
    }
}
