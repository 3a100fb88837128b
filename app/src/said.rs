//! What the engine said, in the reader's language. The engine speaks English, to programs, to the log and in the history of jobs;
//! the sentences that people meet stand in `locales/*/said.ftl`, where the English text is what is recognised, with `{}` for
//! what it names. A sentence that is not there stays as it is.

use crate::i18n::{Lang, find};

/// Whole sentences: why a job failed, why something is not possible at the moment.
const SENTENCES: [&str; 46] = [
    "disk-full",
    "database-disk-full",
    "database-away",
    "too-much-memory",
    "internal",
    "cancelled",
    "worker-ended",
    "worker-stopped",
    "taken-over",
    "asker-gone",
    "no-fact",
    "no-data-customers",
    "no-data-orders",
    "merging",
    "no-numbers",
    "job-not-failed",
    "job-ended",
    "job-just-ended",
    "run-no-result-yet",
    "run-no-result",
    "not-enough",
    "no-difference",
    "upload-incomplete",
    "upload-complete",
    "upload-importing",
    "upload-committed",
    "upload-undone",
    "upload-not-committed",
    "upload-too-large",
    "last-administrator",
    "person-known",
    "administrator-known",
    "tag-used",
    "tag-takes-no-ids",
    "tag-expired",
    "receiver-redirect",
    "receiver-answered",
    "receiver-late",
    "receiver-unnamed",
    "receiver-untrusted",
    "receiver-away",
    "receiver-broke",
    "receiver-never",
    "webhooks-most",
    "sheet-rows",
    "sheet-cells",
];

/// What is wrong with one field.
const REASONS: [&str; 38] = [
    "no-date",
    "after-from",
    "too-long-ago",
    "no-role",
    "which-one",
    "no-such-group",
    "twice",
    "no-feature",
    "needs-number",
    "is-category",
    "not-among",
    "rising",
    "five-rows",
    "not-of-ten",
    "eighty",
    "above-zero",
    "above-slipping",
    "above-asleep",
    "another-run",
    "no-whole",
    "no-number",
    "tag-name",
    "tag-taken",
    "tag-name-used",
    "tag-no-run",
    "tag-missing",
    "tag-no-value",
    "tag-gone",
    "tag-value-twice",
    "tag-tiers",
    "way-round",
    "address",
    "https",
    "no-password",
    "no-fragment",
    "leads-nowhere",
    "leads-inside",
    "least-size",
];

/// What an address can lead to.
const THINGS: [&str; 8] = ["upload", "run", "job", "person", "token", "campaign", "tag", "webhook"];

/// A sentence of the engine.
pub fn sentence(lang: Lang, english: &str) -> String {
    SENTENCES
        .iter()
        .find_map(|key| again(lang, english, |lang| find(lang, &format!("said-{key}"))))
        .unwrap_or_else(|| english.to_owned())
}

/// What the engine says of a field.
pub fn reason(lang: Lang, english: &str) -> String {
    REASONS
        .iter()
        .find_map(|key| again(lang, english, |lang| find(lang, &format!("reason-{key}"))))
        .unwrap_or_else(|| english.to_owned())
}

/// The name of what was looked for: `Upload 7`.
pub fn thing(lang: Lang, english: &str) -> String {
    THINGS
        .iter()
        .find_map(|key| again(lang, english, |lang| find(lang, &format!("thing-{key}"))))
        .unwrap_or_else(|| english.to_owned())
}

/// A text with what `english` names, when `english` fits its English form.
pub fn again(lang: Lang, english: &str, text_in: impl Fn(Lang) -> Option<String>) -> Option<String> {
    let named = between(&text_in(Lang::En)?, english)?;
    let text = text_in(lang)?;
    let mut named = named.into_iter();
    let mut parts = text.split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    Some(parts.fold(first, |text, part| text + &named.next().unwrap_or_default() + part))
}

/// What stands where the pattern has `{}`, when the whole text fits the pattern.
fn between(pattern: &str, text: &str) -> Option<Vec<String>> {
    let (start, rest) = pattern.split_once("{}").unwrap_or((pattern, ""));
    let mut text = text.strip_prefix(start)?;
    if start.len() == pattern.len() {
        return text.is_empty().then(Vec::new);
    }
    let mut found = Vec::new();
    let mut ends = rest.split("{}").peekable();
    while let Some(end) = ends.next() {
        let at = if ends.peek().is_some() {
            text.find(end)?
        } else {
            text.strip_suffix(end)?.len()
        };
        found.push(text[..at].to_owned());
        text = &text[at + end.len()..];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn patterns_give_back_what_they_name() {
        assert_eq!(between("It is so.", "It is so."), Some(vec![]));
        assert_eq!(between("It is so.", "It is so. Really."), None);
        assert_eq!(between("Job {} has ended.", "Job 7 has ended."), Some(vec!["7".into()]));
        assert_eq!(
            between("run {} has no group {}", "run 7 has no group vip"),
            Some(vec!["7".into(), "vip".into()])
        );
        assert_eq!(between("Job {} has ended.", "Job 7 goes on."), None);
    }

    #[test]
    fn the_engines_own_errors_are_said_in_chinese() {
        let full = engine::Error::from(std::io::Error::from(std::io::ErrorKind::StorageFull)).to_string();
        let said = sentence(Lang::ZhCn, &full);
        assert!(said.contains("磁盘") && said != full, "{said}");
        assert_eq!(sentence(Lang::En, &full), full);
        assert_eq!(sentence(Lang::ZhCn, "Job 12 has already ended."), "任务 12 已经结束。");
        assert_eq!(sentence(Lang::ZhCn, "Something new."), "Something new.");
        assert_eq!(thing(Lang::ZhCn, "Upload 7"), "上传 7");
        assert_eq!(thing(Lang::ZhCn, "/nowhere"), "/nowhere");
    }

    /// A sentence that the engine no longer says would be translated for nobody, and its successor stay English unseen.
    #[test]
    fn every_known_sentence_is_one_that_the_engine_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/engine/src");
        let mut sources = Vec::new();
        read(&folder, &mut sources);
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        let keys = SENTENCES
            .iter()
            .map(|key| format!("said-{key}"))
            .chain(REASONS.iter().map(|key| format!("reason-{key}")))
            .chain(THINGS.iter().map(|key| format!("thing-{key}")));
        for key in keys {
            let english = find(Lang::En, &key).unwrap_or_else(|| panic!("{key} has no English text"));
            let said = sources
                .iter()
                .any(|source| english.split("{}").all(|part| source.contains(part)));
            assert!(said, "nobody says {key}: {english}");
        }
    }

    fn read(folder: &Path, sources: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, sources);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("said.rs") {
                sources.push(std::fs::read_to_string(&path).unwrap());
            }
        }
    }
}
