//! The page of the builder: a form that works without a script, with the rule as JSON, and the builder above it where scripts run.

use super::form::{SegmentForm, naming};
use super::live::live;
use super::seed::seed;
use crate::context::PageContext;
use crate::i18n::Lang;
use crate::islands::RuleBuilder;
use crate::islands::rule_builder::{BuilderSeed, Live, RULE_FIELD};
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Head, Notice, Tone, link_button};
use crate::visit::{Visit, number};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use leptos::prelude::*;
use serde_json::Value;
use types::auth::Right;
use types::segments::PreviewAsked;

/// Everything that the page shows.
pub(super) struct Shown {
    /// The segment that is edited.
    pub id: Option<i64>,
    pub form: SegmentForm,
    pub seed: BuilderSeed,
    pub faults: Faults,
    /// The answer to *Check*.
    pub checked: Option<Live>,
}

/// A new rule; `rule` of the query is one to begin with, `from` a segment to copy.
pub async fn new(visit: Visit) -> Response {
    let page = begin(&visit).await.map(|shown| view(&visit.context, shown));
    visit.show(page).await
}

async fn begin(visit: &Visit) -> Result<Shown, Error> {
    visit.actor.require(Right::Build)?;
    let mut form = SegmentForm {
        rule: "{\n  \"all\": []\n}".to_owned(),
        ..SegmentForm::default()
    };
    if let Some(id) = visit.context.asked("from") {
        let segment = engine::segments::get_segment(visit.engine(), &visit.actor, number(&id, "Segment")?).await?;
        form = SegmentForm::of(&segment);
        form.name = t!(visit.context.lang, "saved-copy-of", name = segment.name);
    }
    if let Some(rule) = visit.context.asked("rule") {
        form.rule = match serde_json::from_str::<Value>(&rule) {
            Ok(value) => serde_json::to_string_pretty(&value)?,
            Err(_) => rule,
        };
    }
    shown(visit, None, form, Faults::default(), None).await
}

async fn shown(
    visit: &Visit,
    id: Option<i64>,
    form: SegmentForm,
    faults: Faults,
    checked: Option<Live>,
) -> Result<Shown, Error> {
    let seed = seed(visit, &form.rule, id).await?;
    Ok(Shown {
        id,
        form,
        seed,
        faults,
        checked,
    })
}

pub async fn edit(visit: Visit, Path(id): Path<String>) -> Response {
    match load(&visit, &id).await {
        Ok(Loaded::Rule(shown)) => {
            let page = view(&visit.context, *shown);
            visit.show(Ok(page)).await
        }
        Ok(Loaded::List(page)) => visit.show(Ok(page)).await,
        Err(error) => visit.show(Err(error)).await,
    }
}

enum Loaded {
    Rule(Box<Shown>),
    List(Page),
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, Error> {
    visit.actor.require(Right::Build)?;
    let segment = engine::segments::get_segment(visit.engine(), &visit.actor, number(id, "Segment")?).await?;
    let mut form = SegmentForm::of(&segment);
    if segment.rule.is_none() {
        form.members = engine::segments::listed_ids(visit.engine(), &visit.actor, segment.id)
            .await?
            .join("\n");
        return Ok(Loaded::List(super::lists::view(
            &visit.context,
            Some(segment.id),
            form,
            Faults::default(),
        )));
    }
    let shown = shown(visit, Some(segment.id), form, Faults::default(), None).await?;
    Ok(Loaded::Rule(Box::new(shown)))
}

pub async fn create(visit: Visit, Form(form): Form<SegmentForm>) -> Response {
    take(visit, None, form).await
}

pub async fn change(visit: Visit, Path(id): Path<String>, Form(form): Form<SegmentForm>) -> Response {
    match number(&id, "Segment") {
        Ok(id) => take(visit, Some(id), form).await,
        Err(error) => visit.show(Err(error)).await,
    }
}

async fn take(visit: Visit, id: Option<i64>, form: SegmentForm) -> Response {
    let lang = visit.context.lang;
    let rule = serde_json::from_str::<Value>(&form.rule);
    let answered = match rule {
        Err(error) => {
            let text = t!(
                lang,
                "builder-no-json",
                line = error.line().to_string(),
                column = error.column().to_string()
            );
            shown(&visit, id, form, Faults::one("rule", text), None)
                .await
                .map(|shown| (shown, true))
        }
        Ok(rule) if form.wanted == "check" => {
            let checked = live(&visit, PreviewAsked { rule, as_of: None }).await;
            shown(&visit, id, form, Faults::default(), Some(checked))
                .await
                .map(|shown| (shown, false))
        }
        Ok(rule) => match save(&visit, id, &form, rule).await {
            Ok(address) => return Redirect::to(&address).into_response(),
            Err(error) => match Faults::of(lang, &error) {
                // Faults of the rule are told at their place, which the same question finds.
                Some(faults) => {
                    let rule = serde_json::from_str(&form.rule).unwrap_or_default();
                    let checked = live(&visit, PreviewAsked { rule, as_of: None }).await;
                    let checked = Some(checked).filter(|live| !live.faults.is_empty());
                    let faults = rule_fault(lang, faults, &error);
                    shown(&visit, id, form, faults, checked)
                        .await
                        .map(|shown| (shown, true))
                }
                None => Err(error),
            },
        },
    };
    let page = answered.map(|(shown, refused)| {
        let page = view(&visit.context, shown);
        if refused {
            page.with_status(StatusCode::UNPROCESSABLE_ENTITY)
        } else {
            page
        }
    });
    visit.show(page).await
}

/// A fault anywhere in the rule stands below the rule, too.
fn rule_fault(lang: Lang, faults: Faults, error: &Error) -> Faults {
    let Error::Invalid(fields) = error else { return faults };
    match fields.iter().find(|fault| fault.field.starts_with("rule")) {
        Some(fault) => Faults::with([("rule".to_owned(), super::faults::fault(lang, &fault.reason))]),
        None => faults,
    }
}

async fn save(visit: &Visit, id: Option<i64>, form: &SegmentForm, rule: Value) -> Result<String, Error> {
    let mut new = form.segment();
    new.rule = Some(rule);
    match id {
        None => {
            let segment = engine::segments::create_segment(visit.engine(), &visit.actor, new).await?;
            Ok(format!("/segments/{}?done=created", segment.id))
        }
        Some(id) => {
            engine::segments::update_segment(visit.engine(), &visit.actor, id, new).await?;
            Ok(format!("/segments/{id}?done=changed"))
        }
    }
}

pub(super) fn view(context: &PageContext, shown: Shown) -> Page {
    let context = context.clone();
    let title = match shown.id {
        None => t!(context.lang, "builder-new"),
        Some(_) => t!(context.lang, "builder-edit", name = shown.form.name.clone()),
    };
    Page::new(title.clone(), Nav::Segments, move || {
        let lang = context.lang;
        let Shown {
            id,
            form,
            seed,
            faults,
            checked,
        } = shown;
        let (action, back) = match id {
            None => ("/segments/new".to_owned(), "/segments/saved".to_owned()),
            Some(id) => (format!("/segments/{id}/edit"), format!("/segments/{id}")),
        };
        let fault = faults.at("rule");
        // Without a script the rule is written here; with one it is only looked at, unless something is wrong with it.
        let open = !fault.is_empty() || checked.is_some();
        let refused = (!faults.is_empty()).then(|| {
            view! { <Notice tone=Tone::Bad title=t!(lang, "builder-not-saved") text=fault.clone()/> }
        });
        let (faults, form) = (&faults, &form);
        view! {
            <Head title=title lead=t!(lang, "builder-lead") up=(t!(lang, "saved-title"), "/segments/saved".to_owned())/>
            {refused}
            <noscript><p class="notice">{t!(lang, "builder-without-script")}</p></noscript>
            {checked.map(|live| answer(&context, live))}
            <form class="builder-form" method="post" action=action>
                <RuleBuilder seed=seed/>
                <Card title=t!(lang, "builder-save-as")>
                    <div class="form builder-naming">{naming(lang, form, faults)}</div>
                    <div class="form-actions">
                        <button class=ButtonLook::Primary.class() type="submit" name="do" value="save" id="rule-save">{t!(lang, "builder-save")}</button>
                        {link_button(ButtonLook::Plain, None, back, t!(lang, "builder-cancel"))}
                    </div>
                </Card>
                <details class="card rule-json" open=open>
                    <summary>{t!(lang, "saved-as-json")}</summary>
                    <div class="field">
                        <label class="unseen" for=RULE_FIELD>{t!(lang, "saved-as-json")}</label>
                        <textarea class="input input--code" id=RULE_FIELD name="rule" rows="14" spellcheck="false" aria-describedby="rule-help">{form.rule.clone()}</textarea>
                        <span class="help" id="rule-help">{t!(lang, "builder-json-help")}</span>
                    </div>
                    <div class="form-actions">
                        <button class=ButtonLook::Plain.class() type="submit" name="do" value="check" formnovalidate=true>{t!(lang, "builder-check")}</button>
                    </div>
                </details>
            </form>
        }
        .into_any()
    })
    .with_builder()
}

/// The answer to *Check*, drawn by the server.
fn answer(context: &PageContext, live: Live) -> AnyView {
    let lang = context.lang;
    if live.count.is_empty() {
        let places = live
            .faults
            .iter()
            .map(|(place, text)| view! { <li><code>{place.clone()}</code>" "{text.clone()}</li> }.into_any())
            .collect_view();
        return view! {
            <Notice tone=Tone::Bad title=t!(lang, "builder-wrong") text=live.problem.clone()><ul>{places}</ul></Notice>
        }
        .into_any();
    }
    let left = live.left.iter().map(|left| left.left.clone());
    let left: Vec<String> = left.collect();
    let lines = live
        .lines
        .iter()
        .map(|line| view! { <li class=format!("depth-{}", line.depth.min(8))>{line.text.clone()}</li> }.into_any())
        .collect_view();
    let steps = left
        .into_iter()
        .map(|text| view! { <li>{text}</li> }.into_any())
        .collect_view();
    view! {
        <Card title=t!(lang, "builder-answer") subtitle=live.base.clone()>
            <p class="builder-figure"><span class="big">{live.count.clone()}</span>" "<span class="builder-share">{live.share.clone()}</span></p>
            <ul class="rule-words">{lines}</ul>
            <ol class="small soft">{steps}</ol>
        </Card>
    }
    .into_any()
}
