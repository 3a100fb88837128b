//! Builds a rule by hand, with its exact count at every keystroke. Holds the rule as a tree, writes it as JSON into the form around it, and
//! asks the server what it means; what a rule means is decided there. Without a script the form stands alone.

mod adder;
mod behaviour;
mod condition;
mod group;
pub mod json;
mod live;
mod menu;
mod parts;
mod picker;
mod read;
mod seed;
mod sequence;
mod state;
mod tree;
mod values;
mod window;

pub use seed::{
    BuilderSeed, FieldChoice, Live, LiveFinding, LiveFindings, LiveLeft, LiveLine, LiveValue, LiveValues, RunChoice,
};

use self::parts::{inside, part};
use self::state::Builder;
use super::browser;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::HtmlDivElement;

/// The text area of the form that holds the rule.
pub const RULE_FIELD: &str = "rule-json";

#[island]
pub fn RuleBuilder(seed: BuilderSeed) -> impl IntoView {
    let host = NodeRef::<Div>::new();
    let builder = Builder::new(seed);
    // What it shows is made in the browser only.
    Effect::new(move |_| {
        if let Some(host) = host.get() {
            builder.begin();
            untrack(|| fill(builder, &host));
        }
    });
    view! { <div class="builder" node_ref=host><section class="card builder-wait" aria-hidden="true"></section></div> }
}

fn fill(builder: Builder, host: &HtmlDivElement) {
    let keys = move |event: KeyboardEvent| {
        let with_control = event.ctrl_key() || event.meta_key();
        if event.key() == "Escape" {
            builder.menu.set(None);
        }
        // The form around is sent by its buttons only.
        if event.key() == "Enter" && browser::is_typing() {
            event.prevent_default();
        }
        // Inside a field the browser undoes the typing itself.
        if with_control && event.key().eq_ignore_ascii_case("z") && !browser::is_typing() {
            event.prevent_default();
            if event.shift_key() {
                builder.redo();
            } else {
                builder.undo();
            }
        }
    };
    let rule = part("section")
        .class("card builder-rule")
        .set("aria-label", &builder.word("rule"))
        .child(group::whole(builder));
    inside(host)
        .on("keydown", keys)
        .on_click(move || builder.menu.set(None))
        .child(rule)
        .child(live::panel(builder));
}
