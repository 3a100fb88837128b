//! The options of the mapping page: how the bytes become values, with what was found out, and how rows are merged with what is known.

use super::shape;
use crate::i18n::Lang;
use crate::t;
use crate::ui::{Choice, Field, select};
use leptos::prelude::*;
use serde::Serialize;
use types::uploads::{DateOrder, DecimalMark, Preview, Reading, Upload, UploadKind};

/// Encodings that can be chosen; any other name is taken through the API.
const ENCODINGS: [&str; 7] = [
    "utf-8",
    "gb18030",
    "big5",
    "utf-16le",
    "windows-1252",
    "shift_jis",
    "euc-kr",
];

fn choice(id: &'static str, label: String, help: String, choices: Vec<Choice>, chosen: &str) -> AnyView {
    view! { <Field id=id label=label help=help>{select(id.to_owned(), id.to_owned(), None, choices, chosen)}</Field> }
        .into_any()
}

/// The word that an option has in the API, which is its value in the form.
fn word(value: impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

/// Sheet or widths, encoding, delimiter, order of dates, decimal mark. The first choice of each says what was found out.
pub fn reading(lang: Lang, preview: &Preview) -> AnyView {
    let options = &preview.options;
    let found = |found: String| Choice::new("", t!(lang, "map-as-found", found = found));
    let mut encodings = vec![found(preview.encoding.clone())];
    encodings.extend(ENCODINGS.map(|name| Choice::new(name, name)));
    let is_text = !preview.delimiter.is_empty();
    let delimiters = vec![
        found(shape::delimiter(lang, &preview.delimiter)),
        Choice::new(",", ","),
        Choice::new(";", ";"),
        Choice::new("tab", t!(lang, "map-tab")),
        Choice::new("|", "|"),
        Choice::new("blanks", t!(lang, "map-blanks-between")),
    ];
    let delimiter = match options.delimiter.as_deref() {
        Some("\t") => "tab",
        Some(mark) => mark,
        None => "",
    };
    let guess = |text: String, sure: bool| {
        let key = if sure {
            text
        } else {
            t!(lang, "map-guessed", found = text)
        };
        if key.is_empty() {
            Choice::new("", t!(lang, "map-find-out"))
        } else {
            Choice::new("", t!(lang, "map-as-found", found = key))
        }
    };
    let (order, order_sure) = dates_of(preview);
    let (mark, mark_sure) = marks_of(preview);
    let orders = vec![
        guess(
            order.map(date_example).unwrap_or_default(),
            order_sure || order.is_none(),
        ),
        Choice::new("year_month_day", date_example(DateOrder::YearMonthDay)),
        Choice::new("day_month_year", date_example(DateOrder::DayMonthYear)),
        Choice::new("month_day_year", date_example(DateOrder::MonthDayYear)),
    ];
    let marks = vec![
        guess(
            mark.map(number_example).unwrap_or_default(),
            mark_sure || mark.is_none(),
        ),
        Choice::new("point", number_example(DecimalMark::Point)),
        Choice::new("comma", number_example(DecimalMark::Comma)),
    ];
    view! {
        <div class="form-row">
            {shape::shape(lang, options, preview)}
            {is_text.then(|| choice("encoding", t!(lang, "map-encoding"), t!(lang, "map-encoding-help"), encodings, options.encoding.as_deref().unwrap_or_default()))}
            {is_text.then(|| choice("delimiter", t!(lang, "map-delimiter"), String::new(), delimiters, delimiter))}
            {choice("date_order", t!(lang, "map-dates"), t!(lang, "map-dates-help"), orders, &word(options.date_order))}
            {choice("decimal", t!(lang, "map-decimal"), t!(lang, "map-decimal-help"), marks, &word(options.decimal))}
        </div>
    }
    .into_any()
}

fn date_example(order: DateOrder) -> String {
    match order {
        DateOrder::YearMonthDay => "2026-11-22",
        DateOrder::DayMonthYear => "22/11/2026",
        DateOrder::MonthDayYear => "11/22/2026",
    }
    .to_owned()
}

fn number_example(mark: DecimalMark) -> String {
    match mark {
        DecimalMark::Point => "1,234.50",
        DecimalMark::Comma => "1.234,50",
    }
    .to_owned()
}

/// What the columns of dates were taken for, the doubtful ones first: those are what a person has to look at.
fn dates_of(preview: &Preview) -> (Option<DateOrder>, bool) {
    let mut found = preview.columns.iter().filter_map(|column| match &column.reading {
        Reading::Date { order, sure, first } if !first.is_empty() => Some((*order, *sure)),
        _ => None,
    });
    let first = found.next();
    let doubtful = first.into_iter().chain(found).find(|(_, sure)| !sure).or(first);
    (doubtful.map(|(order, _)| order), doubtful.is_none_or(|(_, sure)| sure))
}

fn marks_of(preview: &Preview) -> (Option<DecimalMark>, bool) {
    let found: Vec<(DecimalMark, bool)> = preview
        .columns
        .iter()
        .filter_map(|column| match &column.reading {
            Reading::Number { mark, sure, first } if first.iter().any(|cell| cell.cell.contains(['.', ','])) => {
                Some((*mark, *sure))
            }
            _ => None,
        })
        .collect();
    let doubtful = found.iter().find(|(_, sure)| !sure).or(found.first()).copied();
    (doubtful.map(|(mark, _)| mark), doubtful.is_none_or(|(_, sure)| sure))
}

/// What happens to keys, blanks and groups that are known, and to an earlier file of the same name.
pub fn merging(lang: Lang, upload: &Upload, preview: &Preview) -> AnyView {
    let options = &preview.options;
    let grouped = matches!(
        upload.kind,
        UploadKind::OrderLines | UploadKind::Payments | UploadKind::CampaignCosts
    );
    let groups = [("add", t!(lang, "map-add")), ("replace", t!(lang, "map-replace"))];
    view! {
        <div class="form-row">
            {choice("on_known", t!(lang, "map-on-known"), t!(lang, "map-on-known-help"), vec![
                Choice::new("update", t!(lang, "map-update")),
                Choice::new("leave", t!(lang, "map-leave")),
                Choice::new("update_only", t!(lang, "map-update-only")),
            ], &word(options.on_known))}
            {choice("blanks", t!(lang, "map-blanks"), t!(lang, "map-blanks-help"), vec![
                Choice::new("keep", t!(lang, "map-keep-known")),
                Choice::new("overwrite", t!(lang, "map-overwrite")),
            ], &word(options.blanks))}
            {grouped.then(|| choice(
                "groups",
                t!(lang, "map-groups"),
                t!(lang, "map-groups-help"),
                groups.map(|(value, text)| Choice::new(value, text)).to_vec(),
                &word(options.groups),
            ))}
            <Field id="source" label=t!(lang, "map-source") help=t!(lang, "map-source-help")>
                <input class="input" id="source" name="source" maxlength="40" value=options.source.clone()/>
            </Field>
        </div>
        <label class="check">
            <input type="checkbox" name="replace_named" value="yes" checked=options.replace_named/>
            <span>{t!(lang, "map-replace-named", file = upload.name.clone())}<span class="sub">{t!(lang, "map-replace-named-help")}</span></span>
        </label>
    }
    .into_any()
}
