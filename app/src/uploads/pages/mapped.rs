//! How a file was mapped: which column became which field, and the options that differ from the usual.

use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::uploads::{Blanks, DateOrder, DecimalMark, Groups, OnKnown, Source, Upload, UploadOptions};

/// Nothing before a mapping was chosen.
pub fn card(context: &PageContext, upload: &Upload) -> Option<AnyView> {
    let lang = context.lang;
    if upload.mapping.is_empty() {
        return None;
    }
    // In the order of the fields, as the mapping page has them; attributes after them.
    let known = upload.kind.fields().iter().map(|field| field.name.to_owned());
    let more = upload
        .mapping
        .keys()
        .filter(|name| name.starts_with("attributes."))
        .cloned();
    let rows = known.chain(more).filter_map(|field| {
        let source = upload.mapping.get(&field)?;
        let name = match field.strip_prefix("attributes.") {
            Some(key) => t!(lang, "mapped-attribute", key = key.to_owned()),
            None => named(lang, "field-", &field),
        };
        Some(vec![Cell::text(name), Cell::View(from(lang, source))])
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "map-ours")),
        Column::text(t!(lang, "map-theirs")),
    ])
    .rows(rows)
    .tight()
    .caption(t!(lang, "mapped-title"))
    .view();
    let chosen = chosen(lang, &upload.options);
    let options = (!chosen.is_empty()).then(|| {
        let items = chosen
            .into_iter()
            .map(|text| view! { <li>{text}</li> }.into_any())
            .collect_view();
        view! { <ul class="uploads-chosen">{items}</ul> }.into_any()
    });
    Some(view! { <Card title=t!(lang, "mapped-title") subtitle=t!(lang, "mapped-sub") columns="c6">{table}{options}</Card> }.into_any())
}

fn from(lang: Lang, source: &Source) -> AnyView {
    match source {
        Source::Name(column) => column.clone().into_any(),
        Source::Constant { constant } => t!(lang, "mapped-constant", value = constant.clone()).into_any(),
        Source::RowNumber { .. } => t!(lang, "map-row-number").into_any(),
        Source::Column { column, values } => {
            let words = values
                .iter()
                .map(|(theirs, ours)| {
                    let ours = if ours.is_empty() {
                        t!(lang, "map-values-nothing")
                    } else {
                        ours.clone()
                    };
                    format!("{theirs} → {ours}")
                })
                .collect::<Vec<_>>()
                .join(t!(lang, "list-separator").as_str());
            view! { {column.clone()}<span class="sub">{words}</span> }.into_any()
        }
    }
}

/// The options that are not the usual ones, each as the mapping page says it.
fn chosen(lang: Lang, options: &UploadOptions) -> Vec<String> {
    let mut said = Vec::new();
    let mut say = |label: String, value: String| said.push(t!(lang, "mapped-option", label = label, value = value));
    match options.on_known {
        OnKnown::Update => {}
        OnKnown::Leave => say(t!(lang, "map-on-known"), t!(lang, "map-leave")),
        OnKnown::UpdateOnly => say(t!(lang, "map-on-known"), t!(lang, "map-update-only")),
    }
    if options.blanks == Blanks::Overwrite {
        say(t!(lang, "map-blanks"), t!(lang, "map-overwrite"));
    }
    if options.groups == Groups::Replace {
        say(t!(lang, "map-groups"), t!(lang, "map-replace"));
    }
    if let Some(order) = options.date_order {
        let order = match order {
            DateOrder::DayMonthYear => "day_month_year",
            DateOrder::MonthDayYear => "month_day_year",
            DateOrder::YearMonthDay => "year_month_day",
        };
        say(t!(lang, "map-dates"), named(lang, "date-order-", order));
    }
    if let Some(mark) = options.decimal {
        let example = match mark {
            DecimalMark::Point => "1,234.50",
            DecimalMark::Comma => "1.234,50",
        };
        say(t!(lang, "map-decimal"), example.to_owned());
    }
    if !options.source.is_empty() {
        say(t!(lang, "map-source"), options.source.clone());
    }
    if options.replace_named {
        said.push(t!(lang, "mapped-replaced"));
    }
    if options.keep_unmapped {
        said.push(t!(lang, "map-keep-unmapped"));
    }
    said
}
