//! Builds a rule by hand, with its exact count at every keystroke. Holds the rule as a tree, writes it as JSON into the form around it, and
//! asks the server what it means; what a rule means is decided there. Without a script the form stands alone.

mod behaviour;
mod condition;
mod group;
pub mod json;
mod live;
mod seed;
mod state;
mod tree;
mod values;

pub use seed::{
    BuilderSeed, FieldChoice, Live, LiveFinding, LiveFindings, LiveLeft, LiveLine, LiveValue, LiveValues, RunChoice,
};

use self::state::Builder;
use super::browser;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The text area of the form that holds the rule.
pub const RULE_FIELD: &str = "rule-json";

#[island]
pub fn RuleBuilder(seed: BuilderSeed) -> impl IntoView {
    let ready = RwSignal::new(false);
    let builder = Builder::new(seed);
    Effect::new(move |_| {
        builder.begin();
        ready.set(true);
    });
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
    view! {
        <div class="builder" on:keydown=keys on:click=move |_| builder.menu.set(None)>
            {move || {
                if ready.get() {
                    view! {
                        <section class="card builder-rule" aria-label=builder.word("rule")>{group::whole(builder)}</section>
                        {live::panel(builder)}
                    }
                        .into_any()
                } else {
                    view! { <section class="card builder-wait" aria-hidden="true"></section> }.into_any()
                }
            }}
        </div>
    }
}
