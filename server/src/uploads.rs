//! Files on their way in. The body is streamed to the engine's receiver as it arrives, so memory stays bounded whatever its size. Receiving
//! runs in a task of its own: when the sender goes away in the middle, the task still ends in order and nothing is left.

use crate::api::input::Params;
use crate::problem::Answer;
use crate::session::Acting;
use crate::state::AppState;
use axum::body::{Body, BodyDataStream};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use bytes::Bytes;
use engine::auth::Actor;
use engine::uploads::{self, Mode, Receiver};
use engine::{Engine, Error};
use futures::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use std::time::Duration;
use types::auth::Right;
use types::uploads::{Mapping, Upload, UploadKind, UploadOptions};

/// A sender that says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// A part of a form that is not the file.
const LARGEST_PART: usize = 1 << 20;
/// How long the rest of a refused body is read, so that its sender gets to read the refusal.
const DRAIN: Duration = Duration::from_secs(10);

/// What is said of a file, in the address or in the parts of a form.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub kind: Option<UploadKind>,
    pub name: Option<String>,
    pub mode: Option<Mode>,
    pub mapping: Option<Mapping>,
    pub options: Option<UploadOptions>,
}

impl Said {
    /// From the query of a call.
    pub fn take(params: &mut Params) -> Said {
        let mode = match params.text("mode").as_deref() {
            None => None,
            Some("commit") => Some(Mode::Commit),
            Some("dry_run") => Some(Mode::DryRun),
            Some(other) => {
                params.fault(
                    "mode",
                    &format!("\u{201c}{other}\u{201d} is neither commit nor dry_run"),
                );
                None
            }
        };
        let kind = params.text("kind").and_then(|text| {
            let kind = UploadKind::parse(&text);
            if kind.is_none() {
                params.fault("kind", &unknown_kind(&text));
            }
            kind
        });
        Said {
            kind,
            name: params.text("name"),
            mode,
            mapping: params.json("mapping"),
            options: params.json("options"),
        }
    }

    fn kind(&self) -> Result<UploadKind, Error> {
        self.kind
            .ok_or_else(|| Error::invalid("kind", format!("is required: one of {}", kinds())))
    }
}

fn unknown_kind(text: &str) -> String {
    format!("\u{201c}{text}\u{201d} is none of {}", kinds())
}

fn kinds() -> String {
    UploadKind::ALL.map(UploadKind::as_str).join(", ")
}

/// The form of the upload page: the file is taken in, then its columns are mapped.
pub async fn from_form(
    State(state): State<AppState>,
    Acting(actor): Acting,
    params: Params,
    request: Request,
) -> Answer {
    actor.require(Right::Upload)?;
    params.finish()?;
    let (upload, _) = take_in(&state.engine, &actor, Said::default(), request).await?;
    Ok(Redirect::to(&format!("/uploads/{}/map", upload.id)).into_response())
}

/// Takes the body of a request in, as a form or as it is; the upload and everything that was said of it.
pub async fn take_in(engine: &Engine, actor: &Actor, said: Said, request: Request) -> Result<(Upload, Said), Error> {
    actor.require(Right::Upload)?;
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_form = kind.starts_with("multipart/form-data");
    let (engine, actor) = (engine.clone(), actor.clone());
    tokio::spawn(async move {
        if is_form {
            take_form(&engine, &actor, said, request).await
        } else {
            take_body(&engine, &actor, said, request).await
        }
    })
    .await?
}

async fn take_body(engine: &Engine, actor: &Actor, said: Said, request: Request) -> Result<(Upload, Said), Error> {
    let receiver = begin(engine, actor, &said, None).await?;
    let mut body = request.into_body().into_data_stream();
    let received = receive(receiver, &mut body).await;
    if received.is_err() {
        drain(body).await;
    }
    Ok((received?, said))
}

/// Parts may come in any order; what comes after the file is told to the engine afterwards.
async fn take_form(
    engine: &Engine,
    actor: &Actor,
    mut said: Said,
    mut request: Request,
) -> Result<(Upload, Said), Error> {
    // The file goes to disk piece by piece; the receiver knows the largest size that this installation takes.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Error::invalid("body", error.body_text()))?;
    let mut upload = None;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Error::invalid("body", error.body_text()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" if upload.is_some() => {
                return Err(Error::invalid("file", "is given more than once"));
            }
            "file" => {
                let file_name = field.file_name().map(ToOwned::to_owned);
                let receiver = begin(engine, actor, &said, file_name).await?;
                let mut chunks = Box::pin(chunks(field));
                let received = receive(receiver, &mut chunks).await;
                if received.is_err() {
                    drain(chunks).await;
                }
                upload = Some(received?);
            }
            "kind" => {
                let text = text(field).await?;
                said.kind = Some(UploadKind::parse(&text).ok_or_else(|| Error::invalid("kind", unknown_kind(&text)))?);
            }
            "name" => said.name = Some(text(field).await?).filter(|name| !name.is_empty()),
            "mapping" => said.mapping = json(&name, &text(field).await?)?,
            "options" => said.options = json(&name, &text(field).await?)?,
            "mode" => {
                said.mode = match text(field).await?.as_str() {
                    "dry_run" => Some(Mode::DryRun),
                    "commit" | "" => Some(Mode::Commit),
                    _ => return Err(Error::invalid("mode", "is neither commit nor dry_run")),
                }
            }
            _ => return Err(Error::invalid(name, "is not a part of this form")),
        }
    }
    let upload = upload.ok_or_else(|| Error::invalid("file", "is required"))?;
    Ok((upload, said))
}

async fn begin(engine: &Engine, actor: &Actor, said: &Said, file_name: Option<String>) -> Result<Receiver, Error> {
    let name = said
        .name
        .clone()
        .or(file_name)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "upload".into());
    uploads::receive(
        engine,
        actor,
        said.kind()?,
        &name,
        said.mapping.clone(),
        said.options.clone().unwrap_or_default(),
    )
    .await
}

/// Everything that the stream brings; whatever goes wrong leaves nothing.
async fn receive<E: std::fmt::Display>(
    mut receiver: Receiver,
    chunks: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Result<Upload, Error> {
    match write_all(&mut receiver, chunks).await {
        Ok(()) => receiver.finish().await,
        Err(error) => {
            if let Err(left) = receiver.abandon().await {
                tracing::warn!(error = %left.causes(), "what arrived of a file could not be removed; it is removed later");
            }
            Err(error)
        }
    }
}

/// Hands chunk after chunk to the receiver.
pub async fn write_all<E: std::fmt::Display>(
    receiver: &mut Receiver,
    chunks: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
) -> Result<(), Error> {
    loop {
        match tokio::time::timeout(SILENCE, chunks.next()).await {
            Ok(Some(Ok(chunk))) => receiver.write(chunk).await?,
            Ok(Some(Err(error))) => {
                return Err(Error::invalid(
                    "file",
                    format!("did not arrive completely: {error}. Nothing was kept; send it again"),
                ));
            }
            Ok(None) => return Ok(()),
            Err(_) => {
                return Err(Error::invalid(
                    "file",
                    "did not arrive completely: nothing came for a minute. Nothing was kept; send it again",
                ));
            }
        }
    }
}

fn chunks(field: Field<'_>) -> impl Stream<Item = Result<Bytes, String>> {
    futures::stream::unfold(field, |mut field| async move {
        match field.chunk().await {
            Ok(Some(chunk)) => Some((Ok(chunk), field)),
            Ok(None) => None,
            Err(error) => Some((Err(error.body_text()), field)),
        }
    })
}

/// Reads on for a while without keeping anything.
async fn drain<E>(mut rest: impl Stream<Item = Result<Bytes, E>> + Unpin) {
    let _ = tokio::time::timeout(DRAIN, async { while let Some(Ok(_)) = rest.next().await {} }).await;
}

async fn text(mut field: Field<'_>) -> Result<String, Error> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = field
        .chunk()
        .await
        .map_err(|error| Error::invalid(&name, error.body_text()))?
    {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_PART {
            return Err(Error::TooLarge(format!(
                "The part {name} is larger than this call takes."
            )));
        }
    }
    String::from_utf8(bytes)
        .map(|text| text.trim().to_owned())
        .map_err(|_| Error::invalid(name, "is not UTF-8"))
}

fn json<T: DeserializeOwned>(name: &str, text: &str) -> Result<Option<T>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| Error::invalid(name, error.to_string()))
}

/// A part of a resumable file.
pub async fn append(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    offset: u64,
    body: Body,
    last: bool,
) -> Result<Part, Error> {
    let (engine, actor) = (engine.clone(), actor.clone());
    tokio::spawn(async move {
        let mut chunks: BodyDataStream = body.into_data_stream();
        let taken = take_part(&engine, &actor, id, offset, &mut chunks, last).await;
        if taken.is_err() {
            drain(chunks).await;
        }
        taken
    })
    .await?
}

async fn take_part(
    engine: &Engine,
    actor: &Actor,
    id: i64,
    offset: u64,
    chunks: &mut BodyDataStream,
    last: bool,
) -> Result<Part, Error> {
    let mut receiver = uploads::resume(engine, actor, id, offset).await?;
    match write_all(&mut receiver, chunks).await {
        Ok(()) if last => receiver.finish().await.map(|upload| Part::Last(Box::new(upload))),
        // What arrived before the connection broke is kept: that is what parts are for.
        outcome => {
            let received = receiver.pause().await?;
            match outcome {
                Ok(()) => Ok(Part::More(received)),
                Err(Error::Invalid(_)) => Err(Error::Conflict(format!(
                    "This part did not arrive completely. {received} bytes of the file are kept; go on from there."
                ))),
                Err(error) => Err(error),
            }
        }
    }
}

/// What a part made of the file.
pub enum Part {
    /// Bytes that have arrived so far.
    More(u64),
    /// The file is complete.
    Last(Box<Upload>),
}
