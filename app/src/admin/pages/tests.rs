//! Pages of administration in both languages, from hand-made data.

use super::{audit, people, person, settings, tokens};
use crate::i18n::Lang;
use crate::testing::{context, html};
use crate::ui::faults::Faults;
use engine::Error;
use engine::settings::Settings;
use serde_json::json;
use types::auth::{AuditEntry, Person, Rights, Role};
use types::problems::Page as Slice;

fn somebody() -> Person {
    Person {
        id: 9,
        email: "ana@shop.example".into(),
        name: String::new(),
        rights: Rights {
            role: Role::Manager,
            export: true,
            personal_data: false,
        },
        disabled: true,
        created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        last_seen_at: None,
    }
}

#[test]
fn the_list_leads_to_each_person_and_shows_rights_beyond_the_role() {
    let page = html(people::view(
        &context(Lang::En),
        vec![somebody()],
        people::NewForm::default(),
        Faults::default(),
    ));
    assert!(
        page.contains(r#"href="/admin/people/9""#) && page.contains("no access") && page.contains("also:"),
        "{page}"
    );
    let page = html(people::view(
        &context(Lang::ZhCn),
        vec![somebody()],
        people::NewForm::default(),
        Faults::default(),
    ));
    assert!(page.contains("已停用") && page.contains("另有："), "{page}");
}

#[test]
fn a_refused_form_keeps_what_was_typed_but_no_password() {
    let form = people::NewForm {
        email: "not an e-mail".into(),
        name: "Ana".into(),
        role: "lead".into(),
        export: "yes".into(),
        password: "a secret that stays".into(),
        ..people::NewForm::default()
    };
    let faults = Faults::of(Lang::En, &Error::invalid("email", "is not an e-mail address")).unwrap();
    let page = html(people::view(&context(Lang::En), Vec::new(), form, faults));
    assert!(
        page.contains("This is not an e-mail address.") && page.contains(r#"value="not an e-mail""#),
        "{page}"
    );
    assert!(
        page.contains(r#"aria-invalid="true""#) && page.contains("checked"),
        "{page}"
    );
    assert!(!page.contains("a secret that stays"), "{page}");
}

#[test]
fn one_changes_ones_own_password_elsewhere() {
    let mut own = somebody();
    assert!(
        html(person::view(&context(Lang::En), own.clone(), Faults::default())).contains("/admin/people/9/password")
    );
    own.id = 1;
    let page = html(person::view(&context(Lang::En), own, Faults::default()));
    assert!(
        !page.contains("/admin/people/1/password") && page.contains(r#"href="/account""#),
        "{page}"
    );
}

#[test]
fn a_token_is_shown_once() {
    let form = tokens::TokenForm {
        email: "ana@shop.example".into(),
        name: "export".into(),
    };
    let page = html(tokens::view(
        &context(Lang::En),
        Vec::new(),
        form.clone(),
        tokens::Answer::Made("sil_123".into()),
    ));
    assert!(page.contains("sil_123"), "{page}");
    let page = html(tokens::view(&context(Lang::En), Vec::new(), form, tokens::Answer::None));
    assert!(
        !page.contains("sil_123") && page.contains("There is no token."),
        "{page}"
    );
}

#[test]
fn the_log_says_what_was_done_in_words_and_as_recorded() {
    let entry = |action: &str| AuditEntry {
        id: 3,
        at: "2026-11-22T08:14:00Z".parse().unwrap(),
        actor: "mei@shop.example".into(),
        action: action.into(),
        object: "person 9".into(),
        detail: json!({ "disabled": true }),
    };
    let slice = Slice {
        items: vec![entry("person.update"), entry("something.new")],
        next: Some("2".into()),
    };
    let page = html(audit::view(&context(Lang::En), slice));
    assert!(
        page.contains("Changed a person") && page.contains("person.update") && page.contains("something.new"),
        "{page}"
    );
    assert!(
        page.contains("disabled: true") && page.contains("/admin/audit?before=2"),
        "{page}"
    );
}

#[test]
fn settings_say_what_they_mean() {
    let settings = Settings {
        currency: "CNY".into(),
        time_zone: "Asia/Shanghai".into(),
        time_zone_fixed: true,
        return_window_days: 30,
        version: "0.1.0",
    };
    let page = html(settings::view(&context(Lang::ZhCn), settings));
    assert!(
        page.contains("Asia/Shanghai") && page.contains("首次导入后已固定") && page.contains("30 天"),
        "{page}"
    );
}
