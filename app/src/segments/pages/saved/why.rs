//! Why is this person in or out: each condition of a segment with the person's value.

use crate::context::PageContext;
use crate::format::Format;
use crate::portraits::pages::value_name;
use crate::segments::words::rule_lines;
use crate::t;
use crate::ui::{Card, Cell, Column, Field, Notice, Table, Tone, chip};
use leptos::prelude::*;
use types::rule_answers::{Why, WhyValue};
use types::rules::{Measure, Rule};
use types::segments::Segment;

/// The card with its question; the answer when one was asked for.
pub fn card(context: &PageContext, segment: &Segment, asked: &str, answer: Option<Result<Why, String>>) -> AnyView {
    let lang = context.lang;
    let action = format!("/segments/{}#why", segment.id);
    let shown = answer.map(|answer| match answer {
        Ok(why) => self::answer(context, segment, &why),
        Err(text) => view! { <Notice tone=Tone::Warn title=text/> }.into_any(),
    });
    view! {
        <div id="why">
            <Card title=t!(lang, "why-title") subtitle=t!(lang, "why-sub")>
                <form class="form-row" method="get" action=action>
                    <Field id="why-customer" label=t!(lang, "why-customer")>
                        <input class="input" id="why-customer" name="customer" value=asked.to_owned() required=true maxlength="401" autocomplete="off"/>
                    </Field>
                    <button class="btn" type="submit">{t!(lang, "why-ask")}</button>
                </form>
                {shown}
            </Card>
        </div>
    }
    .into_any()
}

fn answer(context: &PageContext, segment: &Segment, why: &Why) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let (tone, title) = if why.belongs {
        (Tone::Good, t!(lang, "why-in", customer = why.customer.clone()))
    } else {
        (Tone::Neutral, t!(lang, "why-out", customer = why.customer.clone()))
    };
    let day = t!(lang, "why-day", day = format.day(why.as_of));
    let Some(rule) = &segment.rule else {
        return view! { <Notice tone=tone title=title text=day/> }.into_any();
    };
    let lines = rule_lines(format, rule);
    let mut fields = std::collections::HashMap::new();
    rule.walk(&mut |at, rule| {
        let field = match rule {
            Rule::Field(of) => Some(of.field.clone()),
            Rule::Behaviour(of) => match &of.measure {
                Measure::Of(_, field) => Some(field.clone()),
                _ => None,
            },
            _ => None,
        };
        fields.insert(at.to_owned(), field.unwrap_or_default());
    });
    let rows = why.reasons.iter().filter_map(|reason| {
        let line = lines.iter().find(|line| line.path == reason.path)?;
        let field = fields.get(&reason.path).map(String::as_str).unwrap_or_default();
        let text = line.text.clone();
        let class = format!("why-line depth-{}", line.depth.min(8));
        let passes = if reason.passes {
            chip(Tone::Good, t!(lang, "why-yes"))
        } else {
            chip(Tone::Bad, t!(lang, "why-no"))
        };
        let value = match &reason.value {
            None => Cell::Nothing,
            Some(WhyValue::Unknown) => Cell::Muted(t!(lang, "why-unknown")),
            Some(value) => Cell::Strong(said(format, field, value)),
        };
        Some(vec![
            Cell::View(view! { <span class=class>{text}</span> }.into_any()),
            value,
            Cell::View(passes),
        ])
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "why-condition")),
        Column::number(t!(lang, "why-value")),
        Column::text(t!(lang, "why-fits")),
    ])
    .rows(rows)
    .caption(title.clone())
    .view();
    view! { <Notice tone=tone title=title text=day/>{table} }.into_any()
}

fn said(format: &Format, field: &str, value: &WhyValue) -> String {
    match value {
        WhyValue::Unknown => t!(format.lang, "why-unknown"),
        WhyValue::YesNo(yes) => value_name(format, field, if *yes { "true" } else { "false" }),
        WhyValue::Number(number) => format.decimal(*number, if number.fract() == 0.0 { 0 } else { 2 }),
        WhyValue::Day(day) => format.day(*day),
        WhyValue::Text(text) => value_name(format, field, text),
    }
}
