//! A segment that is a list of ids: pasted, or chosen as a file that a program or a table wrote.

use super::form::{SegmentForm, naming};
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Field, Head, Notice, Tone, link_button};
use crate::visit::{Visit, number};
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;

pub async fn new_list(visit: Visit) -> Response {
    let page = visit
        .actor
        .require(Right::Build)
        .map(|()| view(&visit.context, None, SegmentForm::default(), Faults::default()));
    visit.show(page).await
}

/// Bytes of a form with a list: more than the ids that a list may have take.
pub const MOST_BYTES: usize = 64 << 20;

pub async fn create_list(visit: Visit, sent: Multipart) -> Response {
    match read(&visit, sent).await {
        Ok((form, faults)) => take(visit, None, form, faults).await,
        Err(error) => visit.show(Err(error)).await,
    }
}

pub async fn change_list(visit: Visit, Path(id): Path<String>, sent: Multipart) -> Response {
    let id = number(&id, "Segment");
    match (id, read(&visit, sent).await) {
        (Ok(id), Ok((form, faults))) => take(visit, Some(id), form, faults).await,
        (Err(error), _) | (_, Err(error)) => visit.show(Err(error)).await,
    }
}

/// The fields of the form; the first column of a file goes to what was pasted.
async fn read(visit: &Visit, mut sent: Multipart) -> Result<(SegmentForm, Faults), Error> {
    visit.actor.require(Right::Build)?;
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(error.body_text()),
        _ => Error::invalid("members", "could not be read to its end"),
    };
    let (mut form, mut faults) = (SegmentForm::default(), Faults::default());
    while let Some(part) = sent.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(broken)?;
        let Ok(text) = String::from_utf8(bytes.to_vec()) else {
            faults = Faults::one("members", t!(visit.context.lang, "saved-file-no-text"));
            continue;
        };
        match name.as_str() {
            "name" => form.name = text,
            "description" => form.description = text,
            "folder" => form.folder = text,
            "colour" => form.colour = text,
            "members" | "file" => {
                form.members.push('\n');
                form.members
                    .push_str(&if name == "file" { first_column(&text) } else { text });
            }
            _ => {}
        }
    }
    form.members = form.members.trim().to_owned();
    Ok((form, faults))
}

/// The first cell of each line of a file.
fn first_column(file: &str) -> String {
    let cells = file.trim_start_matches('\u{feff}').lines();
    let first = cells.map(|line| line.split([',', ';', '\t']).next().unwrap_or_default().trim());
    first.collect::<Vec<_>>().join("\n")
}

async fn take(visit: Visit, id: Option<i64>, form: SegmentForm, faults: Faults) -> Response {
    if !faults.is_empty() {
        let page = view(&visit.context, id, form, faults).with_status(StatusCode::UNPROCESSABLE_ENTITY);
        return visit.show(Ok(page)).await;
    }
    let mut new = form.segment();
    new.members = Some(form.ids());
    let saved = match id {
        None => engine::segments::create_segment(visit.engine(), &visit.actor, new)
            .await
            .map(|segment| format!("/segments/{}?done=created", segment.id)),
        Some(id) => engine::segments::update_segment(visit.engine(), &visit.actor, id, new)
            .await
            .map(|_| format!("/segments/{id}?done=changed")),
    };
    let error: Error = match saved {
        Ok(address) => return Redirect::to(&address).into_response(),
        Err(error) => error,
    };
    match Faults::of(visit.context.lang, &error) {
        Some(faults) => {
            let page = view(&visit.context, id, form, faults).with_status(StatusCode::UNPROCESSABLE_ENTITY);
            visit.show(Ok(page)).await
        }
        None => visit.show(Err(error)).await,
    }
}

pub(super) fn view(context: &PageContext, id: Option<i64>, form: SegmentForm, faults: Faults) -> Page {
    let context = context.clone();
    let title = match id {
        None => t!(context.lang, "saved-new-list"),
        Some(_) => t!(context.lang, "builder-edit", name = form.name.clone()),
    };
    Page::new(title.clone(), Nav::Segments, move || {
        let lang = context.lang;
        let (action, back) = match id {
            None => ("/segments/lists/new".to_owned(), "/segments/saved".to_owned()),
            Some(id) => (format!("/segments/lists/{id}"), format!("/segments/{id}")),
        };
        let refused =
            (!faults.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=t!(lang, "builder-not-saved")/> });
        let faults = &faults;
        view! {
            <Head title=title lead=t!(lang, "saved-list-lead") up=(t!(lang, "saved-title"), "/segments/saved".to_owned())/>
            {refused}
            <Card title=t!(lang, "saved-list")>
                <form class="form" method="post" action=action enctype="multipart/form-data">
                    {naming(lang, &form, faults)}
                    <Field id="members" label=t!(lang, "saved-ids") help=t!(lang, "saved-ids-help") fault=faults.at("members")>
                        <textarea class="input input--code" id="members" name="members" rows="12" spellcheck="false">{form.members.clone()}</textarea>
                    </Field>
                    <Field id="file" label=t!(lang, "saved-file") help=t!(lang, "saved-file-help")>
                        <input class="input" type="file" id="file" name="file" accept=".csv,.txt,.tsv,text/plain,text/csv"/>
                    </Field>
                    <div class="form-actions">
                        <button class=ButtonLook::Primary.class() type="submit" name="do" value="list">{t!(lang, "builder-save")}</button>
                        {link_button(ButtonLook::Plain, None, back, t!(lang, "builder-cancel"))}
                    </div>
                </form>
            </Card>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::first_column;

    #[test]
    fn a_file_gives_its_first_column() {
        assert_eq!(
            first_column("\u{feff}external_id,city\r\nc1,Paris\r\n\"c2\";x\n"),
            "external_id\nc1\n\"c2\""
        );
    }
}
