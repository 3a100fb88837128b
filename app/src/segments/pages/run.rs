//! Starting a run: one button, or the button with its date.

use crate::i18n::Lang;
use crate::t;
use crate::ui::{ButtonLook, Field, Icon, icon};
use crate::visit::Visit;
use axum::Form;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use serde::Deserialize;
use types::segments::{Method, NewRun};

#[derive(Deserialize)]
pub struct RunForm {
    /// Empty: the day of the latest fact.
    #[serde(default)]
    as_of: String,
}

pub async fn start(visit: Visit, Form(form): Form<RunForm>) -> Response {
    let started = begin(&visit, &form).await;
    visit.go(started).await
}

async fn begin(visit: &Visit, form: &RunForm) -> Result<String, Error> {
    let as_of = match form.as_of.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::invalid("as_of", "is not a date"))?),
    };
    let new = NewRun {
        method: Method::Rfm,
        as_of,
        seed: 1,
        params: serde_json::Map::new(),
    };
    let started = engine::segments::start_run(visit.engine(), &visit.actor, new).await?;
    Ok(format!("/segments/runs/{}", started.run_id))
}

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
        </form>
    }
    .into_any()
}
