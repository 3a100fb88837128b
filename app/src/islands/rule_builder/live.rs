//! The answer beside the rule: how many, what the rule says in plain words, and what sets the group apart.

use super::parts::{Part, live, part, parts, shape};
use super::seed::{Live, LiveFinding, LiveFindings, LiveLine};
use super::state::Builder;
use leptos::prelude::*;

pub fn panel(builder: Builder) -> Part {
    part("aside")
        .class("builder-side")
        .set("aria-label", &builder.word("answer"))
        .child(sum(builder))
        .child(words(builder))
        .child(findings(builder))
        .child(query(builder))
}

fn of_live(builder: Builder, pick: fn(&Live) -> String) -> impl Fn() -> String + 'static {
    move || builder.live.with(pick)
}

fn sum(builder: Builder) -> Part {
    let no_problem = move || builder.live.with(|live| live.problem.is_empty());
    let all_finished = move || builder.written.with(|written| written.unfinished.is_empty());
    let count = |live: &Live| match live.count.as_str() {
        "" => "–".to_owned(),
        count => count.to_owned(),
    };
    part("section")
        .class("card builder-sum")
        .class_while("is-busy", move || builder.busy.get())
        .child(
            part("div")
                .class("builder-figure")
                .set("aria-live", "polite")
                .set("aria-atomic", "true")
                .child(part("span").class("big").says(of_live(builder, count)))
                .child(
                    part("span")
                        .class("builder-share")
                        .says(of_live(builder, |live| live.share.clone())),
                ),
        )
        .child(
            track("1").class("builder-track").child(
                bar("1")
                    .class("fill-d1")
                    .keeps("width", of_live(builder, |live| percent(live.fraction))),
            ),
        )
        .child(
            part("p")
                .class("small muted builder-base")
                .says(of_live(builder, |live| live.base.clone())),
        )
        .child(
            part("p")
                .class("notice notice--bad")
                .set_while("hidden", no_problem)
                .says(of_live(builder, |live| live.problem.clone())),
        )
        .child(
            part("p")
                .class("small rule-unfinished")
                .set_while("hidden", all_finished)
                .text(&builder.word("some-unfinished")),
        )
}

/// Of a hundred, as the width of a bar.
pub fn percent(fraction: f64) -> String {
    format!("{:.2}", fraction.clamp(0.0, 1.0) * 100.0)
}

/// The trough in which a bar lies, a hundred wide.
pub fn track(round: &str) -> Part {
    shape("svg")
        .set("viewBox", "0 0 100 4")
        .set("preserveAspectRatio", "none")
        .set("aria-hidden", "true")
        .child(bar(round).set("width", "100").class("fill-sunken"))
}

pub fn bar(round: &str) -> Part {
    shape("rect").set("height", "4").set("rx", round)
}

fn card(class: &str, title: String, more: Option<Part>) -> Part {
    let name = part("div").class("name").child(part("h2").text(&title)).children(more);
    part("section").class(class).child(part("header").child(name))
}

fn words(builder: Builder) -> Part {
    let lines = move || builder.live.with(|live| parts(live.lines.iter().map(line)));
    card("card builder-words", builder.word("in-words"), None).child(part("ul").class("rule-words").child(live(lines)))
}

fn line(line: &LiveLine) -> Part {
    part("li")
        .class(&format!("depth-{}", line.depth.min(8)))
        .text(&line.text)
}

fn findings(builder: Builder) -> Part {
    let found = builder.findings;
    let note = part("span")
        .class("sub")
        .says(move || found.with(|found: &LiveFindings| found.note.clone()));
    let rows = move || found.with(|found| parts(found.findings.iter().map(finding)));
    card("card builder-findings", builder.word("findings"), Some(note))
        .child(part("ul").class("builder-find").child(live(rows)))
}

fn finding(found: &LiveFinding) -> Part {
    let class = if found.more { "figure more" } else { "figure less" };
    part("li").child(part("span").class(class).text(&found.figure)).child(
        part("span")
            .class("what")
            .child(part("b").class("strong").text(&found.what))
            .child(part("small").text(&found.said)),
    )
}

fn query(builder: Builder) -> Part {
    let text = part("pre")
        .class("code-block")
        .set("tabindex", "0")
        .says(of_live(builder, |live| live.query.clone()));
    part("details")
        .class("card builder-query")
        .child(part("summary").text(&builder.word("query")))
        .child(text)
}
