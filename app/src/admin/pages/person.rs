//! One person: name, role and rights, a new password, and no way in any more.

use super::{Part, check, extra_rights, framed, people, role_choices};
use crate::context::PageContext;
use crate::i18n::Lang;
use crate::page::Page;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{Card, Field, Notice, TextField, Tone, chip, select};
use crate::visit::{Visit, number};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use engine::auth::{self, PersonChange};
use leptos::prelude::*;
use serde::Deserialize;
use types::auth::Person;

pub async fn person(visit: Visit, Path(id): Path<String>) -> Response {
    let page = load(&visit, &id)
        .await
        .map(|person| view(&visit.context, person, Faults::default()));
    visit.show(page).await
}

async fn load(visit: &Visit, id: &str) -> Result<Person, Error> {
    let people = auth::list_people(visit.engine(), &visit.actor).await?;
    let number = number(id, "Person")?;
    people
        .into_iter()
        .find(|person| person.id == number)
        .ok_or_else(|| Error::not_found(format!("Person {id}")))
}

/// A box that is not ticked is not sent at all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    name: String,
    role: String,
    export: String,
    personal_data: String,
    disabled: String,
}

pub async fn update_person(visit: Visit, Path(id): Path<String>, Form(form): Form<ChangeForm>) -> Response {
    match update(&visit, &id, form).await {
        Ok(_) => Redirect::to("/admin?done=updated").into_response(),
        Err(error) => again(visit, &id, error, "role").await,
    }
}

async fn update(visit: &Visit, id: &str, form: ChangeForm) -> Result<Person, Error> {
    let id = number(id, "Person")?;
    let rights = people::rights(&form.role, &form.export, &form.personal_data)?;
    let change = PersonChange {
        name: form.name,
        rights,
        disabled: !form.disabled.is_empty(),
    };
    auth::update_person(visit.engine(), &visit.actor, id, change).await
}

#[derive(Deserialize)]
pub struct PasswordForm {
    password: String,
}

pub async fn set_password(visit: Visit, Path(id): Path<String>, Form(form): Form<PasswordForm>) -> Response {
    let set = match number(&id, "Person") {
        Ok(number) => auth::set_password(visit.engine(), &visit.actor, number, None, form.password).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Redirect::to("/admin?done=password").into_response(),
        Err(error) => again(visit, &id, error, "password").await,
    }
}

/// The form as it is stored, with what was wrong; a conflict is explained at `field`.
async fn again(visit: Visit, id: &str, error: Error, field: &str) -> Response {
    let lang = visit.context.lang;
    let faults = match &error {
        // The only conflict of a change is that nobody would remain to administer.
        Error::Conflict(_) => Some(Faults::one(field, t!(lang, "admin-last"))),
        other => Faults::of(lang, other),
    };
    let Some(faults) = faults else {
        return visit.show(Err(error)).await;
    };
    let page = load(&visit, id).await;
    let page = page.map(|person| view(&visit.context, person, faults).with_status(StatusCode::UNPROCESSABLE_ENTITY));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, person: Person, faults: Faults) -> Page {
    let inner = context.clone();
    framed(context, Part::People, move || {
        let (lang, format) = (inner.lang, inner.format);
        let (person, faults) = (&person, &faults);
        let own = inner.person.id == person.id;
        let (title, subtitle) = if person.name.is_empty() {
            (person.email.clone(), String::new())
        } else {
            (person.name.clone(), person.email.clone())
        };
        let seen = person
            .last_seen_at
            .map_or_else(|| t!(lang, "admin-never"), |at| format.time(at));
        let state = person.disabled.then(|| chip(Tone::Warn, t!(lang, "admin-disabled")));
        view! {
            {(!faults.is_empty()).then(|| view! { <Notice tone=Tone::Bad title=t!(lang, "admin-not-changed")/> })}
            <div class="cols">
                <Card title=title subtitle=subtitle columns="c7" badge=state.unwrap_or_else(|| ().into_any())>
                    {change_form(lang, person, faults)}
                    <p class="small muted">{t!(lang, "admin-since", day = format.day(format.local_day(person.created_at)), seen = seen)}</p>
                </Card>
                <Card title=t!(lang, "admin-set-password") subtitle=t!(lang, "admin-set-password-sub") columns="c5">
                    {if own {
                        view! { <p>{t!(lang, "admin-own-password")}" "<a href="/account">{t!(lang, "nav-account")}</a></p> }.into_any()
                    } else {
                        password_form(lang, person, faults)
                    }}
                </Card>
            </div>
            <p class="small"><a class="link" href="/admin">{t!(lang, "admin-back")}</a></p>
        }
        .into_any()
    })
}

fn change_form(lang: Lang, person: &Person, faults: &Faults) -> AnyView {
    view! {
        <form class="form" method="post" action=format!("/admin/people/{}", person.id)>
            <div class="form-row">
                {TextField::new("name", "name", t!(lang, "admin-name")).autocomplete("off").value(person.name.clone()).view(faults)}
                <Field id="role" label=t!(lang, "admin-role") fault=faults.at("role")>
                    {select("role".into(), "role".into(), None, role_choices(lang), person.rights.role.as_str())}
                </Field>
            </div>
            {extra_rights(lang, person.rights.export, person.rights.personal_data)}
            <fieldset class="field">
                <legend class="label">{t!(lang, "admin-access")}</legend>
                <div class="checks">{check("disabled", t!(lang, "admin-disable"), person.disabled)}</div>
            </fieldset>
            <div class="form-actions"><button class="btn btn--primary" type="submit">{t!(lang, "admin-save")}</button></div>
        </form>
    }
    .into_any()
}

fn password_form(lang: Lang, person: &Person, faults: &Faults) -> AnyView {
    view! {
        <form class="form" method="post" action=format!("/admin/people/{}/password", person.id)>
            {TextField::new("password", "password", t!(lang, "admin-new-password"))
                .new_password()
                .help(t!(lang, "admin-password-help"))
                .view(faults)}
            <div class="form-actions"><button class="btn" type="submit">{t!(lang, "admin-set")}</button></div>
        </form>
    }
    .into_any()
}
