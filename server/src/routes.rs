//! A table of every address beside the router that serves it. A route and what it needs are written in one line, so that none can be added
//! without saying who may use it; a test tries each line as everybody.

use crate::problem::Refusal;
use crate::state::AppState;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use engine::Error;
use engine::auth::Actor;
use types::auth::Right;
use utoipa::openapi::path::PathItem;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Who may use a route. Checked before a body is read; the engine checks again, and it is the engine that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Open to everybody.
    Nothing,
    /// Any person, for what is their own.
    Person,
    Right(Right),
}

impl Needs {
    /// Whether somebody may go on.
    pub fn check(self, actor: Option<&Actor>) -> Result<(), Error> {
        match (self, actor) {
            (Needs::Nothing, _) | (Needs::Person, Some(_)) => Ok(()),
            (Needs::Person | Needs::Right(_), None) => Err(Error::Unauthenticated),
            (Needs::Right(right), Some(actor)) => actor.require(right),
        }
    }
}

/// The layer that checks a route.
async fn guard(needs: Needs, request: Request, next: Next) -> Response {
    match needs.check(request.extensions().get()) {
        Ok(()) => next.run(request).await,
        Err(error) => Refusal(error).into_response(),
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub method: String,
    /// As the router writes it, `{id}` for a part that varies.
    pub path: String,
    pub needs: Needs,
}

/// Routes for browsers.
#[derive(Default)]
pub struct Routes {
    pub router: Router<AppState>,
    pub rules: Vec<Rule>,
}

impl Routes {
    pub fn add(mut self, method: &str, path: &str, needs: Needs, handler: MethodRouter<AppState>) -> Routes {
        let guarded = handler.route_layer(middleware::from_fn(move |request, next| guard(needs, request, next)));
        self.router = self.router.route(path, guarded);
        self.rules.push(Rule {
            method: method.to_owned(),
            path: path.to_owned(),
            needs,
        });
        self
    }
}

/// Calls of the API: routes with a description.
pub struct Calls {
    pub router: OpenApiRouter<AppState>,
    pub rules: Vec<Rule>,
}

impl Calls {
    pub fn new(description: utoipa::openapi::OpenApi) -> Calls {
        Calls {
            router: OpenApiRouter::with_openapi(description),
            rules: Vec::new(),
        }
    }

    pub fn add(mut self, needs: Needs, (schemas, mut paths, handler): UtoipaMethodRouter<AppState>) -> Calls {
        for (path, item) in &mut paths.paths {
            for (method, operation) in operations(item) {
                self.rules.push(Rule {
                    method: method.to_owned(),
                    path: path.clone(),
                    needs,
                });
                let said = operation.description.get_or_insert_default();
                if !said.is_empty() {
                    said.push_str("\n\n");
                }
                said.push_str(&sentence(needs));
            }
        }
        let guarded = handler.route_layer(middleware::from_fn(move |request, next| guard(needs, request, next)));
        self.router = self.router.routes((schemas, paths, guarded));
        self
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut utoipa::openapi::path::Operation)> {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

fn sentence(needs: Needs) -> String {
    match needs {
        Needs::Nothing => "Open to everybody.".into(),
        Needs::Person => "For everybody who is signed in or has a token.".into(),
        Needs::Right(right) => format!("Needs the right `{}`.", right.as_str()),
    }
}
