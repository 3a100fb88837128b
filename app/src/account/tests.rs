//! The account page in both languages, from hand-made data.

use super::*;
use crate::testing::{context, html};

fn token() -> Token {
    Token {
        id: 5,
        person_id: 1,
        email: "mei@shop.example".into(),
        name: "nightly export".into(),
        created_at: "2026-11-01T08:00:00Z".parse().unwrap(),
        last_used_at: None,
        revoked_at: None,
    }
}

#[test]
fn everybody_finds_their_rights_tokens_and_looks() {
    for lang in Lang::ALL {
        let page = html(view(&context(lang), vec![token()], Said::default()));
        assert!(
            page.contains("mei@shop.example") && page.contains("nightly export"),
            "{page}"
        );
        assert!(page.contains(r#"action="/account/tokens/5/revoke""#), "{page}");
        assert!(page.contains(r#"name="theme""#) && page.contains("简体中文"), "{page}");
    }
}

#[test]
fn a_refused_password_is_explained_at_its_field() {
    let error = Error::invalid("old_password", "is not the present password");
    let said = Said {
        faults: Faults::of(Lang::En, &error).unwrap(),
        secret: None,
    };
    let page = html(view(&context(Lang::En), Vec::new(), said));
    assert!(
        page.contains(r#"aria-describedby="old-fault""#) && page.contains(r#"id="old-fault""#),
        "{page}"
    );
}

#[test]
fn a_secret_is_shown_where_it_was_made() {
    let said = Said {
        secret: Some("sil_abc".into()),
        ..Said::default()
    };
    assert!(html(view(&context(Lang::ZhCn), vec![token()], said)).contains("sil_abc"));
}
