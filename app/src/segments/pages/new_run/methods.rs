//! The cards of the form that belong to one method: its features, scores and limits.

use super::sent::{Sent, cell_name, group_keys};
use crate::context::PageContext;
use crate::i18n::named;
use crate::segments::pages::groups::feature_name;
use crate::t;
use crate::ui::{Card, Choice, Field, select};
use engine::segments::{FeatureChoice, default_features, default_grid};
use leptos::prelude::*;
use types::segments::Method;

pub(super) fn rfm(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    let scoring = [
        Choice::new("quantiles", t!(lang, "runs-scoring-quantiles")),
        Choice::new("cutoffs", t!(lang, "runs-scoring-cutoffs")),
    ]
    .to_vec();
    let cuts = [
        ("r", t!(lang, "runs-cuts-r")),
        ("f", t!(lang, "runs-cuts-f")),
        ("m", t!(lang, "runs-cuts-m")),
    ]
    .map(|(key, label)| {
        let id = format!("cuts-{key}");
        view! {
            <Field id=id.clone() label=label>
                <input class="input" id=id.clone() name=id.clone() value=sent.or(&id, "") inputmode="decimal"/>
            </Field>
        }
        .into_any()
    });
    let chosen = sent.or("scoring", "quantiles");
    view! {
        <Card title=t!(lang, "runs-scoring")>
            <Field id="scoring" label=t!(lang, "runs-scoring-label") help=t!(lang, "runs-cuts-help")>
                {select("scoring".into(), "scoring".into(), None, scoring, &chosen)}
            </Field>
            <div class="form-row">{cuts.into_iter().collect_view()}</div>
        </Card>
        <Card title=t!(lang, "runs-grid") subtitle=t!(lang, "runs-grid-sub")>
            {grid(context, sent)}
            <h3>{t!(lang, "runs-names")}</h3>
            <p class="small muted">{t!(lang, "runs-names-help")}</p>
            <div class="run-names">{names(context, sent)}</div>
        </Card>
    }
    .into_any()
}

/// Best scores first, as the matrix is read.
fn grid(context: &PageContext, sent: &Sent) -> AnyView {
    use crate::ui::{Cell, Column, Table};
    let lang = context.lang;
    let choices: Vec<Choice> = group_keys()
        .into_iter()
        .map(|key| {
            let text = sent.or(&format!("name-{key}"), &named(lang, "rfm-", &key));
            Choice::new(key, text)
        })
        .collect();
    let mut columns = vec![Column::text("")];
    columns.extend((1..=5).map(|f| Column::text(t!(lang, "runs-grid-f", score = f))));
    let rows = default_grid().into_iter().enumerate().rev().map(|(r, row)| {
        let mut cells = vec![Cell::text(t!(lang, "runs-grid-r", score = r as i64 + 1))];
        cells.extend(row.into_iter().enumerate().map(|(f, key)| {
            let name = cell_name(r, f);
            let label = t!(lang, "runs-grid-cell", r = r as i64 + 1, f = f as i64 + 1);
            let chosen = sent.or(&name, &key);
            Cell::View(select(name.clone(), name, Some(label), choices.clone(), &chosen))
        }));
        cells
    });
    let table = Table::new(columns)
        .rows(rows)
        .caption(t!(lang, "runs-grid-caption"))
        .dense()
        .view();
    view! { <div class="run-grid">{table}</div> }.into_any()
}

fn names(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    group_keys()
        .into_iter()
        .map(|key| {
            let id = format!("name-{key}");
            let usual = named(lang, "rfm-", &key);
            view! {
                <Field id=id.clone() label=usual.clone()>
                    <input class="input" id=id.clone() name=id.clone() value=sent.or(&id, "") placeholder=usual maxlength="80"/>
                </Field>
            }
            .into_any()
        })
        .collect_view()
        .into_any()
}

pub(super) fn clusters(context: &PageContext, sent: &Sent, choices: &[FeatureChoice]) -> AnyView {
    let lang = context.lang;
    let usual = default_features(sent.method);
    let chosen: Vec<String> = if sent.is_sent() {
        sent.values("feature").into_iter().map(str::to_owned).collect()
    } else {
        usual
    };
    let boxes = |category: bool| {
        choices
            .iter()
            .filter(|choice| choice.category == category)
            .map(|choice| {
                let checked = chosen.contains(&choice.name);
                view! {
                    <label class="check">
                        <input type="checkbox" name="feature" value=choice.name.clone() checked=checked/>
                        {feature_name(lang, &choice.name)}
                    </label>
                }
                .into_any()
            })
            .collect_view()
    };
    // Which of them are numbers, so that their logarithm can be asked for together.
    let numbers = choices
        .iter()
        .filter(|choice| !choice.category)
        .map(|choice| view! { <input type="hidden" name="number" value=choice.name.clone()/> }.into_any())
        .collect_view();
    let mixed = sent.method == Method::Kprototypes;
    let categories = mixed.then(|| {
        view! {
            <fieldset class="plain">
                <legend>{t!(lang, "runs-categories")}</legend>
                <div class="checks">{boxes(true)}</div>
            </fieldset>
        }
        .into_any()
    });
    let mut many = vec![Choice::new("auto", t!(lang, "runs-k-auto"))];
    many.extend((2..=20).map(|k: i64| Choice::new(k.to_string(), t!(lang, "runs-k-fixed", k = k.to_string()))));
    let scale = [
        Choice::new("standard", t!(lang, "runs-scale-standard")),
        Choice::new("range", t!(lang, "runs-scale-range")),
        Choice::new("none", t!(lang, "runs-scale-none")),
    ]
    .to_vec();
    let log = [
        Choice::new("auto", t!(lang, "runs-log-auto")),
        Choice::new("none", t!(lang, "runs-log-none")),
        Choice::new("all", t!(lang, "runs-log-all")),
    ]
    .to_vec();
    let gamma = mixed.then(|| {
        view! {
            <Field id="gamma" label=t!(lang, "runs-gamma") help=t!(lang, "runs-gamma-help")>
                <input class="input" type="number" step="any" min="0" id="gamma" name="gamma" value=sent.or("gamma", "")/>
            </Field>
        }
        .into_any()
    });
    view! {
        <Card title=t!(lang, "runs-features") subtitle=t!(lang, "runs-features-sub")>
            {numbers}
            <fieldset class="plain">
                <legend>{t!(lang, "runs-numbers")}</legend>
                <div class="checks">{boxes(false)}</div>
            </fieldset>
            {categories}
            <div class="form-row">
                <Field id="k" label=t!(lang, "runs-how-many")>
                    {select("k".into(), "k".into(), None, many, &sent.or("k", "auto"))}
                </Field>
                <Field id="scale" label=t!(lang, "runs-scale")>
                    {select("scale".into(), "scale".into(), None, scale, &sent.or("scale", "standard"))}
                </Field>
                <Field id="log" label=t!(lang, "runs-log")>
                    {select("log".into(), "log".into(), None, log, &sent.or("log", "auto"))}
                </Field>
            </div>
            <div class="form-row">
                <Field id="restarts" label=t!(lang, "runs-restarts") help=t!(lang, "runs-restarts-help")>
                    <input class="input" type="number" min="1" max="50" id="restarts" name="restarts" value=sent.or("restarts", "5")/>
                </Field>
                {gamma}
            </div>
        </Card>
    }
    .into_any()
}

pub(super) fn limits(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    let fields = [
        ("slipping", t!(lang, "runs-limit-slipping"), "1.5"),
        ("asleep", t!(lang, "runs-limit-asleep"), "3"),
        ("lost", t!(lang, "runs-limit-lost"), "6"),
        ("least_days", t!(lang, "runs-limit-least"), "7"),
    ]
    .map(|(id, label, usual)| {
        view! {
            <Field id=id label=label>
                <input class="input" type="number" step="any" min="0" id=id name=id value=sent.or(id, usual)/>
            </Field>
        }
        .into_any()
    });
    view! {
        <Card title=t!(lang, "runs-limits")>
            <div class="form-row">{fields.into_iter().collect_view()}</div>
            <p class="small muted">{t!(lang, "runs-limits-help")}</p>
        </Card>
    }
    .into_any()
}
