//! The mapping page: our fields with what each means, beside them the columns of the file with their first values.

use super::mapping_form::{self, COLUMN, CONSTANT, ROW_NUMBER, Start, VALUES};
use super::{fields, kind_name, shape};
use crate::context::{PageContext, pairs};
use crate::i18n::Lang;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Cell, Choice, Column, Field, Head, Icon, Table, icon, select};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use engine::uploads::Mode;
use leptos::prelude::*;
use types::uploads::{Field as UploadField, Mapping, Preview, Upload, UploadKind, ValueType};

pub async fn map(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|(upload, preview)| view(&visit.context, upload, preview));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<(Upload, Preview), Error> {
    let id = number(id, "Upload")?;
    let upload = engine::uploads::get(visit.engine(), &visit.actor, id).await?;
    let preview = engine::uploads::preview(visit.engine(), &visit.actor, id).await?;
    Ok((upload, preview))
}

/// The form's answer: a check or an import, both as a job.
pub async fn import(visit: Visit, Path(id): Path<String>, body: String) -> Response {
    let next = begin(&visit, &id, &body).await;
    visit.go(next).await
}

async fn begin(visit: &Visit, id: &str, body: &str) -> Result<String, Error> {
    let id = number(id, "Upload")?;
    let upload = engine::uploads::get(visit.engine(), &visit.actor, id).await?;
    let decided = mapping_form::read(upload.kind, &pairs(body))?;
    let mode = if decided.dry_run { Mode::DryRun } else { Mode::Commit };
    engine::uploads::set_mapping(visit.engine(), &visit.actor, id, &decided.mapping, &decided.options).await?;
    engine::uploads::start(visit.engine(), &visit.actor, id, mode).await?;
    Ok(format!("/uploads/{id}"))
}

pub(super) fn view(context: &PageContext, upload: Upload, preview: Preview) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "map-title"), Nav::Uploads, move || {
        let (context, upload, preview) = (&context, &upload, &preview);
        let lang = context.lang;
        let lead = t!(
            lang,
            "map-lead",
            file = upload.name.clone(),
            kind = kind_name(lang, upload.kind),
            n = preview.columns.len() as i64,
            columns = context.format.number(preview.columns.len() as i64)
        );
        let mapping = if upload.mapping.is_empty() {
            &preview.suggestion
        } else {
            &upload.mapping
        };
        let up = (t!(lang, "nav-uploads"), "/uploads".to_owned());
        view! {
            <Head title=t!(lang, "map-title") lead=lead up=up/>
            <form class="form" method="post" action=format!("/uploads/{}/import", upload.id)>
                <Card title=t!(lang, "map-fields") subtitle=t!(lang, "map-fields-sub")>
                    {table(lang, upload.kind, preview, mapping)}
                    <div class="form-actions">
                        <button class=ButtonLook::Primary.class() type="submit" name="mode" value="commit">
                            {icon(Icon::Upload)}{t!(lang, "map-import")}
                        </button>
                        <button class=ButtonLook::Plain.class() type="submit" name="mode" value="dry_run">{t!(lang, "map-check")}</button>
                        <span class="small muted">{t!(lang, "map-undo-note")}</span>
                    </div>
                </Card>
                <Card title=t!(lang, "map-options") subtitle=t!(lang, "map-options-sub")>{options(lang, upload, preview)}</Card>
            </form>
            <Card title=t!(lang, "map-file") subtitle=t!(lang, "map-file-sub", encoding = preview.encoding.clone())>
                <div class="uploads-preview">{columns(lang, preview)}</div>
            </Card>
        }
        .into_any()
    })
}

fn table(lang: Lang, kind: UploadKind, preview: &Preview, mapping: &Mapping) -> AnyView {
    let rows = kind
        .fields()
        .iter()
        .map(|field| row(lang, field, preview, &mapping_form::start(mapping, field.name)));
    let table = Table::new(vec![
        Column::text(t!(lang, "map-ours")),
        Column::text(t!(lang, "map-theirs")),
        Column::text(t!(lang, "map-constant")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "map-fields"))
    .view();
    view! { <div class="uploads-map">{table}</div> }.into_any()
}

fn row(lang: Lang, field: &UploadField, preview: &Preview, start: &Start) -> Vec<Cell> {
    let name = fields::name(lang, field);
    let title = if field.required {
        t!(lang, "map-required", field = name.clone())
    } else {
        name.clone()
    };
    let mut choices = vec![Choice::new("", t!(lang, "map-none"))];
    choices.extend(preview.columns.iter().map(|column| {
        let samples = column
            .samples
            .iter()
            .take(3)
            .map(|sample| short(sample))
            .collect::<Vec<_>>()
            .join(", ");
        let text = if samples.is_empty() {
            column.name.clone()
        } else {
            format!("{} · {samples}", column.name)
        };
        Choice::new(column.name.clone(), text)
    }));
    if matches!(field.value, ValueType::Id) {
        choices.push(Choice::new(ROW_NUMBER, t!(lang, "map-row-number")));
    }
    let id = format!("column-{}", field.name);
    let column = select(
        id,
        format!("{COLUMN}{}", field.name),
        Some(t!(lang, "map-column-of", field = name.clone())),
        choices,
        &start.column,
    );
    let words = matches!(field.value, ValueType::Choice(_)).then(|| words(lang, field, start));
    let constant = view! {
        <input
            class="input"
            name=format!("{CONSTANT}{}", field.name)
            value=start.constant.clone()
            aria-label=t!(lang, "map-constant-of", field = name)
        />
    };
    vec![
        Cell::Two(title, fields::meaning(lang, field)),
        Cell::View(view! { {column}{words} }.into_any()),
        Cell::View(constant.into_any()),
    ]
}

/// Which of their words means which of ours, one per line.
fn words(lang: Lang, field: &UploadField, start: &Start) -> AnyView {
    let text = mapping_form::values_text(&start.values);
    let open = !text.is_empty();
    view! {
        <details class="chart-table" open=open>
            <summary>{t!(lang, "map-words")}</summary>
            <textarea class="input" rows="3" name=format!("{VALUES}{}", field.name) aria-label=t!(lang, "map-words")>{text}</textarea>
        </details>
    }
    .into_any()
}

fn short(sample: &str) -> String {
    if sample.chars().count() > 24 {
        sample.chars().take(23).chain(['…']).collect()
    } else {
        sample.to_owned()
    }
}

fn columns(lang: Lang, preview: &Preview) -> AnyView {
    let rows = preview.columns.iter().map(|column| {
        vec![
            Cell::Strong(column.name.clone()),
            Cell::Muted(
                column
                    .samples
                    .iter()
                    .map(|sample| short(sample))
                    .collect::<Vec<_>>()
                    .join(" · "),
            ),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "map-column")),
        Column::text(t!(lang, "map-samples")),
    ])
    .rows(rows)
    .tight()
    .caption(t!(lang, "map-file"))
    .view()
}

fn options(lang: Lang, upload: &Upload, preview: &Preview) -> AnyView {
    let options = &upload.options;
    let choice = |id: &'static str, label: String, help: String, choices: Vec<Choice>, chosen: &str| {
        view! { <Field id=id label=label help=help>{select(id.to_owned(), id.to_owned(), None, choices, chosen)}</Field> }.into_any()
    };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let chosen = |value: serde_json::Result<serde_json::Value>| value.map(word).unwrap_or_default();
    let on_known = chosen(serde_json::to_value(options.on_known));
    let blanks = chosen(serde_json::to_value(options.blanks));
    let groups = chosen(serde_json::to_value(options.groups));
    let date_order = chosen(serde_json::to_value(options.date_order));
    let decimal = chosen(serde_json::to_value(options.decimal));
    let grouped = matches!(
        upload.kind,
        UploadKind::OrderLines | UploadKind::Payments | UploadKind::CampaignCosts
    );
    let encodings = [
        "utf-8",
        "gb18030",
        "big5",
        "utf-16le",
        "windows-1252",
        "shift_jis",
        "euc-kr",
    ];
    let mut encoding = vec![Choice::new(
        "",
        t!(lang, "map-as-found", found = preview.encoding.clone()),
    )];
    encoding.extend(encodings.map(|name| Choice::new(name, name)));
    let found = shape::delimiter(lang, &preview.delimiter);
    let delimiter = vec![
        Choice::new("", t!(lang, "map-as-found", found = found)),
        Choice::new(",", ","),
        Choice::new(";", ";"),
        Choice::new("tab", t!(lang, "map-tab")),
        Choice::new("|", "|"),
        Choice::new("blanks", t!(lang, "map-blanks-between")),
    ];
    let is_text = !preview.delimiter.is_empty();
    let delimiter_chosen = match options.delimiter.as_deref() {
        Some("\t") => "tab",
        Some(other) => other,
        None => "",
    };
    view! {
        <div class="form-row">
            {choice("on_known", t!(lang, "map-on-known"), t!(lang, "map-on-known-help"), vec![
                Choice::new("update", t!(lang, "map-update")),
                Choice::new("leave", t!(lang, "map-leave")),
                Choice::new("update_only", t!(lang, "map-update-only")),
            ], &on_known)}
            {choice("blanks", t!(lang, "map-blanks"), t!(lang, "map-blanks-help"), vec![
                Choice::new("keep", t!(lang, "map-keep")),
                Choice::new("overwrite", t!(lang, "map-overwrite")),
            ], &blanks)}
            {grouped.then(|| choice("groups", t!(lang, "map-groups"), t!(lang, "map-groups-help"), vec![
                Choice::new("add", t!(lang, "map-add")),
                Choice::new("replace", t!(lang, "map-replace")),
            ], &groups))}
        </div>
        <div class="form-row">
            {shape::shape(lang, options, preview)}
            {is_text.then(|| choice("encoding", t!(lang, "map-encoding"), String::new(), encoding, options.encoding.as_deref().unwrap_or_default()))}
            {is_text.then(|| choice("delimiter", t!(lang, "map-delimiter"), String::new(), delimiter, delimiter_chosen))}
            {choice("date_order", t!(lang, "map-dates"), String::new(), vec![
                Choice::new("", t!(lang, "map-find-out")),
                Choice::new("year_month_day", "2026-11-22"),
                Choice::new("day_month_year", "22/11/2026"),
                Choice::new("month_day_year", "11/22/2026"),
            ], &date_order)}
            {choice("decimal", t!(lang, "map-decimal"), String::new(), vec![
                Choice::new("", t!(lang, "map-find-out")),
                Choice::new("point", "1,234.50"),
                Choice::new("comma", "1.234,50"),
            ], &decimal)}
            <Field id="source" label=t!(lang, "map-source") help=t!(lang, "map-source-help")>
                <input class="input" id="source" name="source" maxlength="40" value=options.source.clone()/>
            </Field>
        </div>
        {(upload.kind == UploadKind::Customers).then(|| view! {
            <label class="check">
                <input type="checkbox" name="keep_unmapped" value="yes" checked=options.keep_unmapped/>
                {t!(lang, "map-keep-unmapped")}
            </label>
        })}
    }
    .into_any()
}
