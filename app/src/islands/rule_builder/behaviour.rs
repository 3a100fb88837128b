//! What customers did: facts in a window of time that fit conditions of their own, measured and compared; and one thing after another.

use super::condition::{At, choose, choose_among, comparison, field_parts};
use super::group;
use super::json::{FACTS, MEASURES};
use super::state::Builder;
use super::tree::{Behaviour, Kind, Node, Step, Test, Tree, What, Window};
use leptos::prelude::*;

fn facts_list(builder: Builder) -> Vec<(String, String)> {
    FACTS
        .map(|facts| (facts.to_owned(), builder.word(&format!("facts-{facts}"))))
        .to_vec()
}

fn of(tree: &Tree, id: u32) -> Option<&Behaviour> {
    match &tree.find(id)?.what {
        What::Behaviour(of) => Some(of),
        _ => None,
    }
}

fn edit(builder: Builder, id: u32, key: &str, change: impl FnOnce(&mut Behaviour)) {
    builder.change(key, |tree| {
        tree.edit(id, |node| {
            if let What::Behaviour(of) = &mut node.what {
                change(of);
            }
        });
    });
}

fn empty_group(builder: Builder) -> Box<Node> {
    let mut made = None;
    builder
        .tree
        .update_untracked(|tree| made = Some(tree.group(false, Vec::new())));
    Box::new(made.unwrap_or(Node {
        id: u32::MAX,
        not: false,
        what: What::Group {
            any: false,
            children: Vec::new(),
        },
    }))
}

pub fn behaviour(builder: Builder, id: u32) -> AnyView {
    let read = move |pick: fn(&Behaviour) -> String| {
        Memo::new(move |_| builder.tree.with(|tree| of(tree, id).map(pick).unwrap_or_default()))
    };
    let (facts, measure, field) = (
        read(|of| of.facts.clone()),
        read(|of| of.measure.clone()),
        read(|of| of.field.clone()),
    );
    let tests = Memo::new(move |_| builder.tree.with(|tree| of(tree, id).map_or(0, |of| of.tests.len())));
    let take_facts = move |chosen: String| {
        let filter = empty_group(builder);
        edit(builder, id, "", |of| {
            // Fields of other facts mean something else.
            of.filter = filter;
            of.facts = chosen;
            of.measure = "count".to_owned();
            of.field = String::new();
            of.tests = usual_tests();
        });
    };
    let take_measure = move |chosen: String| {
        edit(builder, id, "", |of| {
            of.tests = usual_tests();
            of.field = String::new();
            of.measure = chosen;
        });
    };
    let measures: Vec<(String, String)> = MEASURES
        .iter()
        .map(|measure| ((*measure).to_owned(), builder.word(&format!("measure-{measure}"))))
        .collect();
    let of_field = move || !matches!(measure.get().as_str(), "count" | "orders");
    let field_choice = move || {
        of_field().then(|| {
            let only_numbers = matches!(measure.get().as_str(), "sum" | "avg");
            let no_texts = matches!(measure.get().as_str(), "min" | "max");
            let scope = facts.get();
            let mut parts = field_parts(builder, &scope, "");
            for (_, fields) in &mut parts {
                fields.retain(|(name, _)| match builder.kind(&scope, name) {
                    Kind::Number => true,
                    Kind::Date => !only_numbers,
                    _ => !only_numbers && !no_texts,
                });
            }
            parts.insert(0, (String::new(), vec![(String::new(), builder.word("choose-field"))]));
            let take = move |chosen: String| {
                edit(builder, id, "", |of| {
                    of.tests = vec![Test {
                        op: "ge".to_owned(),
                        values: Vec::new(),
                    }];
                    of.field = chosen;
                });
            };
            choose_among(builder.word("field"), String::new(), "", parts, field.into(), take)
        })
    };
    let compared = move || {
        let kind = match measure.get().as_str() {
            "min" | "max" | "first" | "last" => builder.kind(&facts.get(), &field.get()),
            _ => Kind::Number,
        };
        // A count has no range of its own to tell of.
        let told = if of_field() && measure.get() != "sum" {
            field.get()
        } else {
            String::new()
        };
        (0..tests.get())
            .map(|place| {
                let and = (place > 0).then(|| view! { <span class="rule-word">{builder.word("and")}</span> });
                view! { {and}{comparison(builder, At::Measure(id, place), kind, facts.get(), told.clone())} }.into_any()
            })
            .collect_view()
    };
    let filter = Memo::new(move |_| builder.tree.with(|tree| of(tree, id).map(|of| of.filter.id)));
    let window = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| of(tree, id).map(|of| of.window.clone()).unwrap_or_default())
    });
    let set_window = move |key: String, window: Window| edit(builder, id, &key, |of| of.window = window);
    view! {
        {choose_among(
            builder.word("facts"),
            format!("rule-first-{id}"),
            "",
            vec![(String::new(), facts_list(builder))],
            facts.into(),
            take_facts,
        )}
        {choose(builder.word("measure"), measures, measure.into(), take_measure)}
        {field_choice}
        {compared}
        {window_editor(builder, window, set_window, format!("window {id}"))}
        {move || filter.get().map(|filter| conditions(builder, filter, facts.into()))}
    }
    .into_any()
}

fn usual_tests() -> Vec<Test> {
    vec![Test {
        op: "ge".to_owned(),
        values: vec!["1".to_owned()],
    }]
}

/// When it happened.
fn window_editor(
    builder: Builder,
    window: Memo<Window>,
    set: impl Fn(String, Window) + Copy + Send + Sync + 'static,
    key: String,
) -> AnyView {
    let way = Memo::new(move |_| match window.get() {
        Window::Ever => "ever".to_owned(),
        Window::Days(_) => "days".to_owned(),
        Window::Dates(..) => "dates".to_owned(),
    });
    let options = ["ever", "days", "dates"]
        .map(|way| (way.to_owned(), builder.word(&format!("window-{way}"))))
        .to_vec();
    let take = move |way: String| {
        let window = match way.as_str() {
            "days" => Window::Days("90".to_owned()),
            "dates" => Window::Dates(String::new(), String::new()),
            _ => Window::Ever,
        };
        set(String::new(), window);
    };
    let key = StoredValue::new(key);
    let inputs = move || match way.get().as_str() {
        "days" => view! {
            <input
                class="input rule-number"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                aria-label=builder.word("window-days")
                prop:value=move || match window.get() {
                    Window::Days(days) => days,
                    _ => String::new(),
                }
                on:input=move |event| set(key.get_value(), Window::Days(event_target_value(&event)))
            />
            <span class="rule-word">{builder.word("days")}</span>
        }
        .into_any(),
        "dates" => {
            let end = move |last: bool| {
                let dates = move || match window.get() {
                    Window::Dates(from, to) => (from, to),
                    _ => Default::default(),
                };
                view! {
                    <input
                        class="input rule-date"
                        type="date"
                        aria-label=builder.word(if last { "before" } else { "from" })
                        prop:value=move || if last { dates().1 } else { dates().0 }
                        on:input=move |event| {
                            let (from, to) = match window.get_untracked() {
                                Window::Dates(from, to) => (from, to),
                                _ => Default::default(),
                            };
                            let value = event_target_value(&event);
                            let window = if last { Window::Dates(from, value) } else { Window::Dates(value, to) };
                            set(key.get_value(), window);
                        }
                    />
                }
                .into_any()
            };
            view! { {end(false)}<span class="rule-word">{builder.word("before")}</span>{end(true)} }.into_any()
        }
        _ => ().into_any(),
    };
    view! { <span class="rule-pair">{choose(builder.word("window"), options, way.into(), take)}{inputs}</span> }
        .into_any()
}

/// Only facts that fit: folded away while there are no conditions.
fn conditions(builder: Builder, filter: u32, facts: Signal<String>) -> AnyView {
    let some = builder
        .tree
        .with_untracked(|tree| tree.find(filter).is_some_and(|node| !node.children().is_empty()));
    let open = RwSignal::new(some);
    view! {
        <div class="rule-where">
            <button
                class="btn btn--quiet btn--small"
                type="button"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {builder.word("where")}
            </button>
            {move || open.get().then(|| group::group(builder, filter, facts))}
        </div>
    }
    .into_any()
}

fn steps_of(tree: &Tree, id: u32) -> &[Step] {
    match tree.find(id).map(|node| &node.what) {
        Some(What::Sequence { steps, .. }) => steps,
        _ => &[],
    }
}

fn edit_steps(builder: Builder, id: u32, key: &str, change: impl FnOnce(&mut Vec<Step>)) {
    builder.change(key, |tree| {
        tree.edit(id, |node| {
            if let What::Sequence { steps, .. } = &mut node.what {
                change(steps);
            }
        });
    });
}

/// Steps that a sequence may have.
const MOST_STEPS: usize = 8;

/// One thing after another.
pub fn sequence(builder: Builder, id: u32) -> AnyView {
    let steps = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| steps_of(tree, id).iter().map(|step| step.filter.id).collect::<Vec<_>>())
    });
    let within = move || {
        builder.tree.with(|tree| match tree.find(id).map(|node| &node.what) {
            Some(What::Sequence { within, .. }) => within.clone(),
            _ => String::new(),
        })
    };
    let take = move |text: String| {
        builder.change(&format!("within {id}"), |tree| {
            tree.edit(id, |node| {
                if let What::Sequence { within, .. } = &mut node.what {
                    *within = text;
                }
            });
        });
    };
    let add = move |_| {
        let filter = empty_group(builder);
        edit_steps(builder, id, "", |steps| {
            steps.push(Step {
                facts: "orders".to_owned(),
                window: Window::Ever,
                filter,
            });
        });
    };
    view! {
        <div class="rule-sequence">
            <span class="rule-pair">
                <span class="rule-word">{builder.word("within")}</span>
                <input
                    class="input rule-number"
                    id=format!("rule-first-{id}")
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-label=builder.word("within")
                    placeholder="∞"
                    prop:value=within
                    on:input=move |event| take(event_target_value(&event))
                />
                <span class="rule-word">{builder.word("days-after-another")}</span>
            </span>
            <ol class="rule-steps">
                <For each=move || steps.get() key=|filter| *filter let:filter>
                    {step(builder, id, filter, steps)}
                </For>
            </ol>
            <button
                class="btn btn--quiet btn--small"
                type="button"
                disabled=move || steps.with(|steps| steps.len() >= MOST_STEPS)
                on:click=add
            >
                {builder.word("add-step")}
            </button>
        </div>
    }
    .into_any()
}

/// A step is known by the group of its conditions.
fn step(builder: Builder, id: u32, filter: u32, steps: Memo<Vec<u32>>) -> AnyView {
    let place = move || steps.with(|steps| steps.iter().position(|step| *step == filter));
    let of = move |tree: &Tree| steps_of(tree, id).iter().find(|step| step.filter.id == filter).cloned();
    let facts = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| of(tree).map(|step| step.facts).unwrap_or_default())
    });
    let window = Memo::new(move |_| {
        builder
            .tree
            .with(|tree| of(tree).map(|step| step.window).unwrap_or_default())
    });
    let change = move |key: &str, change: &dyn Fn(&mut Step)| {
        edit_steps(builder, id, key, |steps| {
            if let Some(step) = steps.iter_mut().find(|step| step.filter.id == filter) {
                change(step);
            }
        });
    };
    let take_facts = move |chosen: String| {
        let fresh = empty_group(builder);
        edit_steps(builder, id, "", |steps| {
            if let Some(step) = steps.iter_mut().find(|step| step.filter.id == filter) {
                step.facts = chosen;
                step.filter = fresh;
            }
        });
    };
    let set_window = move |key: String, window: Window| change(&key, &move |step| step.window = window.clone());
    let shift = move |by: isize| {
        edit_steps(builder, id, "", |steps| {
            if let Some(place) = steps.iter().position(|step| step.filter.id == filter)
                && let Some(to) = place.checked_add_signed(by).filter(|to| *to < steps.len())
            {
                steps.swap(place, to);
            }
        });
    };
    let remove = move |_| edit_steps(builder, id, "", |steps| steps.retain(|step| step.filter.id != filter));
    view! {
        <li class="rule-step">
            <div class="rule-line">
                {choose(builder.word("facts"), facts_list(builder), facts.into(), take_facts)}
                {window_editor(builder, window, set_window, format!("window {filter}"))}
                {conditions(builder, filter, facts.into())}
            </div>
            <span class="rule-step-end">
                <button
                    class="btn btn--quiet btn--icon btn--small"
                    type="button"
                    aria-label=builder.word("up")
                    disabled=move || place() == Some(0)
                    on:click=move |_| shift(-1)
                >
                    "↑"
                </button>
                <button
                    class="btn btn--quiet btn--icon btn--small"
                    type="button"
                    aria-label=builder.word("down")
                    disabled=move || steps.with(|steps| place() == steps.len().checked_sub(1))
                    on:click=move |_| shift(1)
                >
                    "↓"
                </button>
                <button
                    class="btn btn--quiet btn--icon btn--small"
                    type="button"
                    aria-label=builder.word("remove")
                    disabled=move || steps.with(|steps| steps.len() <= 2)
                    on:click=remove
                >
                    "×"
                </button>
            </span>
        </li>
    }
    .into_any()
}
