//! The audit log: who changed or took out what, newest first.

use super::{Part, framed};
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::page::Page;
use crate::t;
use crate::ui::{Card, Cell, Column, Table, pager};
use crate::visit::Visit;
use axum::response::Response;
use leptos::prelude::*;
use serde_json::Value;
use types::auth::AuditEntry;
use types::problems::Page as Slice;

const AT_ONCE: i64 = 100;

pub async fn audit(visit: Visit) -> Response {
    let before = visit.context.asked("before").and_then(|id| id.parse().ok());
    let entries = engine::audit::list(visit.engine(), &visit.actor, before, AT_ONCE).await;
    let page = entries.map(|entries| view(&visit.context, entries));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, entries: Slice<AuditEntry>) -> Page {
    let inner = context.clone();
    framed(context, Part::Audit, move || {
        let (lang, format) = (inner.lang, inner.format);
        let rows = entries.items.iter().map(|entry| {
            vec![
                whole(format.time(entry.at)),
                Cell::text(named(lang, "actor-", &entry.actor)),
                action(lang, &entry.action),
                whole(entry.object.clone()),
                folded(detail(&entry.detail)),
            ]
        });
        let table = Table::new(vec![
            Column::text(t!(lang, "audit-at")),
            Column::text(t!(lang, "audit-who")).wide_only(),
            Column::text(t!(lang, "audit-what")),
            Column::text(t!(lang, "audit-object")),
            Column::text(t!(lang, "audit-detail")).wide_only(),
        ])
        .rows(rows)
        .tight()
        .caption(t!(lang, "admin-audit"))
        .view();
        let older = entries
            .next
            .clone()
            .map(|next| (t!(lang, "pager-older"), format!("/admin/audit?before={next}")));
        let first = inner
            .asked("before")
            .map(|_| (t!(lang, "pager-newest"), "/admin/audit".to_owned()));
        let count = entries.items.len() as i64;
        let shown = t!(lang, "audit-shown", n = count, count = format.number(count));
        view! {
            <Card title=t!(lang, "admin-audit") subtitle=t!(lang, "audit-sub")>{table}{pager::pager(shown, first, older)}</Card>
        }
        .into_any()
    })
}

/// A text that stays on one line.
fn whole(text: String) -> Cell {
    Cell::View(view! { <span class="nowrap">{text}</span> }.into_any())
}

/// Characters of a detail that are shown before it is opened.
const SHOWN: usize = 110;

/// A long detail begins closed, so that the log can be read from line to line.
fn folded(text: String) -> Cell {
    if text.chars().count() <= SHOWN {
        return Cell::Muted(text);
    }
    let start: String = text.chars().take(SHOWN).collect();
    Cell::View(view! { <details class="admin-detail muted"><summary>{start}"…"</summary>{text}</details> }.into_any())
}

/// What was done, in words where there are some; the recorded name stands below them.
fn action(lang: Lang, action: &str) -> Cell {
    let words = named(lang, "audit-did-", action);
    if words == action {
        Cell::text(words)
    } else {
        Cell::Two(words, action.to_owned())
    }
}

/// The pairs of the detail, as they were recorded: `rows: 541909, kind: order_lines`.
fn detail(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let pairs: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{key}: {}", plain(value)))
                .collect();
            pairs.join(", ")
        }
        Value::Null => String::new(),
        other => plain(other),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => format!("({})", detail(value)),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::detail;
    use serde_json::json;

    #[test]
    fn details_read_as_pairs() {
        assert_eq!(detail(&json!({})), "");
        assert_eq!(
            detail(&json!({ "disabled": true, "rights": { "role": "lead" } })),
            "disabled: true, rights: (role: lead)"
        );
    }
}
