//! Reports and charts as files: the query of the page, another writer. Chooses the form by the ending of the name.

use crate::api::input::Params;
use crate::downloads::named;
use crate::problem::Answer;
use crate::session::Acting;
use app::charts::{Asked, by_name};
use app::context::period_of;
use app::documents;
use app::format::Format;
use app::i18n::Lang;
use app::visit::preferences;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use charts::{Shade, Theme};
use engine::auth::Actor;
use engine::clock::local_date;
use engine::reports::{self, ReportQuery};
use engine::{Engine, Error, sealing};
use types::auth::Right;
use types::query::GroupRef;

/// PNG files are drawn at twice the size of the screen.
const PNG_SCALE: f32 = 2.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Csv,
    Xlsx,
    Pdf,
    Svg,
    Png,
}

impl Form {
    /// By the ending of a name.
    pub fn of(ending: &str) -> Result<Form, Error> {
        match ending {
            "csv" => Ok(Form::Csv),
            "xlsx" => Ok(Form::Xlsx),
            "svg" => Ok(Form::Svg),
            "png" => Ok(Form::Png),
            "pdf" => Ok(Form::Pdf),
            other => Err(Error::invalid(
                "format",
                format!("\u{201c}{other}\u{201d} is none of csv, xlsx, pdf, svg, png"),
            )),
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Form::Csv => "text/csv; charset=utf-8",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Form::Pdf => "application/pdf",
            Form::Svg => "image/svg+xml",
            Form::Png => "image/png",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
            Form::Pdf => "pdf",
            Form::Svg => "svg",
            Form::Png => "png",
        }
    }
}

fn split(file: &str) -> Result<(&str, Form), Error> {
    let (name, ending) = file
        .rsplit_once('.')
        .ok_or_else(|| Error::not_found(format!("The file {file}")))?;
    Ok((name, Form::of(ending)?))
}

pub async fn get_report(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    headers: HeaderMap,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    actor.require(Right::Export)?;
    let query = query.unwrap_or_default();
    let (name, form) = split(&file)?;
    let bytes = report(&engine, &actor, name, form, &query, preferences(&headers).lang).await?;
    Ok(named(&file_name(name, &query, form), form.media_type(), bytes))
}

/// The bytes of a report. `lang` is that of a document when the query names none; tables for programs have no language.
pub async fn report(
    engine: &Engine,
    actor: &Actor,
    name: &str,
    form: Form,
    query: &str,
    lang: Lang,
) -> Result<Vec<u8>, Error> {
    actor.require(Right::Export)?;
    let entry = reports::entry(name)?;
    if form == Form::Pdf {
        return on_paper(engine, actor, entry, query, lang).await;
    }
    if !matches!(form, Form::Csv | Form::Xlsx) {
        return Err(Error::invalid("format", "is csv, xlsx or pdf for a report"));
    }
    let asked = report_query(entry.reads, query)?.0;
    let report = Box::pin(reports::build_report(engine, actor, name, &asked, form.ending())).await?;
    let spill = engine.config().spill_dir();
    tokio::task::spawn_blocking(move || match form {
        Form::Xlsx => reports::write_xlsx(&report, &spill),
        _ => {
            let mut bytes = Vec::new();
            if let Some(sheet) = report.sheets.first() {
                reports::write_csv(sheet, &mut bytes)?;
            }
            Ok(bytes)
        }
    })
    .await?
}

async fn on_paper(
    engine: &Engine,
    actor: &Actor,
    entry: reports::Entry,
    query: &str,
    usual: Lang,
) -> Result<Vec<u8>, Error> {
    let (wanted, lang) = report_query(entry.reads, query)?;
    let asked = asked(engine, actor, lang.unwrap_or(usual), query).await?;
    let document = documents::by_name(&asked, entry.name, &wanted).await?;
    tokio::task::spawn_blocking(move || charts::document::pdf(&document).map_err(Error::internal)).await?
}

/// What a chart or a document is asked about, with the days of its page.
async fn asked<'a>(engine: &'a Engine, actor: &'a Actor, lang: Lang, query: &'a str) -> Result<Asked<'a>, Error> {
    let config = engine.config();
    let stamp = sealing::stamp(engine, actor).await?;
    let last_day = local_date(
        stamp.data_as_of.unwrap_or_else(|| engine.clock().now()),
        config.time_zone,
    );
    Ok(Asked {
        engine,
        actor,
        format: Format::new(lang, &config.currency, config.time_zone),
        period: period_of(query, last_day),
        query,
    })
}

/// What the report is of, and the language that was asked for.
fn report_query(reads: &[&str], query: &str) -> Result<(ReportQuery, Option<Lang>), Error> {
    let mut params = Params::read(query);
    let reads = |key: &str| reads.contains(&key);
    let group = "a group: all, run:RUN:KEY, tag:NAME or the number of a segment";
    let asked = ReportQuery {
        period: if reads("from") { params.period() } else { None },
        campaign: if reads("campaign") {
            params.text("campaign")
        } else {
            None
        },
        run: if reads("run") {
            params.parsed("run", "the number of a run")
        } else {
            None
        },
        segment: if reads("segment") {
            params.parsed::<GroupRef>("segment", group)
        } else {
            None
        },
        baseline: if reads("baseline") {
            params.parsed::<GroupRef>("baseline", group)
        } else {
            None
        },
    };
    let lang = language(&mut params);
    params.finish()?;
    Ok((asked, lang))
}

/// `lang`, when it is asked for.
fn language(params: &mut Params) -> Option<Lang> {
    let lang = params.text("lang");
    let chosen = lang.as_deref().and_then(Lang::parse);
    if lang.is_some() && chosen.is_none() {
        params.fault("lang", "is en or zh-CN");
    }
    chosen
}

pub async fn get_chart(
    State(engine): State<Engine>,
    Acting(actor): Acting,
    headers: HeaderMap,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let (name, form) = split(&file)?;
    if matches!(form, Form::Xlsx | Form::Pdf) {
        return Err(Error::invalid("format", "is svg, png or csv for a chart").into());
    }
    let (lang, shade) = check_chart_query(&query, preferences(&headers).lang)?;
    let asked = asked(&engine, &actor, lang, &query).await?;
    let spec = by_name(&asked, name).await?;
    let bytes = tokio::task::spawn_blocking(move || match form {
        Form::Csv => table(&spec),
        Form::Png => {
            let svg = charts::draw(&spec, Theme::File(shade)).svg;
            charts::png(&svg, PNG_SCALE).map_err(Error::internal)
        }
        _ => Ok(charts::draw(&spec, Theme::File(shade)).svg.into_bytes()),
    })
    .await??;
    Ok(named(&file_name(name, &query, form), form.media_type(), bytes))
}

/// Language and shade of the file; everything else is what pages carry.
fn check_chart_query(query: &str, usual: Lang) -> Result<(Lang, Shade), Error> {
    let mut params = Params::read(query);
    params.period();
    for known in ["campaign", "segment", "baseline", "run"] {
        params.text(known);
    }
    let chosen = language(&mut params);
    let shade = match params.text("theme").as_deref() {
        None | Some("light") => Shade::Light,
        Some("dark") => Shade::Dark,
        Some(_) => {
            params.fault("theme", "is light or dark");
            Shade::Light
        }
    };
    params.finish()?;
    Ok((chosen.unwrap_or(usual), shade))
}

/// The chart as comma-separated values: the words of the picture, the numbers unrounded.
fn table(spec: &charts::ChartSpec) -> Result<Vec<u8>, Error> {
    let table = charts::table(spec);
    let mut writer = reports::csv_writer(Vec::new())?;
    let guarded = |text: &str| reports::guarded(text).into_owned();
    writer
        .write_record(table.header.iter().map(|cell| guarded(cell)))
        .map_err(Error::internal)?;
    for row in &table.rows {
        let cells = row.iter().map(|cell| {
            cell.number
                .map_or_else(|| guarded(&cell.text), |number| number.to_string())
        });
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// `campaigns-2026-01-01-2026-04-01.csv`: what the file is about can be read from its name.
fn file_name(name: &str, query: &str, form: Form) -> String {
    let kept = ["campaign", "run", "segment", "from", "to"];
    let pairs = app::context::pairs(query);
    let parts = kept.iter().filter_map(|key| {
        pairs
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    });
    let words: Vec<&str> = std::iter::once(name)
        .chain(parts.filter(|value| !value.is_empty()))
        .collect();
    format!("{}.{}", words.join("-"), form.ending())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_its_own_keys_only() {
        assert!(
            report_query(&["from", "to"], "from=2026-01-01&to=2026-02-01")
                .unwrap()
                .0
                .period
                .is_some()
        );
        assert_eq!(report_query(&["from", "to"], "campaign=x").unwrap_err().status(), 422);
        assert_eq!(report_query(&["run"], "run=seven").unwrap_err().status(), 422);
    }

    #[test]
    fn files_are_named_after_what_they_hold() {
        assert_eq!(
            file_name("campaigns", "from=2026-01-01&to=2026-02-01", Form::Xlsx),
            "campaigns-2026-01-01-2026-02-01.xlsx"
        );
        assert_eq!(split("campaigns.docx").unwrap_err().status(), 422);
        assert_eq!(split("campaigns").unwrap_err().status(), 404);
    }
}
