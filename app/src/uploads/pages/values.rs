//! Their words for ours: the values of each column of categories with how often they come, and what each is taken for. Words that mean the same are
//! merged here.

use super::fields;
use super::mapping_form::{self, NOTHING, Start, VALUE, VALUES};
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::t;
use crate::ui::{Card, Cell, Choice, Column, Table, Tone, chip, select};
use leptos::prelude::*;
use types::uploads::{Field, Preview, PreviewColumn, UploadKind, ValueCount, ValueType};

/// Fields of text that hold categories.
const CATEGORIES: [&str; 14] = [
    "payment_method",
    "method",
    "channel",
    "preferred_channel",
    "category",
    "country",
    "province",
    "city",
    "kind",
    "currency",
    "occupation",
    "education",
    "brand",
    "objective",
];

/// Nothing when no mapped column holds categories.
pub fn card(context: &PageContext, kind: UploadKind, preview: &Preview) -> Option<AnyView> {
    let lang = context.lang;
    let shown: Vec<AnyView> = kind
        .fields()
        .iter()
        .filter_map(|field| {
            let start = mapping_form::start(&preview.suggestion, field.name);
            let column = preview.columns.iter().find(|column| column.name == start.column)?;
            one(context, field, column, &start)
        })
        .collect();
    if shown.is_empty() {
        return None;
    }
    let rows = context.format.number(preview.rows);
    let subtitle = t!(lang, "map-values-sub", n = preview.rows, rows = rows);
    Some(view! { <Card title=t!(lang, "map-values") subtitle=subtitle>{shown}</Card> }.into_any())
}

fn one(context: &PageContext, field: &Field, column: &PreviewColumn, start: &Start) -> Option<AnyView> {
    let lang = context.lang;
    let ours = match field.value {
        ValueType::Choice(ours) => Some(ours),
        ValueType::Text if CATEGORIES.contains(&field.name) && !column.values.is_empty() => None,
        _ => return None,
    };
    let strange = ours.is_some() && column.values.iter().any(|value| value.ours.is_none());
    let open = strange || !start.values.is_empty() || column.values.iter().any(|value| value.alike.is_some());
    let name = fields::name(lang, field);
    let summary = t!(
        lang,
        "map-values-of",
        field = name.clone(),
        column = column.name.clone(),
        n = column.values.len() as i64,
        count = context.format.number(column.values.len() as i64)
    );
    let list = format!("known-{}", field.name);
    let known = ours.is_none().then(|| {
        let options = column
            .values
            .iter()
            .map(|value| view! { <option value=value.value.clone()></option> }.into_any())
            .collect_view();
        view! { <datalist id=list.clone()>{options}</datalist> }.into_any()
    });
    let rows = column.values.iter().enumerate().map(|(at, value)| {
        let chosen = start.values.get(&value.value).cloned();
        let control = match ours {
            Some(ours) => choose(lang, field, ours, (at, value), chosen),
            None => say(lang, field, value, chosen, &list),
        };
        vec![
            Cell::Strong(value.value.clone()),
            Cell::text(context.format.number(value.count)),
            Cell::View(control),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "map-values-theirs")),
        Column::number(t!(lang, "map-values-rows")),
        Column::text(t!(lang, "map-values-ours")),
    ])
    .rows(rows)
    .tight()
    .caption(summary.clone())
    .view();
    let more = more(lang, field, column, start);
    Some(
        view! {
            <details class="uploads-values" open=open>
                <summary>{summary}{strange.then(|| chip(Tone::Bad, t!(lang, "map-values-strange")))}</summary>
                {(!column.values.is_empty()).then_some(table)}
                {known}
                {more}
            </details>
        }
        .into_any(),
    )
}

fn input_name(field: &Field, value: &ValueCount) -> String {
    format!("{VALUE}{}:{}", field.name, value.value)
}

/// One of our words, or nothing where the field may be unknown.
fn choose(
    lang: Lang,
    field: &Field,
    ours: &[&str],
    (at, value): (usize, &ValueCount),
    chosen: Option<String>,
) -> AnyView {
    let as_it_is = match value.ours.as_deref() {
        None => t!(lang, "map-values-rejected"),
        Some("") => t!(lang, "map-values-unknown"),
        Some(word) => t!(lang, "map-values-recognised", word = named(lang, "word-", word)),
    };
    let mut choices = vec![Choice::new("", as_it_is)];
    choices.extend(ours.iter().map(|word| Choice::new(*word, named(lang, "word-", word))));
    if !field.required {
        choices.push(Choice::new(NOTHING, t!(lang, "map-values-nothing")));
    }
    let chosen = match chosen.as_deref() {
        None => "",
        Some("") => NOTHING,
        Some(word) => word,
    };
    let label = t!(lang, "map-values-label", value = value.value.clone());
    select(
        format!("value-{}-{at}", field.name),
        input_name(field, value),
        Some(label),
        choices,
        chosen,
    )
}

/// A word of the company's own: another value of the column or whatever is typed.
fn say(lang: Lang, field: &Field, value: &ValueCount, chosen: Option<String>, list: &str) -> AnyView {
    let hint =
        value.alike.clone().filter(|_| chosen.is_none()).map(|alike| {
            view! { <span class="samples">{t!(lang, "map-values-alike", value = alike)}</span> }.into_any()
        });
    view! {
        <input
            class="input"
            name=input_name(field, value)
            value=chosen.unwrap_or_default()
            list=list.to_owned()
            placeholder=t!(lang, "map-values-same")
            aria-label=t!(lang, "map-values-label", value = value.value.clone())
        />
        {hint}
    }
    .into_any()
}

/// Words that the first rows do not show.
fn more(lang: Lang, field: &Field, column: &PreviewColumn, start: &Start) -> AnyView {
    let unseen = start
        .values
        .iter()
        .filter(|(theirs, _)| !column.values.iter().any(|value| value.value == **theirs))
        .map(|(theirs, ours)| (theirs.clone(), ours.clone()))
        .collect();
    let text = mapping_form::values_text(&unseen);
    let rows = text.lines().count().clamp(2, 6).to_string();
    let id = format!("values-{}", field.name);
    view! {
        <div class="field">
            <label for=id.clone()>{t!(lang, "map-words")}</label>
            <textarea class="input" id=id rows=rows name=format!("{VALUES}{}", field.name)>{text}</textarea>
        </div>
    }
    .into_any()
}
