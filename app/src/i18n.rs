//! Says a sentence in the reader's language. The words are in `app/locales`; nothing here decides what to say.
//! Server only: islands get ready strings.

use fluent_templates::{LanguageIdentifier, Loader, StaticLoader, fluent_bundle::FluentValue, langid};
use std::{borrow::Cow, collections::HashMap};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    #[default]
    En,
    ZhCn,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::En, Lang::ZhCn];

    /// The code as it stands in `<html lang>`, in the cookie and in the name of the locale folder.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::ZhCn => "zh-CN",
        }
    }

    pub fn parse(text: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == text)
    }

    /// The first language of an `Accept-Language` header that we speak.
    pub fn accepted(header: &str) -> Option<Lang> {
        header.split(',').find_map(|part| {
            let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            match tag.split('-').next() {
                Some("zh") => Some(Lang::ZhCn),
                Some("en") => Some(Lang::En),
                _ => None,
            }
        })
    }

    fn id(self) -> &'static LanguageIdentifier {
        static EN: LanguageIdentifier = langid!("en");
        static ZH: LanguageIdentifier = langid!("zh-CN");
        match self {
            Lang::En => &EN,
            Lang::ZhCn => &ZH,
        }
    }
}

/// The text of a key, or the key itself when there is none, so that a missing text is seen and breaks nothing.
pub fn text(lang: Lang, key: &str) -> String {
    find(lang, key).unwrap_or_else(|| key.to_owned())
}

/// The text of a key that is made at run time, when there is one.
pub fn find(lang: Lang, key: &str) -> Option<String> {
    let loader: &StaticLoader = &LOCALES;
    loader.try_lookup(lang.id(), key)
}

/// The text of `prefix` + `name`; names that nobody has translated (a company's own words) stay as they are.
/// Underscores of data names are hyphens in keys.
pub fn named(lang: Lang, prefix: &str, name: &str) -> String {
    let tail: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    find(lang, &format!("{prefix}{tail}")).unwrap_or_else(|| name.to_owned())
}

/// Sentences after each other, as the language sets them apart.
pub fn joined(lang: Lang, sentences: &[String]) -> String {
    let between = match lang {
        Lang::En => " ",
        Lang::ZhCn => "",
    };
    let said: Vec<&str> = sentences.iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
    said.join(between)
}

/// [`named`] with arguments.
pub fn named_with<const N: usize>(
    lang: Lang,
    prefix: &str,
    name: &str,
    arguments: [(&'static str, FluentValue<'static>); N],
) -> String {
    text_with(lang, &format!("{prefix}{}", name.replace('_', "-")), arguments)
}

/// The text of a key with its arguments; see [`crate::t`].
pub fn text_with<const N: usize>(
    lang: Lang,
    key: &str,
    arguments: [(&'static str, FluentValue<'static>); N],
) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue> = arguments
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value))
        .collect();
    let loader: &StaticLoader = &LOCALES;
    loader
        .try_lookup_with_args(lang.id(), key, &arguments)
        .unwrap_or_else(|| key.to_owned())
}

/// As [`text_with`], for a key and arguments that are made at run time, when there is such a text.
pub fn filled(lang: Lang, key: &str, arguments: Vec<(&'static str, FluentValue<'static>)>) -> Option<String> {
    let arguments: HashMap<Cow<'static, str>, FluentValue> = arguments
        .into_iter()
        .map(|(name, value)| (Cow::Borrowed(name), value))
        .collect();
    let loader: &StaticLoader = &LOCALES;
    loader.try_lookup_with_args(lang.id(), key, &arguments)
}

/// `t!(lang, "key")` or `t!(lang, "key", count = 3)`: a text in the language of the reader.
#[macro_export]
macro_rules! t {
    ($lang:expr, $key:literal) => {
        $crate::i18n::text($lang, $key)
    };
    ($lang:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::text_with($lang, $key, [$((stringify!($name), $value.into())),+])
    };
}

#[cfg(test)]
#[path = "i18n_tests.rs"]
mod tests;
