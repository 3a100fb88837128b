//! A rule for reading: in plain words in both languages, as JSON, and as the query.

use crate::context::PageContext;
use crate::format::Format;
use crate::i18n::Lang;
use crate::segments::sql;
use crate::segments::words::{RuleLine, rule_lines};
use crate::t;
use leptos::prelude::*;
use types::rules::Rule;

/// The lines of a rule as a list.
pub fn lines(lines: &[RuleLine], lang: Lang) -> AnyView {
    let rows = lines
        .iter()
        .map(|line| {
            let class = format!("depth-{}", line.depth.min(8));
            view! { <li class=class>{line.text.clone()}</li> }.into_any()
        })
        .collect_view();
    view! { <ul class="rule-words" lang=lang.code()>{rows}</ul> }.into_any()
}

pub fn card(context: &PageContext, rule: &Rule) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let other = match lang {
        Lang::En => Lang::ZhCn,
        Lang::ZhCn => Lang::En,
    };
    let mut elsewhere: Format = *format;
    elsewhere.lang = other;
    let json = serde_json::to_string_pretty(&rule.to_json()).unwrap_or_default();
    let query = sql::query(rule, &format.currency());
    view! {
        {lines(&rule_lines(format, rule), lang)}
        <details class="rule-more">
            <summary>{t!(lang, "saved-other-language")}</summary>
            {lines(&rule_lines(&elsewhere, rule), other)}
        </details>
        <details class="rule-more"><summary>{t!(lang, "saved-as-json")}</summary><pre class="code-block" tabindex="0">{json}</pre></details>
        <details class="rule-more"><summary>{t!(lang, "saved-as-query")}</summary><pre class="code-block" tabindex="0">{query}</pre></details>
    }
    .into_any()
}
