//! Asking for a run: which method, what it looks at, and its parameters. The form works without a script: a method is an address, and what
//! cannot be run comes back as it was sent, with what is wrong.

use super::groups::feature_name;
use crate::context::{PageContext, pairs};
use crate::i18n::named;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::tabs::tabs;
use crate::ui::{ButtonLook, Card, Choice, Field, Head, Icon, Notice, Tone, icon, select};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use engine::segments::{FeatureChoice, default_features, default_grid};
use leptos::prelude::*;
use serde_json::{Map, Value, json};
use types::runs::{Every, NewSchedule};
use types::segments::{Method, NewRun};

const METHODS: [Method; 4] = [Method::Rfm, Method::Kmeans, Method::Kprototypes, Method::Lifecycle];

/// What stands in the form: pairs as a browser sends them.
#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    pairs: Vec<(String, String)>,
}

impl Sent {
    fn of(text: &str) -> Sent {
        let pairs = pairs(text);
        let method = pairs.iter().find(|(key, _)| key == "method");
        Sent {
            method: method.and_then(|(_, name)| Method::parse(name)).unwrap_or(Method::Rfm),
            pairs,
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    fn or(&self, key: &str, usual: &str) -> String {
        self.value(key).unwrap_or(usual).to_owned()
    }

    fn values(&self, key: &str) -> Vec<&str> {
        let all = self.pairs.iter().filter(|(name, _)| name == key);
        all.map(|(_, value)| value.as_str()).collect()
    }

    /// Whether somebody has sent the form, or only opened it.
    fn is_sent(&self) -> bool {
        self.value("sent").is_some()
    }
}

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

fn whole(sent: &Sent, key: &str) -> Result<Option<i64>, Error> {
    sent.value(key)
        .map(|text| {
            text.parse()
                .map_err(|_| Error::invalid(format!("params.{key}"), "is not a whole number"))
        })
        .transpose()
}

fn decimal(sent: &Sent, key: &str) -> Result<Option<f64>, Error> {
    sent.value(key)
        .map(|text| {
            text.parse()
                .map_err(|_| Error::invalid(format!("params.{key}"), "is not a number"))
        })
        .transpose()
}

/// What was sent, as the engine reads it; whether it makes sense is decided there.
fn params(sent: &Sent) -> Result<Map<String, Value>, Error> {
    let mut params = Map::new();
    let mut add = |key: &str, value: Value| params.insert(key.to_owned(), value);
    match sent.method {
        Method::Rfm => {
            if sent.value("scoring") == Some("cutoffs") {
                let mut cuts = Map::new();
                for key in ["r", "f", "m"] {
                    if let Some(text) = sent.value(&format!("cuts-{key}")) {
                        cuts.insert(
                            key.to_owned(),
                            cut_points(text).map_err(|said| Error::invalid(format!("params.cutoffs.{key}"), said))?,
                        );
                    }
                }
                add("cutoffs", Value::Object(cuts));
            }
            let usual = default_grid();
            let grid: Vec<Vec<String>> = usual
                .iter()
                .enumerate()
                .map(|(r, row)| {
                    let cell = |(f, key): (usize, &String)| sent.or(&cell_name(r, f), key);
                    row.iter().enumerate().map(cell).collect()
                })
                .collect();
            if grid != usual {
                add("grid", json!(grid));
            }
            let names: Map<String, Value> = group_keys()
                .into_iter()
                .filter_map(|key| {
                    let name = sent.value(&format!("name-{key}"))?.to_owned();
                    Some((key, Value::String(name)))
                })
                .collect();
            if !names.is_empty() {
                add("names", Value::Object(names));
            }
        }
        Method::Kmeans | Method::Kprototypes => {
            let features: Vec<&str> = sent.values("feature");
            if sent.is_sent() && features.is_empty() {
                return Err(Error::invalid("params.features", "need at least one number"));
            }
            let log = match sent.value("log") {
                Some("none") => json!([]),
                Some("all") => json!(
                    sent.values("number")
                        .iter()
                        .filter(|name| features.contains(name))
                        .collect::<Vec<_>>()
                ),
                _ => json!("auto"),
            };
            add("features", json!(features));
            add("log", log);
            add(
                "k",
                whole(sent, "k")
                    .ok()
                    .flatten()
                    .map_or_else(|| json!("auto"), |k| json!(k)),
            );
            add("scale", json!(sent.or("scale", "standard")));
            if let Some(restarts) = whole(sent, "restarts")? {
                add("restarts", json!(restarts));
            }
            if let Some(gamma) = decimal(sent, "gamma")? {
                add("gamma", json!(gamma));
            }
        }
        Method::Lifecycle => {
            for key in ["slipping", "asleep", "lost", "least_days"] {
                if let Some(value) = decimal(sent, key)? {
                    add(key, json!(value));
                }
            }
        }
    }
    Ok(params)
}

/// Numbers with commas, semicolons or blanks between.
fn cut_points(text: &str) -> Result<Value, String> {
    let parts: Vec<&str> = text
        .split([',', ';', '，', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers: Option<Vec<f64>> = parts.iter().map(|part| part.parse().ok()).collect();
    match numbers {
        Some(numbers) if numbers.len() == 4 => Ok(json!(numbers)),
        _ => Err("must be four rising numbers".to_owned()),
    }
}

fn cell_name(r: usize, f: usize) -> String {
    format!("cell-{}-{}", r + 1, f + 1)
}

fn group_keys() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in default_grid().into_iter().flatten().rev() {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
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
            Method::Rfm => rfm(context, sent),
            Method::Kmeans | Method::Kprototypes => clusters(context, sent, &choices),
            Method::Lifecycle => limits(context, sent),
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

fn rfm(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    let scoring = [
        Choice::new("quantiles", t!(lang, "runs-scoring-quantiles")),
        Choice::new("cutoffs", t!(lang, "runs-scoring-cutoffs")),
    ]
    .to_vec();
    let cuts = [
        ("r", t!(lang, "runs-cuts-r")),
        ("f", t!(lang, "runs-cuts-f")),
        ("m", t!(lang, "runs-cuts-m")),
    ]
    .map(|(key, label)| {
        let id = format!("cuts-{key}");
        view! {
            <Field id=id.clone() label=label>
                <input class="input" id=id.clone() name=id.clone() value=sent.or(&id, "") inputmode="decimal"/>
            </Field>
        }
        .into_any()
    });
    let chosen = sent.or("scoring", "quantiles");
    view! {
        <Card title=t!(lang, "runs-scoring")>
            <Field id="scoring" label=t!(lang, "runs-scoring-label") help=t!(lang, "runs-cuts-help")>
                {select("scoring".into(), "scoring".into(), None, scoring, &chosen)}
            </Field>
            <div class="form-row">{cuts.into_iter().collect_view()}</div>
        </Card>
        <Card title=t!(lang, "runs-grid") subtitle=t!(lang, "runs-grid-sub")>
            {grid(context, sent)}
            <h3>{t!(lang, "runs-names")}</h3>
            <p class="small muted">{t!(lang, "runs-names-help")}</p>
            <div class="run-names">{names(context, sent)}</div>
        </Card>
    }
    .into_any()
}

/// Best scores first, as the matrix is read.
fn grid(context: &PageContext, sent: &Sent) -> AnyView {
    use crate::ui::{Cell, Column, Table};
    let lang = context.lang;
    let choices: Vec<Choice> = group_keys()
        .into_iter()
        .map(|key| {
            let text = sent.or(&format!("name-{key}"), &named(lang, "rfm-", &key));
            Choice::new(key, text)
        })
        .collect();
    let mut columns = vec![Column::text("")];
    columns.extend((1..=5).map(|f| Column::text(t!(lang, "runs-grid-f", score = f))));
    let rows = default_grid().into_iter().enumerate().rev().map(|(r, row)| {
        let mut cells = vec![Cell::text(t!(lang, "runs-grid-r", score = r as i64 + 1))];
        cells.extend(row.into_iter().enumerate().map(|(f, key)| {
            let name = cell_name(r, f);
            let label = t!(lang, "runs-grid-cell", r = r as i64 + 1, f = f as i64 + 1);
            let chosen = sent.or(&name, &key);
            Cell::View(select(name.clone(), name, Some(label), choices.clone(), &chosen))
        }));
        cells
    });
    let table = Table::new(columns)
        .rows(rows)
        .caption(t!(lang, "runs-grid-caption"))
        .dense()
        .view();
    view! { <div class="run-grid">{table}</div> }.into_any()
}

fn names(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    group_keys()
        .into_iter()
        .map(|key| {
            let id = format!("name-{key}");
            let usual = named(lang, "rfm-", &key);
            view! {
                <Field id=id.clone() label=usual.clone()>
                    <input class="input" id=id.clone() name=id.clone() value=sent.or(&id, "") placeholder=usual maxlength="80"/>
                </Field>
            }
            .into_any()
        })
        .collect_view()
        .into_any()
}

fn clusters(context: &PageContext, sent: &Sent, choices: &[FeatureChoice]) -> AnyView {
    let lang = context.lang;
    let usual = default_features(sent.method);
    let chosen: Vec<String> = if sent.is_sent() {
        sent.values("feature").into_iter().map(str::to_owned).collect()
    } else {
        usual
    };
    let boxes = |category: bool| {
        choices
            .iter()
            .filter(|choice| choice.category == category)
            .map(|choice| {
                let checked = chosen.contains(&choice.name);
                view! {
                    <label class="check">
                        <input type="checkbox" name="feature" value=choice.name.clone() checked=checked/>
                        {feature_name(lang, &choice.name)}
                    </label>
                }
                .into_any()
            })
            .collect_view()
    };
    // Which of them are numbers, so that their logarithm can be asked for together.
    let numbers = choices
        .iter()
        .filter(|choice| !choice.category)
        .map(|choice| view! { <input type="hidden" name="number" value=choice.name.clone()/> }.into_any())
        .collect_view();
    let mixed = sent.method == Method::Kprototypes;
    let categories = mixed.then(|| {
        view! {
            <fieldset class="plain">
                <legend>{t!(lang, "runs-categories")}</legend>
                <div class="checks">{boxes(true)}</div>
            </fieldset>
        }
        .into_any()
    });
    let mut many = vec![Choice::new("auto", t!(lang, "runs-k-auto"))];
    many.extend((2..=20).map(|k: i64| Choice::new(k.to_string(), t!(lang, "runs-k-fixed", k = k.to_string()))));
    let scale = [
        Choice::new("standard", t!(lang, "runs-scale-standard")),
        Choice::new("range", t!(lang, "runs-scale-range")),
        Choice::new("none", t!(lang, "runs-scale-none")),
    ]
    .to_vec();
    let log = [
        Choice::new("auto", t!(lang, "runs-log-auto")),
        Choice::new("none", t!(lang, "runs-log-none")),
        Choice::new("all", t!(lang, "runs-log-all")),
    ]
    .to_vec();
    let gamma = mixed.then(|| {
        view! {
            <Field id="gamma" label=t!(lang, "runs-gamma") help=t!(lang, "runs-gamma-help")>
                <input class="input" type="number" step="any" min="0" id="gamma" name="gamma" value=sent.or("gamma", "")/>
            </Field>
        }
        .into_any()
    });
    view! {
        <Card title=t!(lang, "runs-features") subtitle=t!(lang, "runs-features-sub")>
            {numbers}
            <fieldset class="plain">
                <legend>{t!(lang, "runs-numbers")}</legend>
                <div class="checks">{boxes(false)}</div>
            </fieldset>
            {categories}
            <div class="form-row">
                <Field id="k" label=t!(lang, "runs-how-many")>
                    {select("k".into(), "k".into(), None, many, &sent.or("k", "auto"))}
                </Field>
                <Field id="scale" label=t!(lang, "runs-scale")>
                    {select("scale".into(), "scale".into(), None, scale, &sent.or("scale", "standard"))}
                </Field>
                <Field id="log" label=t!(lang, "runs-log")>
                    {select("log".into(), "log".into(), None, log, &sent.or("log", "auto"))}
                </Field>
            </div>
            <div class="form-row">
                <Field id="restarts" label=t!(lang, "runs-restarts") help=t!(lang, "runs-restarts-help")>
                    <input class="input" type="number" min="1" max="50" id="restarts" name="restarts" value=sent.or("restarts", "5")/>
                </Field>
                {gamma}
            </div>
        </Card>
    }
    .into_any()
}

fn limits(context: &PageContext, sent: &Sent) -> AnyView {
    let lang = context.lang;
    let fields = [
        ("slipping", t!(lang, "runs-limit-slipping"), "1.5"),
        ("asleep", t!(lang, "runs-limit-asleep"), "3"),
        ("lost", t!(lang, "runs-limit-lost"), "6"),
        ("least_days", t!(lang, "runs-limit-least"), "7"),
    ]
    .map(|(id, label, usual)| {
        view! {
            <Field id=id label=label>
                <input class="input" type="number" step="any" min="0" id=id name=id value=sent.or(id, usual)/>
            </Field>
        }
        .into_any()
    });
    view! {
        <Card title=t!(lang, "runs-limits")>
            <div class="form-row">{fields.into_iter().collect_view()}</div>
            <p class="small muted">{t!(lang, "runs-limits-help")}</p>
        </Card>
    }
    .into_any()
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
    fn a_plain_form_is_a_plain_run() {
        assert_eq!(params(&Sent::of("")).unwrap(), Map::new());
        let sent = Sent::of("method=rfm&sent=1&scoring=quantiles&cell-5-5=champions&name-champions=");
        assert_eq!(params(&sent).unwrap(), Map::new());
    }

    #[test]
    fn what_was_chosen_is_what_is_asked() {
        let sent = Sent::of(
            "method=rfm&sent=1&scoring=cutoffs&cuts-r=30,+90,180,365&cuts-f=1,2,4,8&cell-1-5=champions&name-champions=VIP",
        );
        let asked = Value::Object(params(&sent).unwrap());
        assert_eq!(
            asked["cutoffs"],
            json!({"r": [30.0, 90.0, 180.0, 365.0], "f": [1.0, 2.0, 4.0, 8.0]})
        );
        assert_eq!(asked["names"], json!({"champions": "VIP"}));
        assert_eq!(
            (&asked["grid"][0][4], &asked["grid"][4][4]),
            (&json!("champions"), &json!("champions"))
        );
        let sent = Sent::of(
            "method=kprototypes&sent=1&feature=recency&feature=gender&number=recency&k=4&log=all&scale=range&restarts=3&gamma=",
        );
        assert_eq!(
            Value::Object(params(&sent).unwrap()),
            json!({"features": ["recency", "gender"], "log": ["recency"], "k": 4, "scale": "range", "restarts": 3})
        );
        assert!(
            params(&Sent::of("method=kmeans&sent=1&k=auto")).is_err(),
            "nothing is chosen"
        );
        assert!(params(&Sent::of("method=rfm&scoring=cutoffs&cuts-r=1,2")).is_err());
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
