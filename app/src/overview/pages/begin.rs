//! The first page before there is any data: the steps to the first portrait.

use crate::context::PageContext;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::{ButtonLook, Card, Head, Icon, link_button};
use leptos::prelude::*;
use types::auth::Right;

pub fn view(context: &PageContext) -> Page {
    let lang = context.lang;
    let may_upload = context.may(Right::Upload);
    let may_administer = context.may(Right::Administer);
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
        let people = may_administer.then(|| {
            let button = link_button(ButtonLook::Plain, Some(Icon::Person), "/admin", t!(lang, "begin-people-do"));
            view! { <li><span>{t!(lang, "begin-people")}<small>{t!(lang, "begin-people-sub")}</small></span>{button}</li> }
        });
        view! {
            <Head title=t!(lang, "begin-title") lead=t!(lang, "begin-lead")/>
            <Card title=t!(lang, "begin-steps")>
                <ol class="overview-steps">
                    <li><span>{t!(lang, "begin-upload")}<small>{t!(lang, "begin-upload-sub")}</small></span>{button}</li>
                    <li><span>{t!(lang, "begin-run")}<small>{t!(lang, "begin-run-sub")}</small></span></li>
                    <li><span>{t!(lang, "begin-look")}<small>{t!(lang, "begin-look-sub")}</small></span></li>
                    {people}
                </ol>
            </Card>
        }
        .into_any()
    })
}
