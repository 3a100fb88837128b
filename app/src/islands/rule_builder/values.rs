//! Editors of values: texts with the real ones and their counts to choose from, numbers with their range, dates that are fixed or move with
//! the data, yes and no.

use super::condition::{At, choose};
use super::seed::{LiveValue, LiveValues};
use super::state::Builder;
use super::tree::Kind;
use crate::islands::browser::{self, Asked};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// From the last key to the question.
const ASK_AFTER_MS: i32 = 120;

pub fn editor(builder: Builder, at: At, kind: Kind, op: &str, scope: &str, field: &str) -> AnyView {
    let many = builder
        .tree
        .with_untracked(|tree| at.test(tree).is_some_and(|test| test.values.len() > 1));
    match (kind, op) {
        (_, "is_set" | "is_not_set" | "") => ().into_any(),
        (Kind::Text, "eq" | "ne") => picker(builder, at, scope.to_owned(), field.to_owned()),
        (Kind::YesNo, _) => yes_no(builder, at),
        (Kind::Date, "between") => view! {
            {date(builder, at, 0)}
            <span class="rule-word">{builder.word("and")}</span>
            {date(builder, at, 1)}
        }
        .into_any(),
        (Kind::Date, _) if !many => date(builder, at, 0),
        (Kind::Number, "between") => view! {
            {line(builder, at, Some(0), true)}
            <span class="rule-word">{builder.word("and")}</span>
            {line(builder, at, Some(1), true)}
            {range(scope, field)}
        }
        .into_any(),
        (Kind::Number, "eq" | "ne") | (Kind::Date, _) => line(builder, at, None, kind == Kind::Number),
        (Kind::Number, _) => view! { {line(builder, at, Some(0), true)}{range(scope, field)} }.into_any(),
        (Kind::Text, _) => line(builder, at, Some(0), false),
    }
}

fn key(at: At, place: usize) -> String {
    format!("value {at:?} {place}")
}

fn value_at(builder: Builder, at: At, place: usize) -> Signal<String> {
    Signal::derive(move || {
        builder.tree.with(|tree| {
            at.test(tree)
                .and_then(|test| test.values.get(place).cloned())
                .unwrap_or_default()
        })
    })
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
fn line(builder: Builder, at: At, place: Option<usize>, number: bool) -> AnyView {
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
    let class = if number { "input rule-number" } else { "input rule-text" };
    view! {
        <input
            class=class
            type="text"
            inputmode=number.then_some("decimal")
            autocomplete="off"
            aria-label=builder.word("value")
            prop:value=value
            on:input=move |event| take(event_target_value(&event))
        />
    }
    .into_any()
}

fn yes_no(builder: Builder, at: At) -> AnyView {
    let options = vec![
        (String::new(), "…".to_owned()),
        ("true".to_owned(), builder.word("yes")),
        ("false".to_owned(), builder.word("no")),
    ];
    choose(builder.word("value"), options, value_at(builder, at, 0), move |value| {
        set(builder, at, 0, value)
    })
}

/// A day of the calendar, or so many days before the day of the question.
fn date(builder: Builder, at: At, place: usize) -> AnyView {
    let value = value_at(builder, at, place);
    let moving = Memo::new(move |_| value.get().starts_with("ago:"));
    let options = vec![
        ("day".to_owned(), builder.word("on-day")),
        ("ago".to_owned(), builder.word("days-ago")),
    ];
    let way = Signal::derive(move || if moving.get() { "ago" } else { "day" }.to_owned());
    let take = move |way: String| {
        let value = if way == "ago" { "ago:30" } else { "" };
        set(builder, at, place, value.to_owned());
    };
    let input = move || {
        if moving.get() {
            view! {
                <input
                    class="input rule-number"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-label=builder.word("days-ago")
                    prop:value=move || value.get().trim_start_matches("ago:").to_owned()
                    on:input=move |event| set(builder, at, place, format!("ago:{}", event_target_value(&event)))
                />
            }
            .into_any()
        } else {
            view! {
                <input
                    class="input rule-date"
                    type="date"
                    aria-label=builder.word("on-day")
                    prop:value=move || value.get()
                    on:input=move |event| set(builder, at, place, event_target_value(&event))
                />
            }
            .into_any()
        }
    };
    view! { <span class="rule-pair">{choose(builder.word("date-way"), options, way, take)}{input}</span> }.into_any()
}

fn values_address(scope: &str, field: &str, like: &str) -> String {
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
fn range(scope: &str, field: &str) -> AnyView {
    let note = RwSignal::new(String::new());
    let asked = StoredValue::new(Asked::default());
    if !field.is_empty() {
        let begun = browser::ask_later(0, &values_address(scope, field, ""), String::new(), move |text| {
            let found = text.and_then(|text| serde_json::from_str::<LiveValues>(&text).ok());
            note.set(found.map(|found| found.note).unwrap_or_default());
        });
        asked.update_value(|held| held.replace(begun));
    }
    on_cleanup(move || asked.update_value(|held| held.replace(Asked::default())));
    view! { <span class="rule-range">{move || note.get()}</span> }.into_any()
}

/// Several texts, chosen from those that occur or typed.
fn picker(builder: Builder, at: At, scope: String, field: String) -> AnyView {
    let chosen = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| at.test(tree).map(|test| test.values.clone()).unwrap_or_default())
    });
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
            let answer = text
                .and_then(|text| serde_json::from_str::<LiveValues>(&text).ok())
                .unwrap_or_default();
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
                if let Some(last) = chosen.get_untracked().pop() {
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
    let chips = move || {
        chosen
            .get()
            .into_iter()
            .map(|value| {
                let text = builder.text(&value);
                let label = format!("{}: {text}", builder.word("remove"));
                view! {
                    <span class="chip rule-chip">
                        {text}
                        <button type="button" aria-label=label on:click=move |_| toggle(value.clone())>"×"</button>
                    </span>
                }
                .into_any()
            })
            .collect_view()
    };
    let option_id = {
        let list = list.clone();
        move |place: usize| format!("{list}-{place}")
    };
    let marked = {
        let option_id = option_id.clone();
        move || active.get().filter(|_| open.get()).map(&option_id)
    };
    let options = {
        let option_id = option_id.clone();
        move || {
            let rows = found.with(|found| found.values.clone());
            rows.into_iter()
                .enumerate()
                .map(|(place, row)| option(&option_id(place), place, row, chosen, active, toggle))
                .collect_view()
        }
    };
    let note = move || found.with(|found| found.note.clone());
    view! {
        <div class="rule-picker" on:focusout=move |event| if !browser::stays_inside(&event) { open.set(false) }>
            <div class="rule-chips">
                {chips}
                <input
                    class="rule-type"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    aria-label=builder.word("values")
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls=list.clone()
                    aria-autocomplete="list"
                    aria-activedescendant=marked
                    placeholder=move || if chosen.with(Vec::is_empty) { builder.word("choose-value") } else { String::new() }
                    prop:value=move || typed.get()
                    on:focus=move |_| {
                        open.set(true);
                        ask();
                    }
                    on:click=move |_| open.set(true)
                    on:input=move |event| {
                        typed.set(event_target_value(&event));
                        open.set(true);
                        ask();
                    }
                    on:keydown=keys
                />
            </div>
            <div class="rule-pop" hidden=move || !open.get()>
                <ul class="rule-options" id=list role="listbox" aria-label=builder.word("values") aria-multiselectable="true">{options}</ul>
                <p class="rule-note">{note}</p>
            </div>
        </div>
    }
    .into_any()
}

fn option(
    id: &str,
    place: usize,
    row: LiveValue,
    chosen: Memo<Vec<String>>,
    active: RwSignal<Option<usize>>,
    toggle: impl Fn(String) + Copy + 'static,
) -> AnyView {
    let own = StoredValue::new(row.value.clone());
    let selected = move || own.with_value(|own| chosen.with(|chosen| chosen.contains(own)));
    view! {
        <li
            id=id.to_owned()
            role="option"
            aria-selected=move || if selected() { "true" } else { "false" }
            class:active=move || active.get() == Some(place)
            on:mousedown=move |event| {
                // The field keeps the focus.
                event.prevent_default();
                toggle(own.get_value());
            }
        >
            <span class="rule-option-text">{row.text}</span>
            <svg viewBox="0 0 60 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width=format!("{:.1}", row.fraction.clamp(0.0, 1.0) * 60.0) height="6" rx="2" class="fill-d1"/>
            </svg>
            <span class="rule-option-count">{row.count}</span>
        </li>
    }
    .into_any()
}
