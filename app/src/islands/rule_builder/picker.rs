//! Several texts, chosen from those that occur with their counts, or typed.

use super::condition::At;
use super::parts::{Part, each, live, part, parts, shape};
use super::seed::{LiveValue, LiveValues};
use super::state::Builder;
use super::values::values_address;
use crate::islands::browser::{self, Asked};
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::prelude::*;

/// From the last key to the question.
const ASK_AFTER_MS: i32 = 120;

pub fn picker(builder: Builder, at: At, scope: String, field: String) -> Part {
    let chosen = move || {
        builder
            .tree
            .with(|tree| at.test(tree).map(|test| test.values.clone()).unwrap_or_default())
    };
    let typed = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let found = RwSignal::new(LiveValues::default());
    let active = RwSignal::new(None::<usize>);
    let asked = StoredValue::new(Asked::default());
    let (At::Field(id) | At::Measure(id, _)) = at;
    let list = format!("rule-values-{id}");
    let place = StoredValue::new((scope, field));

    let ask = move || {
        let address = place.with_value(|(scope, field)| values_address(scope, field, &typed.get_untracked()));
        let begun = browser::ask_later(ASK_AFTER_MS, &address, String::new(), move |text| {
            let answer = LiveValues::read(text).unwrap_or_default();
            builder.texts.update(|texts| {
                for value in &answer.values {
                    if value.text != value.value && !texts.iter().any(|(known, _)| *known == value.value) {
                        texts.push((value.value.clone(), value.text.clone()));
                    }
                }
            });
            active.set(None);
            found.set(answer);
        });
        asked.update_value(|held| held.replace(begun));
    };
    on_cleanup(move || asked.update_value(|held| held.replace(Asked::default())));
    let toggle = move |value: String| {
        builder.change("", |tree| {
            at.edit(tree, |test| {
                match test.values.iter().position(|known| *known == value) {
                    Some(place) => {
                        test.values.remove(place);
                    }
                    None => test.values.push(value),
                }
            });
        });
        if !typed.get_untracked().is_empty() {
            typed.set(String::new());
            ask();
        }
    };
    let keys = move |event: KeyboardEvent| {
        let count = found.with_untracked(|found| found.values.len());
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !event.alt_key() && count > 0 => {
                event.prevent_default();
                open.set(true);
                let down = event.key() == "ArrowDown";
                active.update(|active| {
                    *active = Some(match (*active, down) {
                        (None, true) => 0,
                        (None, false) => count - 1,
                        (Some(at), true) => (at + 1) % count,
                        (Some(at), false) => (at + count - 1) % count,
                    });
                });
            }
            "Enter" => {
                event.prevent_default();
                let marked = active
                    .get_untracked()
                    .and_then(|at| found.with_untracked(|found| found.values.get(at).cloned()));
                match (marked, typed.get_untracked().trim()) {
                    (Some(value), _) => toggle(value.value),
                    (None, "") => {}
                    (None, text) => toggle(text.to_owned()),
                }
            }
            "Backspace" if typed.get_untracked().is_empty() => {
                if let Some(last) = untrack(chosen).pop() {
                    toggle(last);
                }
            }
            "Escape" if open.get_untracked() => {
                event.stop_propagation();
                open.set(false);
            }
            _ => {}
        }
    };
    // Known by their places: whoever takes one away with the keyboard stands on the next one.
    let chips = each(
        move || (0..).take(chosen().len()).collect(),
        move |place| {
            let value = move || chosen().get(place as usize).cloned().unwrap_or_default();
            let text = move || builder.text(&value());
            let away = part("button")
                .set("type", "button")
                .keeps("aria-label", move || format!("{}: {}", builder.word("remove"), text()))
                .on_click(move || toggle(untrack(value)))
                .text("×");
            part("span").class("chip rule-chip").says(text).child(away)
        },
    );
    let option_id = {
        let list = list.clone();
        move |place: usize| format!("{list}-{place}")
    };
    let marked = {
        let option_id = option_id.clone();
        move || {
            let place = active.get().filter(|_| open.get());
            place.map(&option_id).unwrap_or_default()
        }
    };
    let options = move || {
        found.with(|found| {
            let rows = found.values.iter().enumerate();
            parts(rows.map(|(place, row)| {
                let own = row.value.clone();
                let held = row.value.clone();
                option(row)
                    .set("id", &option_id(place))
                    .tells("aria-selected", move || chosen().contains(&own))
                    .class_while("active", move || active.get() == Some(place))
                    .on("mousedown", move |event: MouseEvent| {
                        // The field keeps the focus.
                        event.prevent_default();
                        toggle(held.clone());
                    })
            }))
        })
    };
    let invitation = move || match chosen().is_empty() {
        true => builder.word("choose-value"),
        false => String::new(),
    };
    let field = part("input")
        .class("rule-type")
        .set("type", "text")
        .set("role", "combobox")
        .set("autocomplete", "off")
        .set("aria-label", &builder.word("values"))
        .tells("aria-expanded", move || open.get())
        .set("aria-controls", &list)
        .set("aria-autocomplete", "list")
        .keeps_some("aria-activedescendant", marked)
        .keeps("placeholder", invitation)
        .value(move || typed.get())
        .on("focus", move |_: FocusEvent| {
            open.set(true);
            ask();
        })
        .on_click(move || open.set(true))
        .on_value("input", move |text| {
            typed.set(text);
            open.set(true);
            ask();
        })
        .on("keydown", keys);
    let rows = part("ul")
        .class("rule-options")
        .set("id", &list)
        .set("role", "listbox")
        .set("aria-label", &builder.word("values"))
        .set("aria-multiselectable", "true")
        .child(live(options));
    let note = part("p")
        .class("rule-note")
        .says(move || found.with(|found| found.note.clone()));
    part("div")
        .class("rule-picker")
        .on("focusout", move |event: FocusEvent| {
            if !browser::stays_inside(&event) {
                open.set(false);
            }
        })
        .child(part("div").class("rule-chips").child(chips).child(field))
        .child(
            part("div")
                .class("rule-pop")
                .set_while("hidden", move || !open.get())
                .child(rows)
                .child(note),
        )
}

/// A value with its count, also as a bar.
fn option(row: &LiveValue) -> Part {
    let width = format!("{:.1}", row.fraction.clamp(0.0, 1.0) * 60.0);
    let bar = shape("rect")
        .set("width", &width)
        .set("height", "6")
        .set("rx", "2")
        .class("fill-d1");
    part("li")
        .set("role", "option")
        .child(part("span").class("rule-option-text").text(&row.text))
        .child(
            shape("svg")
                .set("viewBox", "0 0 60 6")
                .set("preserveAspectRatio", "none")
                .set("aria-hidden", "true")
                .child(bar),
        )
        .child(part("span").class("rule-option-count").text(&row.count))
}
