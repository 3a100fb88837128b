//! What customers did: facts in a window of time that fit conditions of their own, measured and compared.

use super::condition::{At, Choice, comparison, field_parts, word};
use super::json::{FACTS, MEASURES};
use super::parts::{Part, live, nothing, parts};
use super::state::Builder;
use super::tree::{Behaviour, Kind, Node, Test, What, Window};
use super::window::{conditions, window_editor};
use leptos::prelude::*;

pub fn facts_list(builder: Builder) -> Vec<(String, String)> {
    FACTS
        .map(|facts| (facts.to_owned(), builder.word(&format!("facts-{facts}"))))
        .to_vec()
}

/// Something of a behaviour; the default when it is none any more.
fn of<T: Default>(builder: Builder, id: u32, pick: impl FnOnce(&Behaviour) -> T) -> T {
    builder.about(id, |node| match &node.what {
        What::Behaviour(of) => pick(of),
        _ => T::default(),
    })
}

fn edit(builder: Builder, id: u32, key: &str, change: impl FnOnce(&mut Behaviour)) {
    builder.change(key, |tree| {
        tree.edit(id, |node| {
            if let What::Behaviour(of) = &mut node.what {
                change(of);
            }
        });
    });
}

pub fn empty_group(builder: Builder) -> Box<Node> {
    let mut made = None;
    builder
        .tree
        .update_untracked(|tree| made = Some(tree.group(false, Vec::new())));
    Box::new(made.unwrap_or(Node {
        id: u32::MAX,
        not: false,
        what: What::Group {
            any: false,
            children: Vec::new(),
        },
    }))
}

pub fn behaviour(builder: Builder, id: u32) -> Part {
    let read = move |pick: fn(&Behaviour) -> String| Memo::new(move |_| of(builder, id, pick));
    let (facts, measure, field) = (
        read(|of| of.facts.clone()),
        read(|of| of.measure.clone()),
        read(|of| of.field.clone()),
    );
    let tests = Memo::new(move |_| of(builder, id, |of| of.tests.len() as u32));
    let take_facts = move |chosen: String| {
        let filter = empty_group(builder);
        edit(builder, id, "", |of| {
            // Fields of other facts mean something else.
            of.filter = filter;
            of.facts = chosen;
            of.measure = "count".to_owned();
            of.field = String::new();
            of.tests = usual_tests();
        });
    };
    let take_measure = move |chosen: String| {
        edit(builder, id, "", |of| {
            of.tests = usual_tests();
            of.field = String::new();
            of.measure = chosen;
        });
    };
    let measures: Vec<(String, String)> = MEASURES
        .iter()
        .map(|measure| ((*measure).to_owned(), builder.word(&format!("measure-{measure}"))))
        .collect();
    let of_field = move || !matches!(measure.get().as_str(), "count" | "orders");
    let field_choice = move || {
        if !of_field() {
            return nothing();
        }
        let only_numbers = matches!(measure.get().as_str(), "sum" | "avg");
        let no_texts = matches!(measure.get().as_str(), "min" | "max");
        let scope = facts.get();
        let mut fields = field_parts(builder, &scope, "");
        for (_, fields) in &mut fields {
            fields.retain(|(name, _)| match builder.kind(&scope, name) {
                Kind::Number => true,
                Kind::Date => !only_numbers,
                _ => !only_numbers && !no_texts,
            });
        }
        fields.insert(0, (String::new(), vec![(String::new(), builder.word("choose-field"))]));
        let take = move |chosen: String| {
            edit(builder, id, "", |of| {
                of.tests = vec![Test {
                    op: "ge".to_owned(),
                    values: Vec::new(),
                }];
                of.field = chosen;
            });
        };
        Choice::among(builder.word("field"), fields).of(field.into(), take)
    };
    let compared = move || {
        let kind = match measure.get().as_str() {
            "min" | "max" | "first" | "last" => builder.kind(&facts.get(), &field.get()),
            _ => Kind::Number,
        };
        // A count has no range of its own to tell of.
        let told = if of_field() && measure.get() != "sum" {
            field.get()
        } else {
            String::new()
        };
        let all = nothing();
        (0..tests.get() as usize).fold(all, |all, place| {
            let and = (place > 0).then(|| word(builder.word("and")));
            let one = comparison(builder, At::Measure(id, place), kind, facts.get(), told.clone());
            all.children(and).child(one)
        })
    };
    let filter = Memo::new(move |_| of(builder, id, |of| of.filter.id));
    let window = move || of(builder, id, |of| of.window.clone());
    let set_window = move |key: &str, window: Window| edit(builder, id, key, |of| of.window = window);
    parts([
        Choice::one(builder.word("facts"), facts_list(builder))
            .first_of(id)
            .of(facts.into(), take_facts),
        Choice::one(builder.word("measure"), measures).of(measure.into(), take_measure),
        live(field_choice),
        live(compared),
        window_editor(builder, window, set_window, format!("window {id}")),
        live(move || match filter.get() {
            0 => nothing(),
            filter => conditions(builder, filter, facts.into()),
        }),
    ])
}

fn usual_tests() -> Vec<Test> {
    vec![Test {
        op: "ge".to_owned(),
        values: vec!["1".to_owned()],
    }]
}
