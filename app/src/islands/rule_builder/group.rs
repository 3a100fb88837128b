//! Groups: all of these or any of these, what stands in them, and the ways to add, turn round and drop.

use super::adder::adder;
use super::behaviour;
use super::condition::{self, Choice};
use super::live::{bar, percent, track};
use super::menu;
use super::parts::{Part, each, live, nothing, part, parts};
use super::seed::LiveLeft;
use super::sequence;
use super::state::Builder;
use super::tree::{Node, Tree, What};
use crate::islands::browser;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::prelude::*;

/// The whole rule with its own bar.
pub fn whole(builder: Builder) -> Part {
    let root = Memo::new(move |_| builder.tree.with(|tree| tree.root.id));
    let scope = Signal::stored("customers".to_owned());
    let bar = part("div")
        .class("builder-bar")
        .child(part("h2").text(&builder.word("rule")))
        .child(part("span").class("builder-bar-grow"))
        .child(
            quiet("btn btn--quiet btn--small", builder.word("undo"))
                .set_while("disabled", move || !builder.can_undo())
                .on_click(move || builder.undo()),
        )
        .child(
            quiet("btn btn--quiet btn--small", builder.word("redo"))
                .set_while("disabled", move || !builder.can_redo())
                .on_click(move || builder.redo()),
        );
    let unreadable = part("p")
        .class("notice notice--warn")
        .set_while("hidden", move || !builder.unreadable.get())
        .text(&builder.word("unreadable"));
    parts([bar, unreadable, live(move || group(builder, root.get(), scope))])
}

/// A button that sends no form.
pub fn quiet(class: &str, text: String) -> Part {
    part("button").class(class).set("type", "button").text(&text)
}

fn is_any(node: &Node) -> bool {
    matches!(node.what, What::Group { any: true, .. })
}

/// The inside of a group.
pub fn group(builder: Builder, id: u32, scope: Signal<String>) -> Part {
    let any = Memo::new(move |_| builder.about(id, is_any));
    let children = Memo::new(move |_| {
        builder.about(id, |node| {
            node.children().iter().map(|child| child.id).collect::<Vec<_>>()
        })
    });
    let set_any = move |value: String| {
        builder.change("", |tree| {
            tree.edit(id, |node| {
                if let What::Group { any, .. } = &mut node.what {
                    *any = value == "any";
                }
            });
        });
    };
    let words = ["all", "any"].map(|word| (word.to_owned(), builder.word(word)));
    let chosen = Signal::derive(move || if any.get() { "any" } else { "all" }.to_owned());
    let head = part("div")
        .class("rule-group-head")
        .child(toggle_not(builder, id))
        .child(Choice::one(builder.word("joined"), words.to_vec()).of(chosen, set_any))
        .child(part("span").class("soft").text(&builder.word("of-these")));
    let list = each(move || children.get(), move |child| item(builder, child, scope));
    let none = part("p")
        .class("rule-none")
        .set_while("hidden", move || !children.with(Vec::is_empty))
        .text(&builder.word("none"));
    let add_group = move || {
        builder.change("", |tree| {
            let any = !tree.find(id).is_some_and(is_any);
            let inner = tree.group(any, Vec::new());
            tree.append(id, inner);
        });
    };
    let add = part("div")
        .class("rule-add")
        .child(adder(builder, id, scope))
        .child(quiet("btn btn--quiet btn--small", builder.word("add-group")).on_click(add_group));
    part("div")
        .class("rule-group")
        .class_while("rule-group--any", move || any.get())
        .class_while("rule-group--not", negated(builder, id))
        .child(head)
        .child(part("ul").class("rule-list").child(list))
        .child(none)
        .child(takes_drops(
            builder,
            add,
            |_| true,
            move |tree, moved| {
                tree.drop_into(moved, id);
            },
        ))
}

fn negated(builder: Builder, id: u32) -> impl Fn() -> bool + Copy + 'static {
    move || builder.about(id, |node| node.not)
}

fn toggle_not(builder: Builder, id: u32) -> Part {
    quiet("rule-not", builder.word("not"))
        .tells("aria-pressed", negated(builder, id))
        .on_click(move || builder.change("", |tree| tree.edit(id, |node| node.not = !node.not)))
}

/// What is dragged can be dropped here: `takes` says what, and `put` moves it in the tree.
fn takes_drops(
    builder: Builder,
    part: Part,
    takes: impl Fn(u32) -> bool + 'static,
    put: impl Fn(&mut Tree, u32) + 'static,
) -> Part {
    let over = RwSignal::new(false);
    let allow = move |event: DragEvent| {
        if builder.dragged.get_untracked().is_some_and(&takes) {
            event.prevent_default();
            event.stop_propagation();
            over.set(true);
        }
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        over.set(false);
        if let Some(moved) = builder.dragged.get_untracked() {
            builder.dragged.set(None);
            builder.change("", |tree| put(tree, moved));
        }
    };
    part.class_while("rule-over", move || over.get())
        .on("dragover", allow)
        .on("dragleave", move |_: DragEvent| over.set(false))
        .on("drop", drop)
}

/// What an entry is about. The inside is made anew only when that changes.
fn shape_of(node: &Node) -> u32 {
    match node.what {
        What::Group { .. } => GROUP,
        What::Field { .. } => 2,
        What::Behaviour(_) => 3,
        What::Sequence { .. } => 4,
        What::Segment(_) => 5,
        What::Run { .. } => 6,
        What::Tag(_) => 7,
    }
}

const GROUP: u32 = 1;

/// One entry of a group: a condition or another group, with its handle, its count and its menu.
fn item(builder: Builder, id: u32, scope: Signal<String>) -> Part {
    let shape = Memo::new(move |_| builder.about(id, shape_of));
    let is_group = move || shape.get() == GROUP;
    let not = live(move || match is_group() {
        true => nothing(),
        false => toggle_not(builder, id),
    });
    let body = live(move || match shape.get() {
        0 => nothing(),
        GROUP => group(builder, id, scope),
        2 => condition::field(builder, id, scope),
        3 => behaviour::behaviour(builder, id),
        4 => sequence::sequence(builder, id),
        5 => condition::segment(builder, id),
        6 => condition::run(builder, id),
        _ => condition::tag(builder, id),
    });
    let handle = part("span")
        .class("rule-handle")
        .set("draggable", "true")
        .set("aria-hidden", "true")
        .on("dragstart", move |event: DragEvent| {
            browser::begin_drag(&event);
            builder.dragged.set(Some(id));
        })
        .on("dragend", move |_: DragEvent| builder.dragged.set(None));
    let fault = move || fault(builder, id);
    let unfinished = move || builder.written.with(|written| written.unfinished.contains(&id));
    let said = [
        part("p")
            .class("fault")
            .set("role", "alert")
            .set_while("hidden", move || fault().is_empty())
            .says(fault),
        part("p")
            .class("rule-unfinished")
            .set_while("hidden", move || is_group() || !unfinished())
            .text(&builder.word("unfinished")),
    ];
    let end = part("div")
        .class("rule-end")
        .child(live(move || {
            left(builder, id).map_or_else(nothing, |left| remaining(&left))
        }))
        .child(menu::menu(builder, id));
    let entry = part("li")
        .class("rule-item")
        .class_while("rule-item--group", is_group)
        .class_while("rule-dragged", move || builder.dragged.get() == Some(id))
        .on("keydown", move |event: KeyboardEvent| menu::keys(builder, id, &event))
        .child(handle)
        .child(
            part("div")
                .class("rule-body")
                .child(part("div").class("rule-line").child(not).child(body))
                .children(said),
        )
        .child(end);
    takes_drops(
        builder,
        entry,
        move |moved| moved != id,
        move |tree, moved| {
            tree.drop_at(moved, id);
        },
    )
}

/// What the server said of a condition.
fn left(builder: Builder, id: u32) -> Option<LiveLeft> {
    builder.answered.with(|places| {
        let (place, _) = places.iter().find(|(_, node)| *node == id)?;
        builder
            .live
            .with(|live| live.left.iter().find(|left| left.path == *place).cloned())
    })
}

/// What is wrong with a condition.
fn fault(builder: Builder, id: u32) -> String {
    builder.live.with(|live| {
        builder.answered.with(|places| {
            let own = live.faults.iter().filter(|(at, _)| node_at(places, at) == Some(id));
            own.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
        })
    })
}

/// Who is left, as a number and as a bar.
fn remaining(left: &LiveLeft) -> Part {
    part("span")
        .class("rule-left")
        .set("title", &left.alone)
        .child(part("b").text(&left.left))
        .child(track("2").child(bar("2").set("width", &percent(left.fraction)).class("fill-d1")))
        .child(part("span").class("unseen").text(&left.alone))
}

/// The node in whose JSON a place lies.
fn node_at(places: &[(String, u32)], at: &str) -> Option<u32> {
    let inside = places.iter().filter(|(place, _)| {
        at.strip_prefix(place.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    inside.max_by_key(|(place, _)| place.len()).map(|(_, node)| *node)
}
