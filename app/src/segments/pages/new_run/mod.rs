//! Asking for a run: which method, what it looks at, and its parameters. The form works without a script: a method is an address, and what
//! cannot be run comes back as it was sent, with what is wrong.

mod methods;
mod sent;

use self::sent::{Sent, params, whole};
use crate::context::PageContext;
use crate::i18n::named;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::tabs::tabs;
use crate::ui::{ButtonLook, Card, Choice, Field, Head, Icon, Notice, Tone, icon, select};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use engine::segments::FeatureChoice;
use leptos::prelude::*;
use types::runs::{Every, NewSchedule};
use types::segments::{Method, NewRun};

const METHODS: [Method; 4] = [Method::Rfm, Method::Kmeans, Method::Kprototypes, Method::Lifecycle];

pub async fn new_run(visit: Visit) -> Response {
    let sent = Sent::of(&visit.context.query);
    let page = form(&visit, sent, Faults::default()).await;
    visit.show(page).await
}

pub async fn start(visit: Visit, body: String) -> Response {
    let sent = Sent::of(&body);
    match begin(&visit, &sent).await {
        Ok(address) => visit.go(Ok(address)).await,
        // The button for RFM sends nothing but a day: it has no form to come back to.
        Err(error) => match Faults::of(visit.context.lang, &error) {
            Some(faults) => {
                let page = form(&visit, sent, faults).await;
                visit
                    .show(page.map(|mut page| {
                        page.status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
                        page
                    }))
                    .await
            }
            None => visit.go(Err(error)).await,
        },
    }
}

async fn begin(visit: &Visit, sent: &Sent) -> Result<String, Error> {
    let as_of = match sent.value("as_of") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Error::invalid("as_of", "is not a date"))?),
    };
    let new = NewRun {
        method: sent.method,
        as_of,
        seed: whole(sent, "seed")?.unwrap_or(1),
        params: params(sent)?,
    };
    if let Some(every) = sent.value("every").and_then(Every::parse) {
        let small = |key: &str| whole(sent, key).map(|value| value.and_then(|value| u8::try_from(value).ok()));
        let schedule = NewSchedule {
            method: new.method,
            params: new.params,
            seed: new.seed,
            every,
            weekday: small("weekday")?.filter(|_| every == Every::Week),
            day: small("day")?.filter(|_| every == Every::Month),
            at: sent.or("at", "06:00"),
        };
        engine::segments::create_schedule(visit.engine(), &visit.actor, schedule).await?;
        return Ok("/segments".into());
    }
    let started = engine::segments::start_run(visit.engine(), &visit.actor, new).await?;
    Ok(format!("/segments/runs/{}", started.run_id))
}

async fn form(visit: &Visit, sent: Sent, faults: Faults) -> Result<Page, Error> {
    let choices = engine::segments::feature_choices(visit.engine(), &visit.actor).await?;
    Ok(view(&visit.context, sent, choices, faults))
}

fn view(context: &PageContext, sent: Sent, choices: Vec<FeatureChoice>, faults: Faults) -> Page {
    let context = context.clone();
    let title = t!(context.lang, "runs-new");
    Page::new(title.clone(), Nav::Segments, move || {
        let (context, sent) = (&context, &sent);
        let lang = context.lang;
        let up = (t!(lang, "nav-segments"), "/segments".to_owned());
        let name = |method: Method| named(lang, "method-", method.as_str());
        let methods = METHODS
            .map(|method| {
                (
                    name(method),
                    format!("/segments/run?method={}", method.as_str()),
                    method == sent.method,
                )
            })
            .to_vec();
        let wrong = (!faults.is_empty()).then(|| {
            let said = faults.all().join(" ");
            view! { <Notice tone=Tone::Bad title=t!(lang, "runs-faults") text=said/> }
        });
        let about = match sent.method {
            Method::Rfm => t!(lang, "runs-about-rfm"),
            Method::Kmeans => t!(lang, "runs-about-kmeans"),
            Method::Kprototypes => t!(lang, "runs-about-kprototypes"),
            Method::Lifecycle => t!(lang, "runs-about-lifecycle"),
        };
        let own = match sent.method {
            Method::Rfm => methods::rfm(context, sent),
            Method::Kmeans | Method::Kprototypes => methods::clusters(context, sent, &choices),
            Method::Lifecycle => methods::limits(context, sent),
        };
        let start = t!(lang, "runs-of-method", method = name(sent.method));
        view! {
            <Head title=title lead=t!(lang, "runs-new-lead") up=up/>
            {tabs(t!(lang, "runs-methods"), methods)}
            {wrong}
            <form class="form" method="post" action="/segments/run">
                <input type="hidden" name="sent" value="1"/>
                <input type="hidden" name="method" value=sent.method.as_str()/>
                <p class="muted">{about}</p>
                {own}
                <Card title=t!(lang, "runs-common")>
                    <div class="form-row">
                        <Field id="as-of" label=t!(lang, "segments-as-of") help=t!(lang, "segments-as-of-help")>
                            <input class="input" type="date" id="as-of" name="as_of" value=sent.or("as_of", "")/>
                        </Field>
                        <Field id="seed" label=t!(lang, "runs-seed") help=t!(lang, "runs-seed-help")>
                            <input class="input" type="number" step="1" id="seed" name="seed" value=sent.or("seed", "1")/>
                        </Field>
                    </div>
                </Card>
                <Card title=t!(lang, "schedule-title") subtitle=t!(lang, "schedule-sub")>{again(context, sent)}</Card>
                <div class="form-actions">
                    <button class=ButtonLook::Primary.class() type="submit">{icon(Icon::Play)}{start}</button>
                </div>
            </form>
        }
        .into_any()
    })
}

/// Whether the run comes back. A day that the chosen rhythm does not ask for is not looked at.
fn again(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    let mut rhythms = vec![Choice::new("once", t!(lang, "schedule-once"))];
    rhythms.extend(Every::ALL.map(|every| Choice::new(every.as_str(), named(lang, "schedule-every-", every.as_str()))));
    let weekdays = (1..=7)
        .map(|day: i64| Choice::new(day.to_string(), named(lang, "schedule-weekday-", &day.to_string())))
        .collect();
    view! {
        <div class="form-row">
            <Field id="every" label=t!(lang, "schedule-every")>
                {select("every".into(), "every".into(), None, rhythms, &sent.or("every", "once"))}
            </Field>
            <Field id="at" label=t!(lang, "schedule-at")>
                <input class="input" type="time" id="at" name="at" value=sent.or("at", "06:00")/>
            </Field>
            <Field id="weekday" label=t!(lang, "schedule-weekday")>
                {select("weekday".into(), "weekday".into(), None, weekdays, &sent.or("weekday", "1"))}
            </Field>
            <Field id="day" label=t!(lang, "schedule-day")>
                <input class="input" type="number" min="1" max="31" id="day" name="day" value=sent.or("day", "1")/>
            </Field>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::testing::{context, html};

    fn choices() -> Vec<FeatureChoice> {
        [
            ("recency", false),
            ("frequency", false),
            ("monetary", false),
            ("order_value", false),
            ("gender", true),
        ]
        .map(|(name, category)| FeatureChoice {
            name: name.into(),
            category,
        })
        .to_vec()
    }

    #[test]
    fn each_method_has_its_form_in_both_languages() {
        for lang in Lang::ALL {
            for method in METHODS {
                let sent = Sent::of(&format!("method={}", method.as_str()));
                let html = html(view(&context(lang), sent, choices(), Faults::default()));
                assert!(
                    html.contains(&format!(r#"name="method" value="{}""#, method.as_str())),
                    "{html}"
                );
                assert!(!html.contains("style=") && !html.contains("runs-"), "{html}");
                assert_eq!(html.contains(r#"value="gender""#), method == Method::Kprototypes);
                assert_eq!(html.matches("<select").count() >= 26, method == Method::Rfm);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_above_the_form_as_it_was_sent() {
        let sent = Sent::of("method=lifecycle&sent=1&slipping=9");
        let faults = Faults::one("params.asleep", "must be above slipping".into());
        let html = html(view(&context(Lang::En), sent, choices(), faults));
        assert!(
            html.contains("must be above slipping") && html.contains(r#"value="9""#),
            "{html}"
        );
    }
}
