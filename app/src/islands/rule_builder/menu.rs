//! What can be done with one entry of a group: moved, copied, removed; by its menu or from the keyboard.

use super::parts::{Part, live, nothing, part};
use super::state::Builder;
use super::tree::Move;
use crate::islands::browser;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

/// Alt and an arrow.
pub fn keys(builder: Builder, id: u32, event: &KeyboardEvent) {
    let to = match event.key().as_str() {
        "ArrowUp" => Move::Up,
        "ArrowDown" => Move::Down,
        "ArrowRight" => Move::In,
        "ArrowLeft" => Move::Out,
        _ => return,
    };
    if event.alt_key() {
        event.prevent_default();
        event.stop_propagation();
        shift(builder, id, to);
    }
}

fn shift(builder: Builder, id: u32, to: Move) {
    if builder.tree.with_untracked(|tree| tree.can(id, to)) {
        builder.change("", |tree| tree.shift(id, to));
        browser::focus_soon(&format!("rule-menu-{id}"));
    }
}

pub fn menu(builder: Builder, id: u32) -> Part {
    let open = move || builder.menu.get() == Some(id);
    let toggle = move |event: MouseEvent| {
        event.stop_propagation();
        builder
            .menu
            .update(|menu| *menu = if *menu == Some(id) { None } else { Some(id) });
    };
    let button = part("button")
        .class("btn btn--quiet btn--icon btn--small")
        .set("type", "button")
        .set("id", &format!("rule-menu-{id}"))
        .tells("aria-expanded", open)
        .set("aria-label", &builder.word("actions"))
        .on("click", toggle)
        .text("⋯");
    part("div")
        .class("menu menu--end rule-menu")
        .child(button)
        .child(live(move || match open() {
            true => body(builder, id),
            false => nothing(),
        }))
}

fn body(builder: Builder, id: u32) -> Part {
    let moves = [
        (Move::Up, "up", "Alt ↑"),
        (Move::Down, "down", "Alt ↓"),
        (Move::In, "in", "Alt →"),
        (Move::Out, "out", "Alt ←"),
    ];
    let moving = |(to, word, keys): (Move, &str, &str)| {
        let can = builder.tree.with_untracked(|tree| tree.can(id, to));
        let button = entry("menu-item", builder.word(word))
            .child(part("kbd").text(keys))
            .on_click(move || shift(builder, id, to));
        if can { button } else { button.set("disabled", "") }
    };
    part("div")
        .class("menu-body")
        .children(moves.map(moving))
        .child(entry("menu-item", builder.word("copy")).on_click(move || {
            builder.change("", |tree| {
                tree.copy(id);
            });
        }))
        .child(
            entry("menu-item menu-item--bad", builder.word("remove")).on_click(move || {
                builder.change("", |tree| {
                    tree.remove(id);
                });
            }),
        )
}

fn entry(class: &str, text: String) -> Part {
    part("button").class(class).set("type", "button").text(&text)
}
