//! What the builder holds: the tree with its past and its future, and the newest answer of the server. One change is one step back; what is
//! typed into one field is one change.

use super::RULE_FIELD;
use super::json::{self, Written};
use super::seed::{BuilderSeed, Live, LiveFindings};
use super::tree::{Kind, Node, Tree};
use crate::islands::browser::{self, Asked};
use leptos::prelude::*;
use serde_json::{Value, json as value};

/// From the last key to the question.
const COUNT_AFTER_MS: i32 = 120;
/// The portrait reads more, so it waits until the hand rests.
const FINDINGS_AFTER_MS: i32 = 450;
/// Steps back that are kept.
const MOST_STEPS: usize = 200;

#[derive(Clone, Copy)]
pub struct Builder {
    pub tree: RwSignal<Tree>,
    past: RwSignal<Vec<Tree>>,
    future: RwSignal<Vec<Tree>>,
    /// What was changed last, so that typing is one step.
    last: StoredValue<String>,
    pub seed: StoredValue<BuilderSeed>,
    pub written: Memo<Written>,
    pub live: RwSignal<Live>,
    /// The nodes that the answer is about, by their places.
    pub answered: RwSignal<Vec<(String, u32)>>,
    pub findings: RwSignal<LiveFindings>,
    pub busy: RwSignal<bool>,
    /// The node whose menu is open.
    pub menu: RwSignal<Option<u32>>,
    pub dragged: RwSignal<Option<u32>>,
    /// Values → what they are called.
    pub texts: RwSignal<Vec<(String, String)>>,
    /// The JSON in the form is none that can be shown.
    pub unreadable: RwSignal<bool>,
    count: StoredValue<Asked>,
    portrait: StoredValue<Asked>,
}

impl Builder {
    pub fn new(seed: BuilderSeed) -> Builder {
        let read = serde_json::from_str::<Value>(&seed.rule)
            .ok()
            .and_then(|rule| json::read(&rule));
        let unreadable = RwSignal::new(read.is_none() && !seed.rule.trim().is_empty());
        let tree = RwSignal::new(read.unwrap_or_default());
        let texts = RwSignal::new(seed.texts.clone());
        let seed = StoredValue::new(seed);
        let written = Memo::new(move |_| {
            seed.with_value(|seed| tree.with(|tree| json::write(tree, &|of, name| kind_in(seed, of, name))))
        });
        Builder {
            tree,
            past: RwSignal::default(),
            future: RwSignal::default(),
            last: StoredValue::default(),
            seed,
            written,
            live: RwSignal::default(),
            answered: RwSignal::default(),
            findings: RwSignal::default(),
            busy: RwSignal::new(false),
            menu: RwSignal::new(None),
            dragged: RwSignal::new(None),
            texts,
            unreadable,
            count: StoredValue::default(),
            portrait: StoredValue::default(),
        }
    }

    /// In the browser, once: follows the rule with questions and keeps the form up to date.
    pub fn begin(self) {
        // The places are part of the question: the answer is shown at the nodes that they lead to.
        let asked = Memo::new(move |_| {
            self.written
                .with(|written| (written.rule.clone(), written.places.clone()))
        });
        Effect::new(move |_| {
            let (rule, places) = asked.get();
            // A rule that cannot be shown stays in the form as it is until somebody builds another one.
            if self.unreadable.get_untracked() {
                return;
            }
            let pretty = serde_json::to_string_pretty(&rule).unwrap_or_default();
            browser::set_text(RULE_FIELD, &pretty);
            self.ask(&rule, places);
        });
        Effect::new(move |_| {
            let unfinished = self.written.with(|written| !written.unfinished.is_empty());
            browser::set_disabled("rule-save", unfinished);
        });
        browser::on_changed(RULE_FIELD, move |text| {
            let read = serde_json::from_str::<Value>(&text)
                .ok()
                .and_then(|rule| json::read(&rule));
            match read {
                Some(tree) => {
                    self.unreadable.set(false);
                    self.change("", |held| *held = tree);
                }
                None => self.unreadable.set(true),
            }
        });
    }

    fn ask(self, rule: &Value, places: Vec<(String, u32)>) {
        let body = value!({ "rule": rule }).to_string();
        self.busy.set(true);
        let again = browser::ask_later(COUNT_AFTER_MS, "/segments/check", body.clone(), move |text| {
            self.busy.set(false);
            self.live.set(Live::read(text).unwrap_or_else(|| Live {
                problem: self.word("broken"),
                ..Live::default()
            }));
            self.answered.set(places.clone());
        });
        // Whoever asks anew takes the older question back, and the server stops working on it.
        self.count.update_value(|held| held.replace(again));
        let again = browser::ask_later(FINDINGS_AFTER_MS, "/segments/findings", body, move |text| {
            self.findings.set(LiveFindings::read(text).unwrap_or_default());
        });
        self.portrait.update_value(|held| held.replace(again));
    }

    pub fn word(self, key: &str) -> String {
        self.seed.with_value(|seed| {
            let found = seed.words.iter().find(|(name, _)| name == key);
            found.map_or_else(|| key.to_owned(), |(_, text)| text.clone())
        })
    }

    pub fn kind(self, of: &str, name: &str) -> Kind {
        self.seed.with_value(|seed| kind_in(seed, of, name)).unwrap_or_default()
    }

    /// What a value is called.
    pub fn text(self, value: &str) -> String {
        self.texts.with(|texts| {
            let found = texts.iter().find(|(known, _)| known == value);
            found.map_or_else(|| value.to_owned(), |(_, text)| text.clone())
        })
    }

    /// Something of a node; the default when there is no such node any more.
    pub fn about<T: Default>(self, id: u32, pick: impl FnOnce(&Node) -> T) -> T {
        self.tree.with(|tree| tree.find(id).map(pick)).unwrap_or_default()
    }

    /// Changes the tree. Changes with the same key after each other are one step back; the empty key is always a step of its own.
    pub fn change(self, key: &str, change: impl FnOnce(&mut Tree)) {
        self.change_as(key, Box::new(change));
    }

    fn change_as<'a>(self, key: &str, change: Box<dyn FnOnce(&mut Tree) + 'a>) {
        if key.is_empty() || self.last.with_value(|last| last != key) {
            self.past.update(|past| {
                past.push(self.tree.get_untracked());
                if past.len() > MOST_STEPS {
                    past.remove(0);
                }
            });
        }
        self.last.set_value(key.to_owned());
        self.future.update(Vec::clear);
        self.unreadable.set(false);
        self.tree.update(change);
    }

    pub fn can_undo(self) -> bool {
        self.past.with(|past| !past.is_empty())
    }

    pub fn can_redo(self) -> bool {
        self.future.with(|future| !future.is_empty())
    }

    pub fn undo(self) {
        self.step(self.past, self.future);
    }

    pub fn redo(self) {
        self.step(self.future, self.past);
    }

    fn step(self, from: RwSignal<Vec<Tree>>, to: RwSignal<Vec<Tree>>) {
        let Some(tree) = from.try_update(Vec::pop).flatten() else {
            return;
        };
        to.update(|to| to.push(self.tree.get_untracked()));
        self.last.set_value(String::new());
        self.tree.set(tree);
    }
}

fn kind_in(seed: &BuilderSeed, of: &str, name: &str) -> Option<Kind> {
    let found = seed.fields.iter().find(|field| field.of == of && field.name == name);
    found.map(|field| Kind::parse(&field.kind))
}
