//! Before a segment goes: who still uses it. A segment that is used stays.

use super::used;
use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Head, Notice, Tone, link_button, post_button};
use crate::visit::{Visit, number};
use axum::extract::Path;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;
use types::auth::Right;
use types::segments::Segment;

pub async fn delete(visit: Visit, Path(id): Path<String>) -> Response {
    let page = load(&visit, &id).await.map(|segment| view(&visit.context, segment));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<Segment, Error> {
    visit.actor.require(Right::Build)?;
    engine::segments::get_segment(visit.engine(), &visit.actor, number(id, "Segment")?).await
}

pub(super) fn view(context: &PageContext, segment: Segment) -> Page {
    let context = context.clone();
    let title = t!(context.lang, "saved-delete-title", name = segment.name.clone());
    Page::new(title.clone(), Nav::Segments, move || {
        let lang = context.lang;
        let here = format!("/segments/{}", segment.id);
        let action = format!("{here}/delete");
        let back = link_button(ButtonLook::Plain, None, here.clone(), t!(lang, "saved-back"));
        let body = if let Some(users) = used::list(lang, &segment) {
            view! {
                <Notice tone=Tone::Warn title=t!(lang, "saved-in-use") text=t!(lang, "saved-in-use-text")>{users}</Notice>
                <div class="form-actions">{back}</div>
            }
            .into_any()
        } else {
            view! {
                <Card title=title.clone()>
                    <p class="soft">{t!(lang, "saved-delete-text")}</p>
                    <div class="form-actions">
                        {post_button(ButtonLook::Danger, None, action, t!(lang, "saved-delete"))}
                        {back}
                    </div>
                </Card>
            }
            .into_any()
        };
        view! {
            <Head title=title up=(segment.name.clone(), here)/>
            {body}
        }
        .into_any()
    })
}

pub async fn remove(visit: Visit, Path(id): Path<String>) -> Response {
    let gone = match number(&id, "Segment") {
        Ok(number) => engine::segments::delete_segment(visit.engine(), &visit.actor, number).await,
        Err(error) => Err(error),
    };
    match gone {
        // Somebody may have begun to use it while the question was on the screen.
        Err(Error::Conflict(_)) => visit.go(Ok(format!("/segments/{id}/delete"))).await,
        gone => visit.go(gone.map(|()| "/segments/saved".to_owned())).await,
    }
}
