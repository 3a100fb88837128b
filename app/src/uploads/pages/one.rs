//! One upload: where it stands, what became of its rows, and the way to take it back.

use super::{kind_name, mapped, outcome, reasons, shape, state_chip};
use crate::context::{PageContext, pairs};
use crate::i18n::Lang;
use crate::jobs::pages as jobs;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::button::post_button;
use crate::ui::{ButtonLook, Card, Choice, Head, Icon, Notice, Tone, link_button, select};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::jobs::Job;
use types::uploads::{FieldChange, RejectedRow, Upload, UploadKind, UploadState};

/// Rejected rows on the page; the file has all of them.
const REJECTS_SHOWN: i64 = 20;

pub(super) struct Loaded {
    pub upload: Upload,
    pub job: Option<Job>,
    pub rejects: Vec<RejectedRow>,
    /// What differs from earlier files of the kind.
    pub changes: Vec<FieldChange>,
    /// The earlier upload with the same bytes.
    pub same: Option<Upload>,
}

pub async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

/// After a check: import what it counted, without sending the file again.
pub async fn commit(visit: Visit, Path(id): Path<String>) -> Response {
    let committed = begin_commit(&visit, &id).await;
    visit.go(committed).await
}

async fn begin_commit(visit: &Visit, id: &str) -> Result<String, Error> {
    let id = number(id, "Upload")?;
    engine::uploads::commit(visit.engine(), &visit.actor, id).await?;
    Ok(format!("/uploads/{id}"))
}

/// The same file as another kind, without sending it again.
pub async fn again(visit: Visit, Path(id): Path<String>, body: String) -> Response {
    let next = begin_again(&visit, &id, &body).await;
    visit.go(next).await
}

async fn begin_again(visit: &Visit, id: &str, body: &str) -> Result<String, Error> {
    let id = number(id, "Upload")?;
    let asked = pairs(body).into_iter().find(|(name, _)| name == "kind");
    let kind = asked
        .and_then(|(_, kind)| UploadKind::parse(&kind))
        .ok_or_else(|| Error::invalid("kind", "is not a kind of upload"))?;
    let upload = engine::uploads::send_again_as(visit.engine(), &visit.actor, id, kind).await?;
    Ok(format!("/uploads/{}/map", upload.id))
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, Error> {
    let id = number(id, "Upload")?;
    let mut upload = engine::uploads::get(visit.engine(), &visit.actor, id).await?;
    if upload.sha256.is_empty() {
        let arrived = engine::uploads::received_bytes(visit.engine(), &visit.actor, id).await?;
        upload.size_bytes = i64::try_from(arrived).unwrap_or(i64::MAX);
    }
    let job = match upload.job_id {
        Some(job) => Some(engine::queue::get(visit.engine(), &visit.actor, job).await?),
        None => None,
    };
    let rejects = if upload.rows.rejected > 0 {
        engine::uploads::first_rejects(visit.engine(), &visit.actor, id, REJECTS_SHOWN).await?
    } else {
        Vec::new()
    };
    let changes = engine::uploads::quality::changes(visit.engine(), &visit.actor, id).await?;
    let same = match upload.same_as {
        Some(same) => Some(engine::uploads::get(visit.engine(), &visit.actor, same).await?),
        None => None,
    };
    Ok(Loaded {
        upload,
        job,
        rejects,
        changes,
        same,
    })
}

pub(super) fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    let title = loaded.upload.name.clone();
    Page::new(title.clone(), Nav::Uploads, move || {
        let lang = context.lang;
        let Loaded {
            upload,
            job,
            rejects,
            changes,
            same,
        } = loaded;
        let (context, upload) = (&context, &upload);
        let up = (t!(lang, "nav-uploads"), "/uploads".to_owned());
        let running = job.filter(|job| !job.state.is_finished());
        let busy = running.is_some();
        let progress = running.map(|job| {
            let line = jobs::progress(context, &job, format!("/uploads/{}", upload.id));
            view! { <Card title=jobs::kind(lang, job.kind)>{line}</Card> }
        });
        let counted = upload.rows.read > 0;
        view! {
            <Head title=title lead=lead(context, upload) up=up actions=actions(lang, upload, busy)/>
            {progress}
            {same.map(|same| same_file(context, &same))}
            {upload.error.clone().map(|error| view! {
                <Notice tone=Tone::Bad title=t!(lang, "upload-failed") text=reasons::of_file(lang, &error)>
                    <p>{t!(lang, "upload-failed-safe")}</p>
                </Notice>
            })}
            {counted.then(|| outcome::counts(context, upload))}
            {outcome::changes(context, &changes)}
            {(!rejects.is_empty()).then(|| outcome::rejects(context, upload, &rejects))}
            <div class="cols">
                {counted.then(|| outcome::records(context, upload))}
                {mapped::card(context, upload)}
                <Card title=t!(lang, "upload-facts") columns="c6">{facts(context, upload)}</Card>
                {more_kinds(lang, upload)}
            </div>
        }
        .into_any()
    })
}

fn lead(context: &PageContext, upload: &Upload) -> String {
    let (lang, format) = (context.lang, &context.format);
    let rows = &upload.rows;
    match upload.state {
        UploadState::Received if upload.sha256.is_empty() => {
            t!(lang, "upload-lead-part", size = format.bytes(upload.size_bytes))
        }
        UploadState::Received => t!(lang, "upload-lead-received"),
        UploadState::Running => t!(lang, "upload-lead-running"),
        UploadState::Ready => t!(
            lang,
            "upload-lead-ready",
            n = rows.read,
            read = format.number(rows.read),
            rejected = format.number(rows.rejected)
        ),
        UploadState::Committed if rows.rejected == 0 => {
            t!(lang, "upload-lead-all", n = rows.read, read = format.number(rows.read))
        }
        UploadState::Committed => t!(
            lang,
            "upload-lead-some",
            n = rows.read,
            read = format.number(rows.read),
            rejected = format.number(rows.rejected)
        ),
        UploadState::Failed => t!(lang, "upload-lead-failed"),
        UploadState::Cancelled => t!(lang, "upload-lead-cancelled"),
        UploadState::Undone => t!(lang, "upload-lead-undone"),
    }
}

fn actions(lang: Lang, upload: &Upload, busy: bool) -> AnyView {
    let id = upload.id;
    if busy {
        return ().into_any();
    }
    let map = |look, text| link_button(look, None, format!("/uploads/{id}/map"), text);
    match upload.state {
        // Without its last part there is nothing to map.
        UploadState::Received if upload.sha256.is_empty() => link_button(
            ButtonLook::Primary,
            Some(Icon::Upload),
            format!("/uploads/new?kind={}", upload.kind.as_str()),
            t!(lang, "upload-send-rest"),
        ),
        UploadState::Received => map(ButtonLook::Primary, t!(lang, "upload-map")),
        UploadState::Failed | UploadState::Cancelled | UploadState::Undone => {
            map(ButtonLook::Primary, t!(lang, "upload-again"))
        }
        UploadState::Ready => {
            let import = post_button(
                ButtonLook::Primary,
                Some(Icon::Upload),
                format!("/uploads/{id}/commit"),
                t!(lang, "upload-commit"),
            );
            view! { {map(ButtonLook::Plain, t!(lang, "upload-change"))}{import} }.into_any()
        }
        UploadState::Committed => link_button(
            ButtonLook::Danger,
            Some(Icon::Undo),
            format!("/uploads/{id}/undo"),
            t!(lang, "upload-undo"),
        ),
        UploadState::Running => ().into_any(),
    }
}

fn same_file(context: &PageContext, same: &Upload) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let title = t!(
        lang,
        "upload-same-when",
        time = format.time(same.created_at),
        who = same.uploaded_by.clone()
    );
    view! {
        <Notice tone=Tone::Warn title=title text=t!(lang, "upload-same-text")>
            <p><a class="link" href=format!("/uploads/{}", same.id)>{t!(lang, "upload-same-open", id = same.id.to_string())}</a></p>
        </Notice>
    }
    .into_any()
}

/// What else one file may hold: lines and orders often say something about their customers and products.
fn more_kinds(lang: Lang, upload: &Upload) -> Option<AnyView> {
    let kinds = match upload.kind {
        UploadKind::OrderLines => &[
            UploadKind::Customers,
            UploadKind::Products,
            UploadKind::Orders,
            UploadKind::Payments,
        ][..],
        UploadKind::Orders => &[UploadKind::Customers, UploadKind::Payments],
        UploadKind::Customers => &[UploadKind::Touches, UploadKind::Interactions, UploadKind::Orders],
        _ => return None,
    };
    if upload.state != UploadState::Committed {
        return None;
    }
    let choices = kinds
        .iter()
        .map(|kind| Choice::new(kind.as_str(), kind_name(lang, *kind)))
        .collect();
    let field = select("kind".into(), "kind".into(), Some(t!(lang, "again-kind")), choices, "");
    Some(
        view! {
            <Card title=t!(lang, "again-title") subtitle=t!(lang, "again-sub") columns="c6">
                <form class="form-row" method="post" action=format!("/uploads/{}/again", upload.id)>
                    <div class="field">{field}</div>
                    <button class=ButtonLook::Plain.class() type="submit">{t!(lang, "again-do")}</button>
                </form>
                <p class="small muted">{t!(lang, "again-text")}</p>
            </Card>
        }
        .into_any(),
    )
}

fn facts(context: &PageContext, upload: &Upload) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let took = match (upload.started_at, upload.finished_at) {
        (Some(start), Some(end)) => format.duration((end - start).num_milliseconds()),
        _ => "–".into(),
    };
    let read_as = [
        upload.encoding.clone(),
        upload
            .delimiter
            .clone()
            .filter(|mark| !mark.is_empty())
            .map(|mark| shape::delimiter(lang, &mark)),
        upload.options.sheet.clone(),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" · ");
    let hash: String = upload.sha256.chars().take(16).collect();
    view! {
        <dl class="facts">
            <dt>{t!(lang, "jobs-state")}</dt><dd>{state_chip(lang, upload.state)}</dd>
            <dt>{t!(lang, "upload-kind")}</dt><dd>{kind_name(lang, upload.kind)}</dd>
            <dt>{t!(lang, "upload-size")}</dt><dd>{format.bytes(upload.size_bytes)}</dd>
            <dt>{t!(lang, "upload-read-as")}</dt><dd>{read_as}</dd>
            <dt>{t!(lang, "upload-by")}</dt><dd>{upload.uploaded_by.clone()}", "{format.time(upload.created_at)}</dd>
            <dt>{t!(lang, "jobs-took")}</dt><dd>{took}</dd>
            <dt>"SHA-256"</dt><dd class="code">{hash}"…"</dd>
        </dl>
    }
    .into_any()
}
