//! The form that takes members out as a file: a box for each column that the person may have, and a button for each format. A plain form, so
//! that it needs no script; what it offers is what the engine would give.

use super::groups::group_name;
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::segments::words::field_name;
use crate::t;
use crate::ui::{ButtonLook, Card, Icon, icon};
use leptos::prelude::*;
use types::columns::{ColumnKind, MemberColumn};
use types::segments::Run;

/// Members of a saved segment.
pub fn of_segment(context: &PageContext, id: i64, columns: &[MemberColumn]) -> Option<AnyView> {
    card(context, &format!("/segments/{id}"), ().into_any(), columns)
}

/// Members of a run: of one group, or of all.
pub fn of_run(context: &PageContext, run: &Run, columns: &[MemberColumn]) -> Option<AnyView> {
    let lang = context.lang;
    let groups = run
        .segments
        .iter()
        .map(|group| view! { <option value=group.key.clone()>{group_name(lang, group)}</option> }.into_any())
        .collect_view();
    let choice = view! {
        <div class="field takeout-group">
            <label for="takeout-group">{t!(lang, "takeout-group")}</label>
            <select class="input" id="takeout-group" name="segment">
                <option value="">{t!(lang, "takeout-all-groups")}</option>
                {groups}
            </select>
        </div>
    };
    card(
        context,
        &format!("/segments/runs/{}", run.id),
        choice.into_any(),
        columns,
    )
}

/// Nothing for whoever may take nothing out.
fn card(context: &PageContext, here: &str, choice: AnyView, columns: &[MemberColumn]) -> Option<AnyView> {
    if columns.is_empty() {
        return None;
    }
    let lang = context.lang;
    let kinds = ColumnKind::ALL.into_iter().filter_map(|kind| {
        let boxes: Vec<AnyView> = columns
            .iter()
            .filter(|column| column.kind == kind && column.allowed)
            .map(|column| {
                view! {
                    <label class="check">
                        <input type="checkbox" name="column" value=column.key.clone() checked=column.usual/>
                        {column_name(lang, column)}
                    </label>
                }
                .into_any()
            })
            .collect();
        (!boxes.is_empty()).then(|| {
            view! {
                <fieldset class="plain takeout-kind">
                    <legend>{named(lang, "takeout-kind-", kind.as_str())}</legend>
                    <div class="takeout-columns">{boxes}</div>
                </fieldset>
            }
            .into_any()
        })
    });
    let kinds = kinds.collect_view();
    let refused = columns.iter().any(|column| !column.allowed).then(|| {
        let right = named(lang, "right-", "personal-data");
        view! { <p class="small soft">{t!(lang, "takeout-no-personal", right = right)}</p> }.into_any()
    });
    let button = |ending: &str| {
        let address = format!("{here}/members.{ending}");
        view! {
            <button class=ButtonLook::Plain.class() type="submit" formaction=address>
                {icon(Icon::Download)}
                {ending.to_uppercase()}
            </button>
        }
        .into_any()
    };
    Some(
        view! {
            <Card title=t!(lang, "takeout-title") subtitle=t!(lang, "takeout-sub")>
                <form class="form takeout" method="get" action=format!("{here}/members.csv")>
                    {choice}
                    {kinds}
                    {refused}
                    <div class="form-actions">
                        {button("csv")}
                        {button("xlsx")}
                        <span class="small soft">{t!(lang, "takeout-logged")}</span>
                    </div>
                </form>
            </Card>
        }
        .into_any(),
    )
}

/// What a column is called; a company's own words stay as they are.
fn column_name(lang: Lang, column: &MemberColumn) -> String {
    let key = column.key.as_str();
    match column.kind {
        ColumnKind::Run => named(lang, "takeout-score-", key),
        ColumnKind::Tag => key.strip_prefix("tag:").unwrap_or(key).to_owned(),
        ColumnKind::Model => match key.split_once('.') {
            Some((method, score)) => t!(
                lang,
                "takeout-model",
                method = named(lang, "method-", method),
                score = named(lang, "takeout-score-", score)
            ),
            None => key.to_owned(),
        },
        // Beside the age in years.
        _ if key == "age_band" => t!(lang, "takeout-age-band"),
        _ if key.starts_with("attributes.") => field_name(lang, key),
        _ => {
            // Inside a rule it begins with a small letter.
            let name = field_name(lang, key);
            let mut letters = name.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::context;

    fn column(key: &str, kind: ColumnKind, allowed: bool) -> MemberColumn {
        MemberColumn {
            key: key.to_owned(),
            kind,
            personal: kind == ColumnKind::Personal,
            allowed,
            usual: kind == ColumnKind::Id,
        }
    }

    #[test]
    fn only_what_may_be_had_is_offered() {
        let columns = [
            column("external_id", ColumnKind::Id, true),
            column("email", ColumnKind::Personal, false),
            column("city", ColumnKind::Attribute, true),
            column("rfm.segment", ColumnKind::Model, true),
            column("tag:a<b", ColumnKind::Tag, true),
        ];
        for (lang, words) in [(Lang::En, ["City", "personal"]), (Lang::ZhCn, ["城市", "个人"])] {
            let page = of_segment(&context(lang), 3, &columns).unwrap().to_html();
            for part in [
                "value=\"external_id\" checked",
                "value=\"city\"",
                "tag:a&lt;b",
                "formaction=\"/segments/3/members.xlsx\"",
                words[0],
                words[1],
            ] {
                assert!(page.contains(part), "{part} in {page}");
            }
            assert!(!page.contains("value=\"email\""), "{page}");
        }
        assert!(of_segment(&context(Lang::En), 3, &[]).is_none());
    }
}
