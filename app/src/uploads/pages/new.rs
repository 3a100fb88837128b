//! A new upload: what the file holds, and the file. The form is plain; the island around it sends the file in parts and shows how much is there.

use super::kind_name;
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::islands::{UploadProgress, UploadWords};
use crate::jobs::pages::lengths;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Field, Head, Icon, icon};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::uploads::UploadKind;

pub async fn new(visit: Visit) -> Response {
    let page = match visit.actor.require(Right::Upload) {
        Ok(()) => Ok(view(&visit.context)),
        Err(error) => Err::<Page, Error>(error),
    };
    visit.show(page).await
}

fn view(context: &PageContext) -> Page {
    let lang = context.lang;
    let chosen = context
        .asked("kind")
        .and_then(|kind| UploadKind::parse(&kind))
        .unwrap_or(UploadKind::Orders);
    Page::new(t!(lang, "uploads-new"), Nav::Uploads, move || {
        let kinds = UploadKind::ALL
            .into_iter()
            .map(|kind| {
                let required: Vec<String> = kind
                    .fields()
                    .iter()
                    .filter(|field| field.required)
                    .map(|field| named(lang, "field-", field.name))
                    .collect();
                let needs = t!(
                    lang,
                    "uploads-needs",
                    fields = required.join(t!(lang, "list-separator").as_str())
                );
                view! {
                    <label class="uploads-kind">
                        <input type="radio" name="kind" value=kind.as_str() checked=kind == chosen/>
                        <b>{kind_name(lang, kind)}</b>
                        <span>{needs}</span>
                    </label>
                }
                .into_any()
            })
            .collect_view();
        view! {
            <Head
                title=t!(lang, "uploads-new")
                lead=t!(lang, "uploads-new-lead")
                up=(t!(lang, "nav-uploads"), "/uploads".to_owned())
            />
            <UploadProgress words=words(lang)>
                <form class="form" method="post" action="/uploads" enctype="multipart/form-data">
                    <Card title=t!(lang, "uploads-what") subtitle=t!(lang, "uploads-what-sub")>
                        <fieldset class="uploads-kinds">
                            <legend class="unseen">{t!(lang, "uploads-what")}</legend>
                            {kinds}
                        </fieldset>
                    </Card>
                    <Card title=t!(lang, "uploads-which") subtitle=t!(lang, "uploads-which-sub")>
                        <Field id="file" label=t!(lang, "uploads-file") help=t!(lang, "uploads-file-help")>
                            <input
                                class="input"
                                type="file"
                                id="file"
                                name="file"
                                required
                                accept=".csv,.tsv,.txt,.dat,.prn,.xlsx,.xls,.ods,.parquet,.gz,.zip,text/csv"
                            />
                        </Field>
                        <div class="form-actions">
                            <button class=ButtonLook::Primary.class() type="submit">{icon(Icon::Upload)}{t!(lang, "uploads-send")}</button>
                            <span class="small muted">{t!(lang, "uploads-next")}</span>
                        </div>
                    </Card>
                </form>
            </UploadProgress>
            <Card title=t!(lang, "uploads-templates") subtitle=t!(lang, "uploads-templates-sub")>{templates(lang)}</Card>
        }
        .into_any()
    })
}

fn words(lang: Lang) -> UploadWords {
    UploadWords {
        sent: t!(lang, "uploads-sent"),
        left: t!(lang, "job-left"),
        lengths: lengths(lang),
        waiting: t!(lang, "uploads-waiting"),
        reading: t!(lang, "uploads-reading"),
        kept: t!(lang, "uploads-kept"),
        stop: t!(lang, "uploads-stop"),
        stopped: t!(lang, "uploads-stopped"),
        broken: t!(lang, "uploads-broken"),
        signed_out: t!(lang, "uploads-signed-out"),
        too_large: t!(lang, "uploads-too-large"),
    }
}

/// A template of each kind in each language.
fn templates(lang: Lang) -> AnyView {
    let kinds = UploadKind::ALL
        .into_iter()
        .map(|kind| {
            let link = |of: Lang, text: &'static str| {
                let address = format!("/uploads/templates/{}.csv?lang={}", kind.as_str(), of.code());
                view! { <a class="link" href=address lang=of.code() download>{text}</a> }
            };
            view! {
                <li>
                    {kind_name(lang, kind)} ": " {link(Lang::En, "English")} " · " {link(Lang::ZhCn, "中文")}
                </li>
            }
        })
        .collect_view();
    view! { <ul>{kinds}</ul> }.into_any()
}
