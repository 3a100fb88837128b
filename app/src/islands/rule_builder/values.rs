//! Editors of values: numbers with their range, dates that are fixed or move with the data, yes and no. Texts are picked next door.

use super::condition::{At, Choice, word};
use super::parts::{Part, live, nothing, part, parts};
use super::picker::picker;
use super::seed::LiveValues;
use super::state::Builder;
use super::tree::Kind;
use crate::islands::browser::{self, Asked};
use leptos::prelude::*;

pub fn editor(builder: Builder, at: At, kind: Kind, op: &str, scope: &str, field: &str) -> Part {
    let many = builder
        .tree
        .with_untracked(|tree| at.test(tree).is_some_and(|test| test.values.len() > 1));
    match (kind, op) {
        (_, "is_set" | "is_not_set" | "") => nothing(),
        (Kind::Text, "eq" | "ne") => picker(builder, at, scope.to_owned(), field.to_owned()),
        (Kind::YesNo, _) => yes_no(builder, at),
        (Kind::Date, "between") => parts([date(builder, at, 0), word(builder.word("and")), date(builder, at, 1)]),
        (Kind::Date, _) if !many => date(builder, at, 0),
        (Kind::Number, "between") => parts([
            line(builder, at, Some(0), true),
            word(builder.word("and")),
            line(builder, at, Some(1), true),
            range(scope, field),
        ]),
        (Kind::Number, "eq" | "ne") | (Kind::Date, _) => line(builder, at, None, kind == Kind::Number),
        (Kind::Number, _) => parts([line(builder, at, Some(0), true), range(scope, field)]),
        (Kind::Text, _) => line(builder, at, Some(0), false),
    }
}

/// A field of one line.
pub fn input(class: &str, label: &str) -> Part {
    part("input")
        .class(class)
        .set("type", "text")
        .set("autocomplete", "off")
        .set("aria-label", label)
}

/// A field for whole numbers.
pub fn whole_number(label: &str) -> Part {
    input("input rule-number", label).set("inputmode", "numeric")
}

/// A field for a day of the calendar.
pub fn day(label: &str) -> Part {
    part("input")
        .class("input rule-date")
        .set("type", "date")
        .set("aria-label", label)
}

fn key(at: At, place: usize) -> String {
    format!("value {at:?} {place}")
}

fn value_at(builder: Builder, at: At, place: usize) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || {
        builder.tree.with(|tree| {
            at.test(tree)
                .and_then(|test| test.values.get(place).cloned())
                .unwrap_or_default()
        })
    }
}

fn set(builder: Builder, at: At, place: usize, value: String) {
    builder.change(&key(at, place), |tree| {
        at.edit(tree, |test| {
            while test.values.len() <= place {
                test.values.push(String::new());
            }
            test.values[place] = value;
        });
    });
}

/// One typed value, or several with commas between them when no place is given.
fn line(builder: Builder, at: At, place: Option<usize>, number: bool) -> Part {
    let value = move || {
        builder.tree.with(|tree| {
            let test = at.test(tree);
            match place {
                Some(place) => test
                    .and_then(|test| test.values.get(place).cloned())
                    .unwrap_or_default(),
                None => test.map(|test| test.values.join("; ")).unwrap_or_default(),
            }
        })
    };
    let take = move |text: String| match place {
        Some(place) => set(builder, at, place, text),
        None => builder.change(&key(at, 0), |tree| {
            at.edit(tree, |test| {
                test.values = text.split(';').map(|part| part.trim().to_owned()).collect();
            });
        }),
    };
    let label = builder.word("value");
    let field = match number {
        true => input("input rule-number", &label).set("inputmode", "decimal"),
        false => input("input rule-text", &label),
    };
    field.value(value).on_value("input", take)
}

fn yes_no(builder: Builder, at: At) -> Part {
    let options = vec![
        (String::new(), "…".to_owned()),
        ("true".to_owned(), builder.word("yes")),
        ("false".to_owned(), builder.word("no")),
    ];
    let held = Signal::derive(value_at(builder, at, 0));
    Choice::one(builder.word("value"), options).of(held, move |value| set(builder, at, 0, value))
}

/// A day of the calendar, or so many days before the day of the question.
fn date(builder: Builder, at: At, place: usize) -> Part {
    let value = value_at(builder, at, place);
    let moving = Memo::new(move |_| value().starts_with("ago:"));
    let options = vec![
        ("day".to_owned(), builder.word("on-day")),
        ("ago".to_owned(), builder.word("days-ago")),
    ];
    let way = Signal::derive(move || if moving.get() { "ago" } else { "day" }.to_owned());
    let take = move |way: String| {
        let value = if way == "ago" { "ago:30" } else { "" };
        set(builder, at, place, value.to_owned());
    };
    let field = move || match moving.get() {
        true => whole_number(&builder.word("days-ago"))
            .value(move || value().trim_start_matches("ago:").to_owned())
            .on_value("input", move |days| set(builder, at, place, format!("ago:{days}"))),
        false => day(&builder.word("on-day"))
            .value(value)
            .on_value("input", move |day| set(builder, at, place, day)),
    };
    part("span")
        .class("rule-pair")
        .child(Choice::one(builder.word("date-way"), options).of(way, take))
        .child(live(field))
}

pub fn values_address(scope: &str, field: &str, like: &str) -> String {
    format!(
        "/segments/values?of={}&field={}&like={}",
        encoded(scope),
        encoded(field),
        encoded(like)
    )
}

/// A part of an address.
fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| {
            if plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// From where to where the numbers go.
fn range(scope: &str, field: &str) -> Part {
    let note = RwSignal::new(String::new());
    let asked = StoredValue::new(Asked::default());
    if !field.is_empty() {
        let begun = browser::ask_later(0, &values_address(scope, field, ""), String::new(), move |text| {
            note.set(LiveValues::read(text).unwrap_or_default().note);
        });
        asked.update_value(|held| held.replace(begun));
    }
    on_cleanup(move || asked.update_value(|held| held.replace(Asked::default())));
    part("span").class("rule-range").says(move || note.get())
}
