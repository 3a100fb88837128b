//! A rule in words, as a list whose indents are those of its groups.

use crate::format::Format;
use crate::segments::words::rule_lines;
use leptos::prelude::*;
use types::rules::Rule;

/// Deeper groups are drawn no further to the right.
const DEEPEST: usize = 6;

pub fn in_words(format: &Format, rule: &Rule) -> AnyView {
    let lines = rule_lines(format, rule)
        .into_iter()
        .map(|line| {
            let class = format!("tag-rule-line tag-rule-line--{}", line.depth.min(DEEPEST));
            view! { <li class=class>{line.text}</li> }.into_any()
        })
        .collect_view();
    view! { <ul class="tag-rule">{lines}</ul> }.into_any()
}
