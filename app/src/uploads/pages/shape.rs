//! How the file lies in rows and columns, on the mapping page: the sheet of a workbook, or the widths of columns without a delimiter.

use crate::i18n::Lang;
use crate::t;
use crate::ui::{Choice, Field, select};
use leptos::prelude::*;
use types::uploads::{Preview, UploadOptions};

/// Nothing for a file that has no such choice.
pub fn shape(lang: Lang, options: &UploadOptions, preview: &Preview) -> Option<AnyView> {
    if preview.sheets.len() > 1 {
        let found = preview.sheet.clone().unwrap_or_default();
        let mut sheets = vec![Choice::new("", t!(lang, "map-as-found", found = found))];
        sheets.extend(
            preview
                .sheets
                .iter()
                .map(|name| Choice::new(name.clone(), name.clone())),
        );
        let chosen = options.sheet.clone().unwrap_or_default();
        let control = select("sheet".to_owned(), "sheet".to_owned(), None, sheets, &chosen);
        return Some(view! { <Field id="sheet" label=t!(lang, "map-sheet")>{control}</Field> }.into_any());
    }
    if preview.delimiter.is_empty() {
        return None;
    }
    let widths = widths_text(options.widths.as_deref().unwrap_or_default());
    Some(
        view! {
            <Field id="widths" label=t!(lang, "map-widths") help=t!(lang, "map-widths-help")>
                <input class="input" id="widths" name="widths" maxlength="4000" value=widths placeholder="8, 20, 10"/>
            </Field>
        }
        .into_any(),
    )
}

/// A delimiter in words where it is none that can be seen.
pub fn delimiter(lang: Lang, mark: &str) -> String {
    match mark {
        "tab" | "\t" => t!(lang, "map-tab"),
        "blanks" => t!(lang, "map-blanks-between"),
        "widths" => t!(lang, "map-widths"),
        other => other.to_owned(),
    }
}

fn widths_text(widths: &[u32]) -> String {
    widths.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// The widths of the form; `None` when nothing is written there. What is no number is a width of nothing, which the reader refuses by name.
pub fn widths(text: &str) -> Option<Vec<u32>> {
    let numbers: Vec<u32> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '，' | '、'))
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().unwrap_or(0))
        .collect();
    Some(numbers).filter(|numbers| !numbers.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_the_form() {
        assert_eq!(widths("4, 6  10"), Some(vec![4, 6, 10]));
        assert_eq!(widths("4，x"), Some(vec![4, 0]));
        assert_eq!(widths("  "), None);
        assert_eq!(widths_text(&[4, 6]), "4, 6");
    }
}
