//! The answer beside the rule: how many, what the rule says in plain words, and what sets the group apart.

use super::seed::{LiveFinding, LiveLine};
use super::state::Builder;
use leptos::prelude::*;

pub fn panel(builder: Builder) -> AnyView {
    let live = builder.live;
    let width = move || live.with(|live| format!("{:.2}", live.fraction.clamp(0.0, 1.0) * 100.0));
    let unfinished = move || builder.written.with(|written| written.unfinished.len());
    view! {
        <aside class="builder-side" aria-label=builder.word("answer")>
            <section class="card builder-sum" class:is-busy=move || builder.busy.get()>
                <div class="builder-figure" aria-live="polite" aria-atomic="true">
                    <span class="big">{move || live.with(|live| if live.count.is_empty() { "–".to_owned() } else { live.count.clone() })}</span>
                    <span class="builder-share">{move || live.with(|live| live.share.clone())}</span>
                </div>
                <svg class="builder-track" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect width="100" height="4" rx="1" class="fill-sunken"/>
                    <rect width=width height="4" rx="1" class="fill-d1"/>
                </svg>
                <p class="small muted builder-base">{move || live.with(|live| live.base.clone())}</p>
                <p class="notice notice--bad" hidden=move || live.with(|live| live.problem.is_empty())>
                    {move || live.with(|live| live.problem.clone())}
                </p>
                <p class="small rule-unfinished" hidden=move || unfinished() == 0>{builder.word("some-unfinished")}</p>
            </section>
            <section class="card builder-words">
                <header><div class="name"><h2>{builder.word("in-words")}</h2></div></header>
                <ul class="rule-words">{move || live.with(|live| live.lines.iter().map(line).collect_view())}</ul>
            </section>
            <section class="card builder-findings">
                <header>
                    <div class="name">
                        <h2>{builder.word("findings")}</h2>
                        <span class="sub">{move || builder.findings.with(|found| found.note.clone())}</span>
                    </div>
                </header>
                <ul class="builder-find">{move || builder.findings.with(|found| found.findings.iter().map(finding).collect_view())}</ul>
            </section>
            <details class="card builder-query">
                <summary>{builder.word("query")}</summary>
                <pre class="code-block" tabindex="0">{move || live.with(|live| live.query.clone())}</pre>
            </details>
        </aside>
    }
    .into_any()
}

fn line(line: &LiveLine) -> AnyView {
    let class = format!("depth-{}", line.depth.min(8));
    view! { <li class=class>{line.text.clone()}</li> }.into_any()
}

fn finding(found: &LiveFinding) -> AnyView {
    let class = if found.more { "figure more" } else { "figure less" };
    view! {
        <li>
            <span class=class>{found.figure.clone()}</span>
            <span class="what"><b class="strong">{found.what.clone()}</b><small>{found.said.clone()}</small></span>
        </li>
    }
    .into_any()
}
