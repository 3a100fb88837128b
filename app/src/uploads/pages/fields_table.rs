//! Our fields with what each means; beside each the column of the file, how its first values are read, and a value for every row instead.

use super::fields;
use super::mapping_form::{self, COLUMN, CONSTANT, ROW_NUMBER, Start};
use crate::context::PageContext;
use crate::i18n::Lang;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{Cell, Choice, Column, Table, Tone, chip};
use leptos::prelude::*;
use types::uploads::{Field, Preview, PreviewColumn, ReadAs, Reading, UploadKind, ValueType};

pub fn view(context: &PageContext, kind: UploadKind, preview: &Preview, faults: &Faults) -> AnyView {
    let lang = context.lang;
    let rows = kind.fields().iter().map(|field| {
        let start = mapping_form::start(&preview.suggestion, field.name);
        row(context, field, preview, &start, faults)
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "map-ours")),
        Column::text(t!(lang, "map-theirs")),
        Column::text(t!(lang, "map-read-as")),
        Column::text(t!(lang, "map-constant")),
    ])
    .rows(rows)
    .caption(t!(lang, "map-fields"))
    .view();
    view! { <div class="uploads-map">{table}</div> }.into_any()
}

fn row(context: &PageContext, field: &Field, preview: &Preview, start: &Start, faults: &Faults) -> Vec<Cell> {
    let lang = context.lang;
    let name = fields::name(lang, field);
    let title = if field.required {
        t!(lang, "map-required", field = name.clone())
    } else {
        name.clone()
    };
    let column = preview.columns.iter().find(|column| column.name == start.column);
    let read = column.map(|column| reading(context, column));
    let id = format!("column-{}", field.name);
    let fault = faults.at(field.name);
    let invalid = faults.invalid(field.name);
    let described = faults.described(field.name, &id);
    let fault_id = format!("{id}-fault");
    let options = choices(lang, field, preview)
        .into_iter()
        .map(|choice| {
            let selected = choice.value == start.column;
            view! { <option value=choice.value selected=selected>{choice.text}</option> }.into_any()
        })
        .collect_view();
    let column = view! {
        <select
            class="input"
            id=id
            name=format!("{COLUMN}{}", field.name)
            aria-label=t!(lang, "map-column-of", field = name.clone())
            aria-invalid=invalid
            aria-describedby=described
        >
            {options}
        </select>
        {(!fault.is_empty()).then(|| view! { <span class="fault" id=fault_id>{fault}</span> })}
    };
    let constant = view! {
        <input
            class="input"
            name=format!("{CONSTANT}{}", field.name)
            value=start.constant.clone()
            placeholder=t!(lang, "map-constant")
            aria-label=t!(lang, "map-constant-of", field = name)
        />
    };
    vec![
        Cell::Two(title, fields::meaning(lang, field)),
        Cell::View(column.into_any()),
        read.map_or(Cell::Nothing, Cell::View),
        Cell::View(constant.into_any()),
    ]
}

fn choices(lang: Lang, field: &Field, preview: &Preview) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", t!(lang, "map-none"))];
    choices.extend(preview.columns.iter().map(|column| {
        let samples = samples(column, 2);
        let text = if samples.is_empty() {
            column.name.clone()
        } else {
            format!("{} · {samples}", column.name)
        };
        Choice::new(column.name.clone(), text)
    }));
    if field.value == ValueType::Id {
        choices.push(Choice::new(ROW_NUMBER, t!(lang, "map-row-number")));
    }
    choices
}

/// The first values of a column on one line.
pub fn samples(column: &PreviewColumn, count: usize) -> String {
    column
        .samples
        .iter()
        .take(count)
        .map(|sample| short(sample))
        .collect::<Vec<_>>()
        .join(", ")
}

/// How the first values are read, and whether that is certain. Texts are shown as they are.
pub fn reading(context: &PageContext, column: &PreviewColumn) -> AnyView {
    let lang = context.lang;
    let (first, sure) = match &column.reading {
        Reading::Text => return view! { <span class="samples">{samples(column, 3)}</span> }.into_any(),
        Reading::Number { first, sure, .. } | Reading::Date { first, sure, .. } => (first, *sure),
    };
    let lines = first
        .iter()
        .map(|cell| {
            view! { <span class="samples">{short(&cell.cell)}" → "<b>{said(context, cell)}</b></span> }.into_any()
        })
        .collect_view();
    let guess = (!sure).then(|| {
        view! { <a class="uploads-guess" href="#reading">{chip(Tone::Warn, t!(lang, "map-guess"))}</a> }.into_any()
    });
    view! { <span class="uploads-read">{lines}{guess}</span> }.into_any()
}

fn said(context: &PageContext, cell: &ReadAs) -> String {
    match (cell.date, &cell.number) {
        (Some(date), _) => context.format.day(date),
        (None, Some(number)) => number.clone(),
        (None, None) => t!(context.lang, "map-unreadable"),
    }
}

fn short(sample: &str) -> String {
    if sample.chars().count() > 24 {
        sample.chars().take(23).chain(['…']).collect()
    } else {
        sample.to_owned()
    }
}
