//! Both languages say the same: the same keys with the same arguments, each key used, each used key there.

use super::*;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Key → its arguments, of every file of one language.
fn texts(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    for path in files(&root().join("locales").join(lang.code()), "ftl") {
        let source = std::fs::read_to_string(&path).unwrap();
        let resource = fluent_syntax::parser::parse(source.as_str())
            .unwrap_or_else(|(_, faults)| panic!("{}: {faults:?}", path.display()));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut arguments = BTreeSet::new();
                message
                    .value
                    .iter()
                    .for_each(|pattern| collect(pattern, &mut arguments));
                let key = message.id.name.to_owned();
                assert!(
                    texts.insert(key.clone(), arguments).is_none(),
                    "{key} stands twice in {}",
                    lang.code()
                );
            }
        }
    }
    texts
}

fn collect(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => collect_inline(inline, arguments),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, arguments);
                    variants.iter().for_each(|variant| collect(&variant.value, arguments));
                }
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                collect_inline(inner, arguments);
            }
        }
        _ => {}
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found
}

/// What the sources ask for: keys of `t!`, and prefixes of `named(`, `find(` and `filled(`, whose ends are made at run time.
fn asked() -> (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>) {
    let (mut keys, mut prefixes) = (BTreeMap::new(), BTreeSet::new());
    for path in files(&root().join("src"), "rs") {
        if path.ends_with("i18n.rs") || path.ends_with("i18n_tests.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for (at, _) in source.match_indices("t!(") {
            let before = source[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let call = call_at(&source[at + 2..]);
            let Some(key) = first_literal(call) else { continue };
            let arguments: BTreeSet<String> = names_in(call);
            keys.insert(key, arguments);
        }
        for opening in ["named(", "named_with(", "find(", "filled("] {
            for (at, _) in source.match_indices(opening) {
                // A made key begins with its prefix: `format!("rfm-{key}")`.
                let literal = first_literal(call_at(&source[at + opening.len() - 1..])).unwrap_or_default();
                let prefix = literal.split('{').next().unwrap_or_default();
                if prefix.ends_with('-') {
                    prefixes.insert(prefix.to_owned());
                }
            }
        }
    }
    (keys, prefixes)
}

/// The text from `(` to the parenthesis that closes it.
fn call_at(source: &str) -> &str {
    let (mut depth, mut quoted, mut escaped) = (0_i32, false, false);
    for (at, c) in source.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &source[..at];
                }
            }
            _ => {}
        }
    }
    source
}

fn first_literal(call: &str) -> Option<String> {
    let start = call.find('"')? + 1;
    let end = call[start..].find('"')? + start;
    Some(call[start..end].to_owned())
}

/// Names before a single `=` directly inside the call.
fn names_in(call: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut depth, mut quoted, mut piece) = (0_i32, false, String::new());
    let mut pieces = Vec::new();
    for c in call.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 1 => {
                pieces.push(std::mem::take(&mut piece));
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    pieces.push(piece);
    for piece in pieces.iter().skip(2) {
        if let Some((name, _)) = piece.split_once('=') {
            names.insert(name.trim().to_owned());
        }
    }
    names
}

#[test]
fn languages_have_the_same_keys_and_arguments() {
    let (en, zh) = (texts(Lang::En), texts(Lang::ZhCn));
    let only = |a: &BTreeMap<_, _>, b: &BTreeMap<String, _>| -> Vec<String> {
        a.keys()
            .filter(|key: &&String| !b.contains_key(*key))
            .cloned()
            .collect()
    };
    assert_eq!(only(&en, &zh), Vec::<String>::new(), "missing in zh-CN");
    assert_eq!(only(&zh, &en), Vec::<String>::new(), "missing in en");
    for (key, arguments) in &en {
        // A count that only chooses between one and many has no use in Chinese, so it may be left out there.
        let missing: Vec<_> = zh[key].difference(arguments).collect();
        assert!(missing.is_empty(), "{key}: {missing:?} is unknown in en");
        let unused: Vec<_> = arguments.difference(&zh[key]).filter(|name| *name != "n").collect();
        assert!(unused.is_empty(), "{key}: {unused:?} is left out in zh-CN");
    }
}

#[test]
fn every_key_is_there_and_used() {
    let en = texts(Lang::En);
    let (keys, prefixes) = asked();
    assert!(keys.len() > 50, "the scan found only {} keys", keys.len());
    for (key, arguments) in &keys {
        let known = en.get(key).unwrap_or_else(|| panic!("{key} is used and has no text"));
        assert_eq!(known, arguments, "{key}: arguments of the text and of the call differ");
    }
    for prefix in &prefixes {
        assert!(
            en.keys().any(|key| key.starts_with(prefix)),
            "no text begins with {prefix}"
        );
    }
    let idle: Vec<_> = en
        .keys()
        .filter(|key| !keys.contains_key(*key) && !prefixes.iter().any(|p| key.starts_with(p)))
        .collect();
    assert!(idle.is_empty(), "texts that nothing uses: {idle:?}");
}

#[test]
fn a_text_is_said_in_both_languages() {
    assert_ne!(t!(Lang::En, "nav-uploads"), t!(Lang::ZhCn, "nav-uploads"));
    assert_eq!(Lang::accepted("fr-FR, zh-TW;q=0.9, en;q=0.8"), Some(Lang::ZhCn));
    assert_eq!(named(Lang::En, "channel-", "no such thing"), "no such thing");
}
