//! Pages that say no: what happened, what is safe, what to do, and the way back. The cause of an internal error goes to the log only.

use crate::assets::Site;
use crate::context::{PageContext, Preferences};
use crate::i18n::{Lang, named};
use crate::page::{self, Page};
use crate::said;
use crate::shell::Bare;
use crate::t;
use crate::ui::{ButtonLook, Card, Head, Icon, link_button};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Error;
use leptos::prelude::*;

/// The error inside the frame of the pages.
pub fn page(context: &PageContext, error: &Error) -> Page {
    let (lang, status) = (context.lang, status(error));
    log(error);
    let said = sentence(lang, error);
    let faults = faults(lang, error);
    Page {
        title: title(lang, status),
        active: None,
        status,
        period: false,
        compared: false,
        builder: false,
        body: Box::new(move || body(lang, status, said, faults)),
    }
}

/// The error for somebody of whom we know only the language.
pub async fn bare(site: &Site, preferences: Preferences, error: &Error) -> Response {
    let (lang, status) = (preferences.lang, status(error));
    log(error);
    let said = sentence(lang, error);
    let faults = faults(lang, error);
    let bare = Bare {
        title: title(lang, status),
        preferences,
        address: "/".into(),
        status,
        body: Box::new(move || body(lang, status, said, faults)),
    };
    page::render_bare(site, bare).await
}

fn body(lang: Lang, status: StatusCode, said: String, faults: Vec<(String, String)>) -> AnyView {
    let list = (!faults.is_empty()).then(|| {
        let lines = faults
            .into_iter()
            .map(|(field, reason)| view! { <li><b class="strong">{field}</b>": "{reason}</li> }.into_any())
            .collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    });
    let code = status.as_u16().to_string();
    view! {
        <Head title=title(lang, status) lead=said/>
        <Card title=t!(lang, "error-what-now") subtitle=t!(lang, "error-code", code = code.clone())>
            {list}
            <p>{named(lang, "error-safe-", &code)}</p>
            <p>{named(lang, "error-do-", &code)}</p>
            <div class="row">{link_button(ButtonLook::Primary, Some(Icon::Back), "/", t!(lang, "error-home"))}</div>
        </Card>
    }
    .into_any()
}

fn title(lang: Lang, status: StatusCode) -> String {
    named(lang, "error-title-", status.as_str())
}

/// The engine's own sentence, where it knows more than the status says.
fn sentence(lang: Lang, error: &Error) -> String {
    match error {
        Error::Forbidden(right) => t!(lang, "error-forbidden", right = named(lang, "right-", right.as_str())),
        Error::ForbiddenColumn { column, right } => t!(
            lang,
            "error-forbidden-column",
            column = column.clone(),
            right = named(lang, "right-", right.as_str())
        ),
        Error::Internal(_) => t!(lang, "error-internal"),
        Error::Invalid(_) => t!(lang, "error-invalid"),
        Error::NotFound(what) => t!(lang, "error-not-found", what = said::thing(lang, what)),
        Error::Throttled(seconds) => t!(lang, "error-throttled", minutes = seconds.div_ceil(60).to_string()),
        other => said::sentence(lang, &other.to_string()),
    }
}

fn faults(lang: Lang, error: &Error) -> Vec<(String, String)> {
    match error {
        Error::Invalid(fields) => fields
            .iter()
            .map(|fault| (fault.field.clone(), crate::uploads::pages::reason(lang, &fault.reason)))
            .collect(),
        _ => Vec::new(),
    }
}

fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn log(error: &Error) {
    if let Error::Internal(_) = error {
        tracing::error!(error = error.causes(), "a page could not be shown");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::find;

    #[test]
    fn every_status_says_what_is_safe_and_what_to_do() {
        let errors = [
            Error::Unauthenticated,
            Error::Forbidden(types::auth::Right::Upload),
            Error::not_found("Upload 7"),
            Error::Conflict("busy".into()),
            Error::TooLarge("big".into()),
            Error::invalid("day", "is not a date"),
            Error::Throttled(60),
            Error::internal("boom"),
            Error::Unavailable("away".into()),
        ];
        for error in errors {
            for lang in Lang::ALL {
                for part in ["title", "safe", "do"] {
                    let key = format!("error-{part}-{}", error.status());
                    assert!(find(lang, &key).is_some(), "{key} in {}", lang.code());
                }
            }
        }
    }

    #[test]
    fn the_cause_stays_inside() {
        let html = body(
            Lang::En,
            StatusCode::INTERNAL_SERVER_ERROR,
            sentence(Lang::En, &Error::internal("select secret")),
            vec![],
        )
        .to_html();
        assert!(!html.contains("secret"), "{html}");
    }
}
