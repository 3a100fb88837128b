//! Columns that no field takes. Customers may keep them as extra attributes.

use super::fields_table::reading;
use super::mapping_form::{ATTRIBUTE, is_attribute, is_used};
use crate::context::PageContext;
use crate::t;
use crate::ui::{Card, Cell, Column, Table};
use leptos::prelude::*;
use types::uploads::{Preview, UploadKind};

/// Nothing when every column is used.
pub fn card(context: &PageContext, kind: UploadKind, preview: &Preview) -> Option<AnyView> {
    let lang = context.lang;
    let mapping = &preview.suggestion;
    let unused: Vec<_> = preview
        .columns
        .iter()
        .filter(|column| !is_used(mapping, &column.name))
        .collect();
    if unused.is_empty() {
        return None;
    }
    let customers = kind == UploadKind::Customers;
    let count = unused.len() as i64;
    let subtitle = t!(lang, "map-unused-sub", n = count, count = context.format.number(count));
    let rows = unused.into_iter().map(|column| {
        let mut cells = vec![Cell::Strong(column.name.clone()), Cell::View(reading(context, column))];
        if customers {
            let label = t!(lang, "map-keep-one", column = column.name.clone());
            let kept = is_attribute(mapping, &column.name);
            let name = format!("{ATTRIBUTE}{}", column.name);
            cells.push(Cell::View(
                view! { <input type="checkbox" name=name value="yes" checked=kept aria-label=label/> }.into_any(),
            ));
        }
        cells
    });
    let mut columns = vec![
        Column::text(t!(lang, "map-column")),
        Column::text(t!(lang, "map-samples")),
    ];
    if customers {
        columns.push(Column::text(t!(lang, "map-keep")));
    }
    let table = Table::new(columns)
        .rows(rows)
        .tight()
        .caption(t!(lang, "map-unused"))
        .view();
    let all = customers.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="keep_unmapped" value="yes" checked=preview.options.keep_unmapped/>
                {t!(lang, "map-keep-unmapped")}
            </label>
        }
        .into_any()
    });
    Some(
        view! {
            <Card title=t!(lang, "map-unused") subtitle=subtitle>
                <div class="uploads-preview">{table}</div>
                {all}
            </Card>
        }
        .into_any(),
    )
}
