//! Buttons: a link that looks like one, and a form of one button for a change.

use super::icon::{Icon, icon};
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonLook {
    /// One on each page: what the reader most likely came for.
    Primary,
    #[default]
    Plain,
    Quiet,
    Danger,
}

impl ButtonLook {
    pub fn class(self) -> &'static str {
        match self {
            ButtonLook::Primary => "btn btn--primary",
            ButtonLook::Plain => "btn",
            ButtonLook::Quiet => "btn btn--quiet",
            ButtonLook::Danger => "btn btn--danger",
        }
    }
}

pub fn link_button(look: ButtonLook, drawing: Option<Icon>, href: impl Into<String>, text: String) -> AnyView {
    view! { <a class=look.class() href=href.into()>{drawing.map(icon)}{text}</a> }.into_any()
}

/// A change needs a POST, so that no link, crawler or prefetch can make it.
pub fn post_button(look: ButtonLook, drawing: Option<Icon>, action: impl Into<String>, text: String) -> AnyView {
    view! {
        <form method="post" action=action.into()>
            <button class=look.class() type="submit">{drawing.map(icon)}{text}</button>
        </form>
    }
    .into_any()
}
