//! One thing after another: steps, each with facts, a window of time and conditions.

use super::behaviour::{empty_group, facts_list};
use super::condition::{Choice, word};
use super::group::quiet;
use super::parts::{Part, each, part};
use super::state::Builder;
use super::tree::{Node, Step, What, Window};
use super::values::whole_number;
use super::window::{conditions, window_editor};
use leptos::prelude::*;

fn steps_of(node: &Node) -> &[Step] {
    match &node.what {
        What::Sequence { steps, .. } => steps,
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

fn edit_step(builder: Builder, id: u32, filter: u32, key: &str, change: impl FnOnce(&mut Step)) {
    edit_steps(builder, id, key, |steps| {
        if let Some(step) = steps.iter_mut().find(|step| step.filter.id == filter) {
            change(step);
        }
    });
}

/// Steps that a sequence may have.
const MOST_STEPS: usize = 8;

/// One thing after another.
pub fn sequence(builder: Builder, id: u32) -> Part {
    let steps = Memo::new(move |_| {
        builder.about(id, |node| {
            steps_of(node).iter().map(|step| step.filter.id).collect::<Vec<_>>()
        })
    });
    let within = move || {
        builder.about(id, |node| match &node.what {
            What::Sequence { within, .. } => within.clone(),
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
    let add = move || {
        let filter = empty_group(builder);
        edit_steps(builder, id, "", |steps| {
            steps.push(Step {
                facts: "orders".to_owned(),
                window: Window::Ever,
                filter,
            });
        });
    };
    let field = whole_number(&builder.word("within"))
        .set("id", &format!("rule-first-{id}"))
        .set("placeholder", "∞")
        .value(within)
        .on_value("input", take);
    let days = part("span")
        .class("rule-pair")
        .child(word(builder.word("within")))
        .child(field)
        .child(word(builder.word("days-after-another")));
    let list = each(move || steps.get(), move |filter| step(builder, id, filter, steps));
    part("div")
        .class("rule-sequence")
        .child(days)
        .child(part("ol").class("rule-steps").child(list))
        .child(
            quiet("btn btn--quiet btn--small", builder.word("add-step"))
                .set_while("disabled", move || steps.with(|steps| steps.len() >= MOST_STEPS))
                .on_click(add),
        )
}

/// A step is known by the group of its conditions.
fn step(builder: Builder, id: u32, filter: u32, steps: Memo<Vec<u32>>) -> Part {
    let place = move || steps.with(|steps| steps.iter().position(|step| *step == filter));
    let own = move || {
        builder.about(id, |node| {
            let found = steps_of(node).iter().find(|step| step.filter.id == filter);
            found
                .map(|step| (step.facts.clone(), step.window.clone()))
                .unwrap_or_default()
        })
    };
    let facts = Memo::new(move |_| own().0);
    let window = move || own().1;
    let take_facts = move |chosen: String| {
        let fresh = empty_group(builder);
        edit_step(builder, id, filter, "", |step| {
            step.facts = chosen;
            step.filter = fresh;
        });
    };
    let set_window = move |key: &str, window: Window| {
        edit_step(builder, id, filter, key, |step| step.window = window);
    };
    let shift = move |by: isize| {
        edit_steps(builder, id, "", |steps| {
            if let Some(place) = steps.iter().position(|step| step.filter.id == filter)
                && let Some(to) = place.checked_add_signed(by).filter(|to| *to < steps.len())
            {
                steps.swap(place, to);
            }
        });
    };
    let remove = move || edit_steps(builder, id, "", |steps| steps.retain(|step| step.filter.id != filter));
    let button = |label: &str, sign: &str| {
        quiet("btn btn--quiet btn--icon btn--small", sign.to_owned()).set("aria-label", &builder.word(label))
    };
    let line = part("div")
        .class("rule-line")
        .child(Choice::one(builder.word("facts"), facts_list(builder)).of(facts.into(), take_facts))
        .child(window_editor(builder, window, set_window, format!("window {filter}")))
        .child(conditions(builder, filter, facts.into()));
    let end = part("span")
        .class("rule-step-end")
        .child(
            button("up", "↑")
                .set_while("disabled", move || place() == Some(0))
                .on_click(move || shift(-1)),
        )
        .child(
            button("down", "↓")
                .set_while("disabled", move || {
                    steps.with(|steps| place() == steps.len().checked_sub(1))
                })
                .on_click(move || shift(1)),
        )
        .child(
            button("remove", "×")
                .set_while("disabled", move || steps.with(|steps| steps.len() <= 2))
                .on_click(remove),
        );
    part("li").class("rule-step").child(line).child(end)
}
