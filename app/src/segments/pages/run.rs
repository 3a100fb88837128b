//! Starting an RFM run with its defaults: one button, or the button with its date.

use crate::i18n::Lang;
use crate::t;
use crate::ui::{ButtonLook, Field, Icon, icon, link_button};
use leptos::prelude::*;

/// The one button that starts an RFM run with its defaults.
pub fn post_run_button(lang: Lang) -> AnyView {
    crate::ui::post_button(
        ButtonLook::Primary,
        Some(Icon::Play),
        "/segments/run",
        t!(lang, "segments-run-do"),
    )
}

/// The same with a choice of the day.
pub fn run_form(lang: Lang) -> AnyView {
    view! {
        <form class="segments-run" method="post" action="/segments/run">
            <Field id="as-of" label=t!(lang, "segments-as-of") help=t!(lang, "segments-as-of-help")>
                <input class="input" type="date" id="as-of" name="as_of"/>
            </Field>
            <button class=ButtonLook::Plain.class() type="submit">{icon(Icon::Play)}{t!(lang, "segments-run-do")}</button>
            {link_button(ButtonLook::Quiet, None, "/segments/run", t!(lang, "runs-other"))}
        </form>
    }
    .into_any()
}
