//! What is wrong with a posted form, field by field, in the reader's language; so that the form can be shown again as it was sent.

use crate::i18n::{Lang, named};
use crate::said;
use engine::Error;

/// Empty for a form that is shown for the first time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    items: Vec<(String, String)>,
}

impl Faults {
    /// `None` when the error is not about fields: it deserves a page of its own.
    pub fn of(lang: Lang, error: &Error) -> Option<Faults> {
        let Error::Invalid(fields) = error else { return None };
        let items = fields
            .iter()
            .map(|fault| (fault.field.clone(), said(lang, &fault.field, &fault.reason)))
            .collect();
        Some(Faults { items })
    }

    /// Fields and what is said of each, in the reader's language already.
    pub fn with(items: impl IntoIterator<Item = (String, String)>) -> Faults {
        Faults {
            items: items.into_iter().collect(),
        }
    }

    pub fn one(field: &str, text: String) -> Faults {
        Faults {
            items: vec![(field.to_owned(), text)],
        }
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Everything that is wrong, for a form whose fields are many.
    pub fn all(&self) -> Vec<String> {
        self.items
            .iter()
            .map(|(field, text)| format!("{field}: {text}."))
            .collect()
    }

    /// What stands below the field; empty when nothing is wrong with it.
    pub fn at(&self, field: &str) -> String {
        self.items
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, text)| text.clone())
            .unwrap_or_default()
    }

    /// As [`Faults::at`], for a field that has places inside it: `tiers/0/rule` also says what is wrong with `tiers/0/rule/all/1`.
    pub fn below(&self, field: &str) -> String {
        self.items
            .iter()
            .find(|(name, _)| {
                name.strip_prefix(field)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .map(|(_, text)| text.clone())
            .unwrap_or_default()
    }

    /// For `aria-invalid` of the control.
    pub fn invalid(&self, field: &str) -> Option<&'static str> {
        self.items.iter().any(|(name, _)| name == field).then_some("true")
    }

    /// For `aria-describedby` of the control with this id: where [`crate::ui::Field`] writes the fault.
    pub fn described(&self, field: &str, id: &str) -> Option<String> {
        self.invalid(field).map(|_| format!("{id}-fault"))
    }
}

/// The page's own sentence for the field; the engine's when there is none.
fn said(lang: Lang, field: &str, reason: &str) -> String {
    let text = named(lang, "fault-", field);
    if text == field {
        said::reason(lang, reason)
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_explained_in_the_readers_language() {
        let faults = Faults::of(Lang::ZhCn, &Error::invalid("email", "is not an e-mail address")).unwrap();
        assert!(
            !faults.at("email").is_empty() && !faults.at("email").is_ascii(),
            "{faults:?}"
        );
        assert_eq!((faults.at("name"), faults.invalid("name")), (String::new(), None));
        assert_eq!(
            faults.described("email", "new-email").as_deref(),
            Some("new-email-fault")
        );
    }

    #[test]
    fn a_field_that_nobody_foresaw_keeps_the_engines_words() {
        let faults = Faults::of(Lang::En, &Error::invalid("weather", "is too cold")).unwrap();
        assert_eq!(faults.at("weather"), "is too cold");
        assert_eq!(Faults::of(Lang::En, &Error::not_found("Person 7")), None);
    }
}
