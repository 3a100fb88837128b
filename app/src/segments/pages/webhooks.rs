//! Other systems that are told when the size of a segment crosses a threshold: what became of the last delivery, a test, an end, one more.
//! Plain forms on the page of the segment.

use super::saved;
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::said;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Cell, Choice, Column, Field, Notice, Table, Tone, chip, post_button, select};
use crate::visit::{Visit, number};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::{Error, webhooks};
use leptos::prelude::*;
use serde::Deserialize;
use types::segments::Segment;
use types::webhooks::{Delivery, DeliveryState, Direction, NewWebhook, Webhook};

/// What the section shows.
#[derive(Default)]
pub struct Told {
    pub webhooks: Vec<Webhook>,
    pub form: WebhookForm,
    pub faults: Faults,
    /// The secret of a webhook that was just made.
    pub secret: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct WebhookForm {
    #[serde(default)]
    url: String,
    #[serde(default)]
    threshold: String,
    #[serde(default)]
    direction: String,
}

/// Answers with the page itself and not with a way on: the secret must not stand in any address.
pub async fn create(visit: Visit, Path(id): Path<String>, Form(form): Form<WebhookForm>) -> Response {
    let page = match made(&visit, &id, &form).await {
        Ok(secret) => {
            let told = Told {
                secret: Some(secret),
                ..Told::default()
            };
            saved::with_told(&visit, &id, told).await
        }
        Err(error) => match Faults::of(visit.context.lang, &error) {
            Some(faults) => {
                let told = Told {
                    form,
                    faults,
                    ..Told::default()
                };
                let page = saved::with_told(&visit, &id, told).await;
                page.map(|page| page.with_status(StatusCode::UNPROCESSABLE_ENTITY))
            }
            None => Err(error),
        },
    };
    visit.show(page).await
}

async fn made(visit: &Visit, id: &str, form: &WebhookForm) -> Result<String, Error> {
    let threshold = form.threshold.trim().parse();
    let new = NewWebhook {
        segment: number(id, "Segment")?,
        url: form.url.clone(),
        threshold: threshold.map_err(|_| Error::invalid("threshold", "is not a whole number"))?,
        direction: Direction::parse(&form.direction).unwrap_or(Direction::Both),
    };
    let (_, secret) = webhooks::create_webhook(visit.engine(), &visit.actor, new).await?;
    Ok(secret)
}

pub async fn test(visit: Visit, Path(id): Path<String>) -> Response {
    let sent = async {
        let id = number(&id, "Webhook")?;
        let webhook = webhooks::get_webhook(visit.engine(), &visit.actor, id).await?;
        webhooks::test_webhook(visit.engine(), &visit.actor, id).await?;
        Ok(format!("/segments/{}?done=tested#webhooks", webhook.segment))
    }
    .await;
    visit.go(sent).await
}

pub async fn delete(visit: Visit, Path(id): Path<String>) -> Response {
    let gone = async {
        let id = number(&id, "Webhook")?;
        let webhook = webhooks::get_webhook(visit.engine(), &visit.actor, id).await?;
        webhooks::delete_webhook(visit.engine(), &visit.actor, id).await?;
        Ok(format!("/segments/{}?done=untold#webhooks", webhook.segment))
    }
    .await;
    visit.go(gone).await
}

pub fn card(context: &PageContext, segment: &Segment, told: &Told) -> AnyView {
    let lang = context.lang;
    let secret = told.secret.clone().map(|secret| {
        view! {
            <Notice tone=Tone::Good title=t!(lang, "webhook-made") text=t!(lang, "webhook-made-text")>
                <p class="webhook-secret">{secret}</p>
            </Notice>
        }
        .into_any()
    });
    let table = if told.webhooks.is_empty() {
        view! { <p class="muted">{t!(lang, "webhook-none")}</p> }.into_any()
    } else {
        table(context, &told.webhooks)
    };
    view! {
        <div id="webhooks">
            <Card title=t!(lang, "webhook-title") subtitle=t!(lang, "webhook-sub")>
                {secret}
                {table}
                {form(lang, segment, told)}
            </Card>
        </div>
    }
    .into_any()
}

fn form(lang: Lang, segment: &Segment, told: &Told) -> AnyView {
    let (form, faults) = (&told.form, &told.faults);
    let directions = Direction::ALL
        .map(|direction| {
            Choice::new(
                direction.as_str(),
                named(lang, "webhook-direction-", direction.as_str()),
            )
        })
        .to_vec();
    let chosen = if form.direction.is_empty() {
        "both"
    } else {
        &form.direction
    };
    let open = told.webhooks.is_empty() || !faults.is_empty();
    view! {
        <details class="webhook-add" open=open>
            <summary>{t!(lang, "webhook-add")}</summary>
            <form class="form webhook-new" method="post" action=format!("/segments/{}/webhooks", segment.id)>
                <Field id="webhook-url" label=t!(lang, "webhook-url") help=t!(lang, "webhook-url-help") fault=faults.at("url")>
                    <input class="input" type="url" id="webhook-url" name="url" required=true maxlength="2000" placeholder="https://" value=form.url.clone()
                        aria-invalid=faults.invalid("url") aria-describedby=faults.described("url", "webhook-url")/>
                </Field>
                <Field id="webhook-threshold" label=t!(lang, "webhook-threshold") fault=faults.at("threshold")>
                    <input class="input" type="number" id="webhook-threshold" name="threshold" required=true min="1" step="1" value=form.threshold.clone()
                        aria-invalid=faults.invalid("threshold") aria-describedby=faults.described("threshold", "webhook-threshold")/>
                </Field>
                <Field id="webhook-direction" label=t!(lang, "webhook-direction")>
                    {select("webhook-direction".into(), "direction".into(), None, directions, chosen)}
                </Field>
                <div class="form-actions"><button class=ButtonLook::Plain.class() type="submit">{t!(lang, "webhook-create")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn table(context: &PageContext, webhooks: &[Webhook]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = webhooks.iter().map(|webhook| {
        let size = match (webhook.last_size, webhook.last_version) {
            (Some(size), Some(version)) => t!(
                lang,
                "webhook-seen",
                n = size,
                size = format.number(size),
                version = format.number(version)
            ),
            _ => t!(lang, "webhook-not-seen"),
        };
        let address = view! { <span class="webhook-url">{webhook.url.clone()}</span><span class="sub">{size}</span> };
        let when = named(lang, "webhook-direction-", webhook.direction.as_str());
        let base = format!("/segments/webhooks/{}", webhook.id);
        let buttons = view! {
            <span class="row">
                {post_button(ButtonLook::Quiet, None, format!("{base}/test"), t!(lang, "webhook-test"))}
                {post_button(ButtonLook::Danger, None, format!("{base}/delete"), t!(lang, "webhook-delete"))}
            </span>
        };
        vec![
            Cell::View(address.into_any()),
            Cell::Two(format.number(webhook.threshold), when),
            Cell::View(last(context, webhook.last_delivery.as_ref())),
            Cell::View(buttons.into_any()),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "webhook-url")),
        Column::text(t!(lang, "webhook-threshold")),
        Column::text(t!(lang, "webhook-last")),
        Column::actions(),
    ])
    .rows(rows)
    .caption(t!(lang, "webhook-title"))
    .view()
}

/// What became of the last delivery.
fn last(context: &PageContext, delivery: Option<&Delivery>) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let Some(delivery) = delivery else {
        return view! { <span class="muted">{t!(lang, "webhook-never")}</span> }.into_any();
    };
    let tone = match delivery.state {
        DeliveryState::Delivered => Tone::Good,
        DeliveryState::Failed => Tone::Bad,
        DeliveryState::Waiting => Tone::Neutral,
    };
    let event = named(lang, "webhook-event-", &delivery.event);
    let time = format.time(delivery.tried_at.unwrap_or(delivery.created_at));
    let problem = delivery.problem.as_deref().map(|problem| said::sentence(lang, problem));
    view! {
        {chip(tone, named(lang, "webhook-state-", delivery.state.as_str()))}
        <span class="sub">{format!("{event} · {time}")}</span>
        {problem.map(|problem| view! { <span class="sub">{problem}</span> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::context;
    use serde_json::json;

    fn webhook(last_delivery: Option<Delivery>) -> Webhook {
        Webhook {
            id: 5,
            segment: 3,
            segment_name: "Loyal".into(),
            url: "https://crm.example/hook?a=<b>".into(),
            threshold: 1_500,
            direction: Direction::Falls,
            reached: Some(true),
            last_size: Some(2_000),
            last_version: Some(7),
            owner: "li@shop.example".into(),
            created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
            updated_at: "2026-11-22T08:14:00Z".parse().unwrap(),
            last_delivery,
        }
    }

    #[test]
    fn each_says_what_became_of_its_last_delivery() {
        let delivery = Delivery {
            id: 9,
            event_id: String::new(),
            event: "segment.fell".into(),
            state: DeliveryState::Failed,
            attempts: 14,
            status: Some(503),
            problem: Some("The receiver answered 503.".into()),
            answer: None,
            body: json!({}),
            data_version: Some(7),
            job_id: None,
            created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
            tried_at: None,
            finished_at: None,
        };
        let told = [webhook(Some(delivery)), webhook(None)];
        for (lang, words) in [
            (Lang::En, ["1,500", "answered 503", "No delivery yet", "Fell below"]),
            (Lang::ZhCn, ["1,500", "503", "尚未发送", "跌破"]),
        ] {
            let page = table(&context(lang), &told).to_html();
            for part in words.into_iter().chain([
                "a=&lt;b&gt;",
                "/segments/webhooks/5/test",
                "/segments/webhooks/5/delete",
            ]) {
                assert!(page.contains(part), "{part} in {page}");
            }
        }
    }
}
