//! The first page before there is any data: the three steps to the first portrait.

use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Head, Icon, link_button};
use leptos::prelude::*;
use types::auth::Right;

pub fn view(context: &PageContext) -> Page {
    let lang = context.lang;
    let may_upload = context.may(Right::Upload);
    Page::new(t!(lang, "overview-title"), Nav::Overview, move || {
        let button = if may_upload {
            link_button(
                ButtonLook::Primary,
                Some(Icon::Upload),
                "/uploads/new",
                t!(lang, "begin-upload-do"),
            )
        } else {
            view! { <span class="muted small">{t!(lang, "begin-ask-admin")}</span> }.into_any()
        };
        view! {
            <Head title=t!(lang, "begin-title") lead=t!(lang, "begin-lead")/>
            <Card title=t!(lang, "begin-steps")>
                <ol class="overview-steps">
                    <li><span>{t!(lang, "begin-upload")}<small>{t!(lang, "begin-upload-sub")}</small></span>{button}</li>
                    <li><span>{t!(lang, "begin-run")}<small>{t!(lang, "begin-run-sub")}</small></span></li>
                    <li><span>{t!(lang, "begin-look")}<small>{t!(lang, "begin-look-sub")}</small></span></li>
                </ol>
            </Card>
        }
        .into_any()
    })
}
