//! The mapping page: what the file is read as, our fields with what each means and their columns, their words for ours, and how the rows are merged.

use super::mapping_form::{self, Decided, Way};
use super::{attributes, fields_table, kind_name, options, reasons, values};
use crate::context::{PageContext, pairs};
use crate::i18n::Lang;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Head, Icon, Notice, Tone, icon};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use engine::uploads::{self, Mode};
use leptos::prelude::*;
use types::uploads::{Preview, Upload};

pub(super) struct Loaded {
    pub upload: Upload,
    pub preview: Preview,
    /// The earlier upload with the same bytes.
    pub same: Option<Upload>,
}

pub async fn map(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded, Faults::default()));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, Error> {
    let id = number(id, "Upload")?;
    let upload = uploads::get(visit.engine(), &visit.actor, id).await?;
    let preview = uploads::preview(visit.engine(), &visit.actor, id).await?;
    let same = match upload.same_as {
        Some(same) => Some(uploads::get(visit.engine(), &visit.actor, same).await?),
        None => None,
    };
    Ok(Loaded { upload, preview, same })
}

/// The form's answer: another look at the file, a check, or an import, the last two as a job. What was chosen is kept whatever is asked for; a
/// mapping that does not fit comes back with what is wrong.
pub async fn import(visit: Visit, Path(id): Path<String>, body: String) -> Response {
    match begin(&visit, &id, &body).await {
        Ok(next) => Redirect::to(&next).into_response(),
        Err(error) => {
            let faults = faults(visit.context.lang, &error);
            let (Some(faults), Ok(loaded)) = (faults, load(&visit, &id).await) else {
                return visit.show(Err(error)).await;
            };
            let page = view(&visit.context, loaded, faults).with_status(StatusCode::UNPROCESSABLE_ENTITY);
            visit.show(Ok(page)).await
        }
    }
}

async fn begin(visit: &Visit, id: &str, body: &str) -> Result<String, Error> {
    let id = number(id, "Upload")?;
    let upload = uploads::get(visit.engine(), &visit.actor, id).await?;
    let Decided { mapping, options, way } = mapping_form::read(upload.kind, &pairs(body));
    uploads::keep_draft(visit.engine(), &visit.actor, id, &mapping, &options).await?;
    let mode = match way {
        Way::Look => return Ok(format!("/uploads/{id}/map#reading")),
        Way::Check => Mode::DryRun,
        Way::Import => Mode::Commit,
    };
    mapping_form::complete(upload.kind, &mapping)?;
    uploads::start(visit.engine(), &visit.actor, id, mode).await?;
    Ok(format!("/uploads/{id}"))
}

fn faults(lang: Lang, error: &Error) -> Option<Faults> {
    let Error::Invalid(fields) = error else { return None };
    // A file that cannot be read has no mapping page.
    if fields.iter().any(|problem| problem.field == "file") {
        return None;
    }
    Some(Faults::with(fields.iter().map(|problem| {
        let text = if problem.reason == mapping_form::MISSING {
            t!(lang, "map-fault-missing")
        } else {
            reasons::of_file(lang, &problem.reason)
        };
        (problem.field.clone(), text)
    })))
}

pub(super) fn view(context: &PageContext, loaded: Loaded, faults: Faults) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "map-title"), Nav::Uploads, move || {
        let (context, upload, preview, faults) = (&context, &loaded.upload, &loaded.preview, &faults);
        let lang = context.lang;
        let lead = t!(
            lang,
            "map-lead",
            file = upload.name.clone(),
            kind = kind_name(lang, upload.kind),
            n = preview.columns.len() as i64,
            columns = context.format.number(preview.columns.len() as i64)
        );
        let up = (t!(lang, "nav-uploads"), "/uploads".to_owned());
        view! {
            <Head title=t!(lang, "map-title") lead=lead up=up/>
            {notices(context, &loaded, faults)}
            <form class="form" method="post" action=format!("/uploads/{}/import", upload.id)>
                <Card title=t!(lang, "map-fields") subtitle=t!(lang, "map-fields-sub")>
                    {fields_table::view(context, upload.kind, preview, faults)}
                </Card>
                {values::card(context, upload.kind, preview)}
                {attributes::card(context, upload.kind, preview)}
                <div id="reading">
                    <Card title=t!(lang, "map-reading") subtitle=t!(lang, "map-reading-sub")>
                        {options::reading(lang, preview)}
                        <div class="form-actions">
                            <button class=ButtonLook::Plain.class() type="submit" name="mode" value="look">{t!(lang, "map-look")}</button>
                            <span class="small muted">{t!(lang, "map-look-note")}</span>
                        </div>
                    </Card>
                </div>
                <Card title=t!(lang, "map-options") subtitle=t!(lang, "map-options-sub")>{options::merging(lang, upload, preview)}</Card>
                <div class="uploads-act">
                    <button class=ButtonLook::Primary.class() type="submit" name="mode" value="dry_run">{t!(lang, "map-check")}</button>
                    <button class=ButtonLook::Plain.class() type="submit" name="mode" value="commit">
                        {icon(Icon::Upload)}{t!(lang, "map-import")}
                    </button>
                    <span class="small muted">{t!(lang, "map-undo-note")}</span>
                </div>
            </form>
        }
        .into_any()
    })
}

fn notices(context: &PageContext, loaded: &Loaded, faults: &Faults) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let Loaded { preview, same, .. } = loaded;
    let wrong = (!faults.is_empty()).then(|| {
        view! { <Notice tone=Tone::Bad title=t!(lang, "map-fault") text=t!(lang, "map-fault-text")/> }.into_any()
    });
    let same = same.as_ref().map(|same| {
        let title = t!(lang, "upload-same-when", time = format.time(same.created_at), who = same.uploaded_by.clone());
        view! {
            <Notice tone=Tone::Warn title=title text=t!(lang, "upload-same-text")>
                <p><a class="link" href=format!("/uploads/{}", same.id)>{t!(lang, "upload-same-open", id = same.id.to_string())}</a></p>
            </Notice>
        }
        .into_any()
    });
    let saved = preview.saved_at.map(|at| {
        let title = t!(lang, "map-saved", time = format.time(at));
        view! { <Notice tone=Tone::Good title=title text=t!(lang, "map-saved-text")/> }.into_any()
    });
    let groups = preview.known_groups.map(|known| {
        let title = t!(
            lang,
            "map-known-groups",
            n = known.differing,
            differing = format.number(known.differing),
            groups = format.number(known.groups)
        );
        view! {
            <Notice tone=Tone::Warn title=title text=t!(lang, "map-known-groups-text")>
                <p><a class="link" href="#groups">{t!(lang, "map-known-groups-go")}</a></p>
            </Notice>
        }
        .into_any()
    });
    view! { {wrong}{same}{saved}{groups} }.into_any()
}
