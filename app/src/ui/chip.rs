//! A word about a state. Its colour repeats the word and never stands for it.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Bad,
    Warn,
    Accent,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "chip",
            Tone::Good => "chip chip--good",
            Tone::Bad => "chip chip--bad",
            Tone::Warn => "chip chip--warn",
            Tone::Accent => "chip chip--accent",
        }
    }
}

pub fn chip(tone: Tone, text: impl Into<String>) -> AnyView {
    view! { <span class=tone.class()>{text.into()}</span> }.into_any()
}

/// A small link where the eye is, such as *Portrait* beside a finding.
pub fn chip_link(text: impl Into<String>, href: impl Into<String>) -> AnyView {
    view! { <a class="chip chip--accent" href=href.into()>{text.into()}</a> }.into_any()
}
