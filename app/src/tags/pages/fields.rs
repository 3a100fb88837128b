//! The fields of the form of a tag: those of every tag, and those of its kind.

use super::form::{TagForm, TierLine};
use crate::i18n::{Lang, named};
use crate::portraits::pages::dimension_name;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Choice, Field, TextField, select};
use leptos::prelude::*;
use types::segments::{Method, Run};
use types::tags::{BestBy, BestOf, TagKind};

/// Lines of tiers to fill, beyond those that are there.
const SPARE: usize = 3;

/// What can be chosen: saved segments as (number, name), and runs that have a result.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub segments: Vec<(i64, String)>,
    pub runs: Vec<Run>,
}

pub fn tag_form(lang: Lang, action: String, form: &TagForm, choices: &Choices, faults: &Faults) -> AnyView {
    let own = match form.kind {
        TagKind::Rule => tiers(lang, form, choices, faults),
        TagKind::Best => best(lang, form, faults),
        TagKind::Model => model(lang, form, choices, faults),
        TagKind::Uploaded => ().into_any(),
    };
    view! {
        <form class="form" method="post" action=action>
            <input type="hidden" name="kind" value=form.kind.as_str()/>
            <div class="form-row">
                {TextField::new("name", "name", t!(lang, "tag-name")).required().longest("100").autocomplete("off").value(form.name.clone()).view(faults)}
                {TextField::new("folder", "folder", t!(lang, "tag-folder")).longest("200").autocomplete("off").value(form.folder.clone()).view(faults)}
                <Field id="expires-on" label=t!(lang, "tag-last-day") help=t!(lang, "tag-last-day-help") fault=faults.at("expires_on")>
                    <input
                        class="input"
                        type="date"
                        id="expires-on"
                        name="expires_on"
                        value=form.expires_on.clone()
                        aria-invalid=faults.invalid("expires_on")
                        aria-describedby=faults.described("expires_on", "expires-on")
                    />
                </Field>
            </div>
            {TextField::new("description", "description", t!(lang, "tag-description")).longest("2000").autocomplete("off").value(form.description.clone()).view(faults)}
            {own}
            <div class="form-actions"><button class="btn btn--primary" type="submit">{t!(lang, "tag-save")}</button></div>
        </form>
    }
    .into_any()
}

fn tiers(lang: Lang, form: &TagForm, choices: &Choices, faults: &Faults) -> AnyView {
    let spare = std::iter::repeat_n(TierLine::default(), SPARE);
    let lines = form
        .tiers
        .iter()
        .cloned()
        .chain(spare)
        .enumerate()
        .map(|(place, line)| tier(lang, place, &line, choices, faults))
        .collect_view();
    let fault = faults.at("tiers");
    view! {
        <fieldset class="field tag-tiers-edit">
            <legend class="label">{t!(lang, "tag-tiers")}</legend>
            <span class="help">{t!(lang, "tag-tiers-help")}</span>
            {(!fault.is_empty()).then(|| view! { <span class="fault">{fault}</span> })}
            {lines}
        </fieldset>
    }
    .into_any()
}

fn tier(lang: Lang, place: usize, line: &TierLine, choices: &Choices, faults: &Faults) -> AnyView {
    let number = (place + 1).to_string();
    let at = |part: &str| format!("tier-{place}-{part}");
    let value_fault = faults.at(&format!("tiers/{place}/value"));
    let rule_fault = faults.below(&format!("tiers/{place}/rule"));
    let mut segments = vec![Choice::new("", t!(lang, "tag-no-segment"))];
    segments.extend(
        choices
            .segments
            .iter()
            .map(|(id, name)| Choice::new(id.to_string(), format!("{name} ({id})"))),
    );
    let rule_id = at("rule");
    let wrong = |fault: &str| (!fault.is_empty()).then_some("true");
    let (value_wrong, rule_wrong) = (wrong(&value_fault), wrong(&rule_fault));
    view! {
        <div class="tag-tier">
            <div class="form-row">
                <Field id=at("value") label=t!(lang, "tag-tier-value", number = number.clone()) fault=value_fault>
                    <input class="input" id=at("value") name="tier_value" maxlength="100" autocomplete="off" value=line.value.clone() aria-invalid=value_wrong/>
                </Field>
                <Field id=at("segment") label=t!(lang, "tag-tier-segment", number = number.clone())>
                    {select(at("segment"), "tier_segment".into(), None, segments, &line.segment)}
                </Field>
            </div>
            <details open=!line.rule.is_empty()>
                <summary>{t!(lang, "tag-tier-rule", number = number)}</summary>
                <Field id=rule_id.clone() label=t!(lang, "tag-tier-json") fault=rule_fault.clone()>
                    <textarea class="input input--code" id=rule_id rows="3" name="tier_rule" spellcheck="false" aria-invalid=rule_wrong>{line.rule.clone()}</textarea>
                </Field>
            </details>
            {(line.rule.is_empty() && !rule_fault.is_empty()).then(|| view! { <span class="fault">{rule_fault}</span> })}
        </div>
    }
    .into_any()
}

fn best(lang: Lang, form: &TagForm, faults: &Faults) -> AnyView {
    let choices = BestOf::ALL
        .map(|of| Choice::new(of.as_str(), dimension_name(lang, of.as_str())))
        .to_vec();
    let mut measures = vec![Choice::new("", t!(lang, "tag-by-usual"))];
    measures.extend(BestBy::ALL.map(|by| Choice::new(by.as_str(), named(lang, "tag-by-", by.as_str()))));
    view! {
        <div class="form-row">
            <Field id="of" label=t!(lang, "tag-of") help=t!(lang, "tag-of-help") fault=faults.at("of")>
                {select("of".into(), "of".into(), None, choices, &form.of)}
            </Field>
            <Field id="by" label=t!(lang, "tag-by") help=t!(lang, "tag-by-help") fault=faults.at("by")>
                {select("by".into(), "by".into(), None, measures, &form.by)}
            </Field>
        </div>
        <fieldset class="field">
            <legend class="label">{t!(lang, "tag-window")}</legend>
            <span class="help">{t!(lang, "tag-window-help")}</span>
            <div class="form-row">
                {window_field("within_days", "within-days", t!(lang, "tag-within-days"), "number", &form.within_days, faults)}
                {window_field("from", "from-day", t!(lang, "tag-from"), "date", &form.from, faults)}
                {window_field("to", "to-day", t!(lang, "tag-to"), "date", &form.to, faults)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn window_field(
    name: &'static str,
    id: &'static str,
    label: String,
    kind: &'static str,
    value: &str,
    faults: &Faults,
) -> AnyView {
    let (least, most) = if kind == "number" {
        (Some("1"), Some("36500"))
    } else {
        (None, None)
    };
    view! {
        <Field id=id label=label fault=faults.at(name)>
            <input
                class="input"
                type=kind
                id=id
                name=name
                min=least
                max=most
                value=value.to_owned()
                aria-invalid=faults.invalid(name)
                aria-describedby=faults.described(name, id)
            />
        </Field>
    }
    .into_any()
}

/// The newest run of each method that has runs, of RFM in any case, and each run.
fn model(lang: Lang, form: &TagForm, choices: &Choices, faults: &Faults) -> AnyView {
    let mut methods = vec![Method::Rfm];
    for run in &choices.runs {
        if !methods.contains(&run.method) {
            methods.push(run.method);
        }
    }
    let mut items: Vec<Choice> = methods
        .iter()
        .map(|method| {
            let name = named(lang, "method-", method.as_str());
            Choice::new(
                format!("method:{}", method.as_str()),
                t!(lang, "tag-follow-newest", method = name),
            )
        })
        .collect();
    items.extend(choices.runs.iter().map(|run| {
        let name = named(lang, "method-", run.method.as_str());
        Choice::new(
            format!("run:{}", run.id),
            t!(lang, "tag-follow-run", method = name, run = run.id.to_string()),
        )
    }));
    if !form.follow.is_empty() && !items.iter().any(|item| item.value == form.follow) {
        items.push(Choice::new(form.follow.clone(), form.follow.clone()));
    }
    let fault = [faults.at("method"), faults.at("run")].concat();
    view! {
        <Field id="follow" label=t!(lang, "tag-follow") help=t!(lang, "tag-follow-help") fault=fault>
            {select("follow".into(), "follow".into(), None, items, &form.follow)}
        </Field>
    }
    .into_any()
}

/// Gives an uploaded tag its ids: all anew, or some.
pub fn ids_form(lang: Lang, id: i64, typed: &str, faults: &Faults) -> AnyView {
    let fault = faults.below("values");
    let wrong = (!fault.is_empty()).then_some("true");
    let how = vec![
        Choice::new("change", t!(lang, "tag-ids-change")),
        Choice::new("replace", t!(lang, "tag-ids-replace")),
    ];
    view! {
        <form class="form" method="post" action=format!("/tags/{id}/values")>
            <Field id="ids" label=t!(lang, "tag-ids") help=t!(lang, "tag-ids-help") fault=fault>
                <textarea class="input input--code" id="ids" name="ids" rows="6" spellcheck="false" required=true aria-invalid=wrong>{typed.to_owned()}</textarea>
            </Field>
            <div class="form-row">
                <Field id="how" label=t!(lang, "tag-ids-how")>{select("how".into(), "how".into(), None, how, "change")}</Field>
                <button class=ButtonLook::Plain.class() type="submit">{t!(lang, "tag-ids-do")}</button>
            </div>
        </form>
    }
    .into_any()
}
