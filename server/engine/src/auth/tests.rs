//! Accounts against a real PostgreSQL.

use super::*;
use crate::testing;
use types::auth::{Right, Rights, Role};

fn manager(email: &str) -> NewPerson {
    NewPerson {
        email: email.into(),
        name: "M".into(),
        rights: Rights {
            role: Role::Manager,
            export: false,
            personal_data: false,
        },
        password: "correct horse".into(),
    }
}

#[tokio::test]
async fn the_first_administrator_needs_the_newest_code() {
    let t = testing::engine().await;
    let old = issue_setup_code(&t.engine).await.unwrap().unwrap();
    let code = issue_setup_code(&t.engine).await.unwrap().unwrap();
    assert_ne!(old, code);
    let refused = complete_setup(&t.engine, &old, "a@x.example", "A", "long enough pw".into()).await;
    assert_eq!(refused.unwrap_err().status(), 422);
    let typed = code.to_lowercase().replace('-', " ");
    let account = complete_setup(&t.engine, &typed, "a@x.example", "A", "long enough pw".into())
        .await
        .unwrap();
    assert!(account.actor().may(Right::Administer));
    assert!(issue_setup_code(&t.engine).await.unwrap().is_none());
    let again = complete_setup(&t.engine, &code, "b@x.example", "B", "long enough pw".into()).await;
    assert_eq!(again.unwrap_err().status(), 409);
    t.close().await;
}

#[tokio::test]
async fn passwords_are_checked_and_throttled() {
    let t = testing::engine().await;
    create_person(&t.engine, &Actor::command_line(), manager("m@x.example"))
        .await
        .unwrap();
    assert!(
        sign_in(&t.engine, "M@X.example", "correct horse", "1.2.3.4")
            .await
            .unwrap()
            .is_some()
    );
    for _ in 0..8 {
        assert!(
            sign_in(&t.engine, "m@x.example", "wrong", "1.2.3.4")
                .await
                .unwrap()
                .is_none()
        );
    }
    let throttled = sign_in(&t.engine, "m@x.example", "correct horse", "9.9.9.9").await;
    assert_eq!(throttled.unwrap_err().status(), 429);
    t.close().await;
}

#[tokio::test]
async fn rights_are_checked_by_the_service() {
    let t = testing::engine().await;
    let person = create_person(&t.engine, &Actor::command_line(), manager("m@x.example"))
        .await
        .unwrap();
    let actor = account(&t.engine, person.id).await.unwrap().unwrap().actor();
    assert_eq!(list_people(&t.engine, &actor).await.unwrap_err().status(), 403);
    assert_eq!(
        create_person(&t.engine, &actor, manager("n@x.example"))
            .await
            .unwrap_err()
            .status(),
        403
    );
    assert_eq!(
        create_token(&t.engine, &actor, "someone@x.example", "x")
            .await
            .unwrap_err()
            .status(),
        404
    );
    let (token, secret) = create_token(&t.engine, &actor, "m@x.example", "mine").await.unwrap();
    assert_eq!(
        actor_by_token(&t.engine, &secret).await.unwrap().unwrap().person_id,
        Some(person.id)
    );
    revoke_token(&t.engine, &actor, token.id).await.unwrap();
    assert!(actor_by_token(&t.engine, &secret).await.unwrap().is_none());
    t.close().await;
}

#[tokio::test]
async fn somebody_remains_administrator() {
    let t = testing::engine().await;
    let cli = Actor::command_line();
    let mut first = manager("a@x.example");
    first.rights.role = Role::Admin;
    let person = create_person(&t.engine, &cli, first).await.unwrap();
    let change = PersonChange {
        name: "A".into(),
        rights: person.rights,
        disabled: true,
    };
    assert_eq!(
        update_person(&t.engine, &cli, person.id, change)
            .await
            .unwrap_err()
            .status(),
        409
    );
    t.close().await;
}

#[tokio::test]
async fn the_audit_log_cannot_be_altered() {
    let t = testing::engine().await;
    create_person(&t.engine, &Actor::command_line(), manager("m@x.example"))
        .await
        .unwrap();
    let refused = sqlx::query("delete from audit").execute(t.engine.pool()).await;
    assert!(refused.unwrap_err().to_string().contains("append-only"));
    t.close().await;
}
