//! Who works here: the list, a new person, and what each role may do.

use super::{Part, extra_rights, framed, role_choices};
use crate::context::PageContext;
use crate::i18n::{Lang, named};
use crate::page::Page;
use crate::t;
use crate::ui::faults::Faults;
use crate::ui::{Card, Cell, Column, Field, Notice, Table, TextField, Tone, chip, select};
use crate::visit::Visit;
use axum::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Error;
use engine::auth::{self, NewPerson};
use leptos::prelude::*;
use serde::Deserialize;
use types::auth::{Person, Rights, Role};

pub async fn people(visit: Visit) -> Response {
    let people = auth::list_people(visit.engine(), &visit.actor).await;
    let page = people.map(|people| view(&visit.context, people, NewForm::default(), Faults::default()));
    visit.show(page).await
}

/// What is typed for a new person. A box that is not ticked is not sent at all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewForm {
    pub email: String,
    pub name: String,
    pub role: String,
    pub export: String,
    pub personal_data: String,
    pub password: String,
}

impl NewForm {
    fn person(self) -> Result<NewPerson, Error> {
        let rights = rights(&self.role, &self.export, &self.personal_data)?;
        Ok(NewPerson {
            email: self.email,
            name: self.name,
            rights,
            password: self.password,
        })
    }
}

pub(super) fn rights(role: &str, export: &str, personal_data: &str) -> Result<Rights, Error> {
    let role = Role::parse(role).ok_or_else(|| Error::invalid("role", "is not a role"))?;
    Ok(Rights {
        role,
        export: !export.is_empty(),
        personal_data: !personal_data.is_empty(),
    })
}

pub async fn create_person(visit: Visit, Form(form): Form<NewForm>) -> Response {
    let created = match form.clone().person() {
        Ok(new) => auth::create_person(visit.engine(), &visit.actor, new).await,
        Err(error) => Err(error),
    };
    let error = match created {
        Ok(_) => return Redirect::to("/admin?done=created").into_response(),
        Err(error) => error,
    };
    let lang = visit.context.lang;
    let faults = match &error {
        // The only conflict of a new person is that the e-mail is taken.
        Error::Conflict(_) => Some(Faults::one("email", t!(lang, "admin-taken"))),
        other => Faults::of(lang, other),
    };
    let Some(faults) = faults else {
        return visit.show(Err(error)).await;
    };
    let people = auth::list_people(visit.engine(), &visit.actor).await;
    let page =
        people.map(|people| view(&visit.context, people, form, faults).with_status(StatusCode::UNPROCESSABLE_ENTITY));
    visit.show(page).await
}

pub(super) fn view(context: &PageContext, people: Vec<Person>, form: NewForm, faults: Faults) -> Page {
    let inner = context.clone();
    framed(context, Part::People, move || {
        let lang = inner.lang;
        let count = inner.format.number(people.len() as i64);
        let list = view! {
            <Card title=t!(lang, "admin-people") subtitle=t!(lang, "admin-people-sub", n = people.len() as i64, count = count)>
                {list(&inner, &people)}
            </Card>
        };
        let faults = &faults;
        let new = view! {
            <div class="cols">
                <Card title=t!(lang, "admin-new") subtitle=t!(lang, "admin-new-sub") columns="c7">{new_form(lang, form, faults)}</Card>
                <Card title=t!(lang, "admin-roles") columns="c5">{roles(lang)}</Card>
            </div>
        };
        // After a refusal the form is what the reader looks for.
        if faults.is_empty() {
            view! { {list}{new} }.into_any()
        } else {
            view! { <Notice tone=Tone::Bad title=t!(lang, "admin-not-created")/>{new}{list} }.into_any()
        }
    })
}

fn list(context: &PageContext, people: &[Person]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = people.iter().map(|person| {
        let state = if person.disabled {
            chip(Tone::Warn, t!(lang, "admin-disabled"))
        } else {
            chip(Tone::Good, t!(lang, "admin-active"))
        };
        vec![
            name_cell(person),
            Cell::Two(
                named(lang, "role-", person.rights.role.as_str()),
                given(lang, person.rights),
            ),
            Cell::View(state),
            Cell::Muted(
                person
                    .last_seen_at
                    .map_or_else(|| t!(lang, "admin-never"), |at| format.time(at)),
            ),
        ]
    });
    Table::new(vec![
        Column::text(t!(lang, "admin-person")),
        Column::text(t!(lang, "admin-role")),
        Column::text(t!(lang, "admin-state")),
        Column::number(t!(lang, "admin-seen")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "admin-people"))
    .view()
}

/// The name with the e-mail below it, or the e-mail alone.
fn name_cell(person: &Person) -> Cell {
    let href = format!("/admin/people/{}", person.id);
    if person.name.is_empty() {
        let (name, domain) = person.email.split_once('@').unwrap_or((&person.email, ""));
        let (name, domain) = (format!("{name}@"), domain.to_owned());
        // Where the line is short, an address breaks after its sign.
        Cell::View(view! { <a href=href>{name}<wbr/>{domain}</a> }.into_any())
    } else {
        Cell::LinkTwo(person.name.clone(), href, person.email.clone())
    }
}

/// The rights that a person has beyond the role.
fn given(lang: Lang, rights: Rights) -> String {
    let by_role = Rights {
        export: false,
        personal_data: false,
        ..rights
    };
    let extra: Vec<String> = types::auth::Right::ALL
        .into_iter()
        .filter(|right| rights.has(*right) && !by_role.has(*right))
        .map(|right| named(lang, "right-", right.as_str()))
        .collect();
    if extra.is_empty() {
        String::new()
    } else {
        t!(lang, "admin-also", rights = extra.join(", "))
    }
}

fn new_form(lang: Lang, form: NewForm, faults: &Faults) -> AnyView {
    let role = if form.role.is_empty() {
        Role::Manager.as_str().to_owned()
    } else {
        form.role
    };
    view! {
        <form class="form" method="post" action="/admin/people">
            <div class="form-row">
                {TextField::new("new-name", "name", t!(lang, "admin-name")).autocomplete("off").value(form.name).view(faults)}
                {TextField::new("new-email", "email", t!(lang, "admin-email")).email().autocomplete("off").value(form.email).view(faults)}
            </div>
            <div class="form-row">
                <Field id="new-role" label=t!(lang, "admin-role") fault=faults.at("role")>
                    {select("new-role".into(), "role".into(), None, role_choices(lang), &role)}
                </Field>
                {TextField::new("new-password", "password", t!(lang, "admin-password"))
                    .new_password()
                    .help(t!(lang, "admin-password-help"))
                    .view(faults)}
            </div>
            {extra_rights(lang, !form.export.is_empty(), !form.personal_data.is_empty())}
            <div class="form-actions"><button class="btn btn--primary" type="submit">{t!(lang, "admin-create")}</button></div>
        </form>
    }
    .into_any()
}

fn roles(lang: Lang) -> AnyView {
    let lines = Role::ALL
        .into_iter()
        .map(|role| {
            view! { <dt>{named(lang, "role-", role.as_str())}</dt><dd>{named(lang, "admin-does-", role.as_str())}</dd> }
                .into_any()
        })
        .collect_view();
    view! { <dl class="facts">{lines}</dl><p class="small muted">{t!(lang, "admin-roles-note")}</p> }.into_any()
}
