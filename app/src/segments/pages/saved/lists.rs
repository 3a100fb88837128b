//! A segment that is a list of ids: pasted, or chosen as a file that a program or a table wrote.

use super::form::{SegmentForm, naming};
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{ButtonLook, Card, Field, Head, Notice, Tone, link_button};
use crate::visit::Visit;
use axum::Form;
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

pub async fn create_list(visit: Visit, Form(form): Form<SegmentForm>) -> Response {
    take(visit, None, form).await
}

pub(super) async fn take(visit: Visit, id: Option<i64>, form: SegmentForm) -> Response {
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
            Some(id) => (format!("/segments/{id}/edit"), format!("/segments/{id}")),
        };
        let refused =
            (!faults.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=t!(lang, "builder-not-saved")/> });
        let faults = &faults;
        view! {
            <Head title=title lead=t!(lang, "saved-list-lead") up=(t!(lang, "saved-title"), "/segments/saved".to_owned())/>
            {refused}
            <Card title=t!(lang, "saved-list")>
                <form class="form" method="post" action=action>
                    {naming(lang, &form, faults)}
                    <Field id="members" label=t!(lang, "saved-ids") help=t!(lang, "saved-ids-help") fault=faults.at("members")>
                        <textarea class="input input--code" id="members" name="members" rows="12" spellcheck="false">{form.members.clone()}</textarea>
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
