//! What a segment is called and where it stands: the fields that rules and lists share.

use super::{COLOURS, mark};
use crate::i18n::Lang;
use crate::t;
use crate::ui::TextField;
use crate::ui::faults::Faults;
use leptos::prelude::*;
use serde::Deserialize;
use types::segments::{NewSegment, Segment};

/// As it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SegmentForm {
    pub name: String,
    pub description: String,
    pub folder: String,
    pub colour: String,
    /// JSON.
    pub rule: String,
    /// Ids, one a line or with commas between them.
    pub members: String,
    /// `check` or `save`; a list is only saved.
    #[serde(rename = "do")]
    pub wanted: String,
}

impl SegmentForm {
    pub fn of(segment: &Segment) -> SegmentForm {
        SegmentForm {
            name: segment.name.clone(),
            description: segment.description.clone(),
            folder: segment.folder.clone(),
            colour: segment.colour.clone(),
            rule: segment
                .rule
                .as_ref()
                .and_then(|rule| serde_json::to_string_pretty(&rule.to_json()).ok())
                .unwrap_or_default(),
            ..SegmentForm::default()
        }
    }

    pub fn segment(&self) -> NewSegment {
        NewSegment {
            name: self.name.clone(),
            description: self.description.clone(),
            folder: self.folder.clone(),
            colour: self.colour.clone(),
            rule: None,
            members: None,
        }
    }

    /// Each id once more cut out of lines, commas, semicolons and quotes of a table.
    pub fn ids(&self) -> Vec<String> {
        self.members
            .split(['\n', '\r', ',', ';', '\t'])
            .map(|id| id.trim().trim_matches('"').trim().to_owned())
            .filter(|id| !id.is_empty() && id != "external_id")
            .collect()
    }
}

/// Name, description, folder, colour.
pub fn naming(lang: Lang, form: &SegmentForm, faults: &Faults) -> AnyView {
    let colours = std::iter::once("")
        .chain(COLOURS)
        .map(|colour| {
            let label = match colour {
                "" => t!(lang, "saved-colour-none"),
                colour => t!(lang, "saved-colour-of", colour = colour.to_owned()),
            };
            let chosen = form.colour == colour;
            view! {
                <label class="colour-choice">
                    <input type="radio" name="colour" value=colour checked=chosen aria-label=label/>
                    {mark(colour)}
                </label>
            }
            .into_any()
        })
        .collect_view();
    view! {
        {TextField::new("segment-name", "name", t!(lang, "saved-name")).required().longest("200").value(form.name.clone()).view(faults)}
        {TextField::new("segment-description", "description", t!(lang, "saved-description"))
            .longest("2000")
            .value(form.description.clone())
            .view(faults)}
        {TextField::new("segment-folder", "folder", t!(lang, "saved-folder")).longest("200").value(form.folder.clone()).view(faults)}
        <fieldset class="field">
            <legend class="label">{t!(lang, "saved-colour")}</legend>
            <div class="colour-choices">{colours}</div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_cut_out_of_what_was_pasted() {
        let form = SegmentForm {
            members: "external_id\r\n\"c1\"\r\nc2, c3;till:7\n\n c4 \n".into(),
            ..SegmentForm::default()
        };
        assert_eq!(form.ids(), ["c1", "c2", "c3", "till:7", "c4"]);
    }
}
