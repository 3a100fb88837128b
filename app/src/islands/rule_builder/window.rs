//! Around facts: when they happened, and conditions of their own.

use super::condition::{Choice, word};
use super::group::{group, quiet};
use super::parts::{Part, live, nothing, part, parts};
use super::state::Builder;
use super::tree::Window;
use super::values::{day, whole_number};
use leptos::prelude::*;
use std::rc::Rc;

/// Takes a changed window, with the key under which changes are one step back.
type Told = dyn Fn(&str, Window);

/// When it happened. Changes are told with the key under which they are one step back.
pub fn window_editor(
    builder: Builder,
    window: impl Fn() -> Window + Copy + Send + Sync + 'static,
    set: impl Fn(&str, Window) + 'static,
    key: String,
) -> Part {
    let set: Rc<Told> = Rc::new(set);
    let way = Memo::new(move |_| match window() {
        Window::Ever => "ever".to_owned(),
        Window::Days(_) => "days".to_owned(),
        Window::Dates(..) => "dates".to_owned(),
    });
    let options = ["ever", "days", "dates"].map(|way| (way.to_owned(), builder.word(&format!("window-{way}"))));
    let choose = Rc::clone(&set);
    let take = move |way: String| {
        let window = match way.as_str() {
            "days" => Window::Days("90".to_owned()),
            "dates" => Window::Dates(String::new(), String::new()),
            _ => Window::Ever,
        };
        choose("", window);
    };
    let days = move || match window() {
        Window::Days(days) => days,
        _ => String::new(),
    };
    let dates = move || match window() {
        Window::Dates(from, to) => [from, to],
        _ => Default::default(),
    };
    let set: Rc<dyn Fn(Window)> = Rc::new(move |window| set(&key, window));
    let end = {
        let set = Rc::clone(&set);
        move |last: usize, label: &str| {
            let set = Rc::clone(&set);
            let take = move |value: String| {
                let mut dates = untrack(dates);
                dates[last] = value;
                let [from, to] = dates;
                set(Window::Dates(from, to));
            };
            day(&builder.word(label))
                .value(move || std::mem::take(&mut dates()[last]))
                .on_value("input", take)
        }
    };
    let fields = move || match way.get().as_str() {
        "days" => {
            let set = Rc::clone(&set);
            let field = whole_number(&builder.word("window-days"))
                .value(days)
                .on_value("input", move |days| set(Window::Days(days)));
            parts([field, word(builder.word("days"))])
        }
        "dates" => parts([end(0, "from"), word(builder.word("before")), end(1, "before")]),
        _ => nothing(),
    };
    part("span")
        .class("rule-pair")
        .child(Choice::one(builder.word("window"), options.to_vec()).of(way.into(), take))
        .child(live(fields))
}

/// Only facts that fit: folded away while there are no conditions.
pub fn conditions(builder: Builder, filter: u32, facts: Signal<String>) -> Part {
    let some = builder
        .tree
        .with_untracked(|tree| tree.find(filter).is_some_and(|node| !node.children().is_empty()));
    let open = RwSignal::new(some);
    let fold = quiet("btn btn--quiet btn--small", builder.word("where"))
        .tells("aria-expanded", move || open.get())
        .on_click(move || open.update(|open| *open = !*open));
    part("div")
        .class("rule-where")
        .child(fold)
        .child(live(move || match open.get() {
            true => group(builder, filter, facts),
            false => nothing(),
        }))
}
