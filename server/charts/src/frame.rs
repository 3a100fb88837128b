//! Puts a picture into its document: title and description for those who hear it, heading and notes in a file, and the choice
//! of who draws what is inside.

use types::chart::{ChartKind, ChartSpec, Direction, Drawing, Mark, Width};

use crate::canvas::escape;
use crate::fonts::FAMILIES;
use crate::labels::names_fit;
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{LABEL, TICK, TITLE, wrap};
use crate::theme::{Finish, Ink, Theme};
use crate::{across, heat_map, line, sankey, up, upset};

/// A picture that knows its size before it is drawn.
pub(crate) trait Picture {
    fn height(&self) -> f64;
    /// Draws with the upper left corner at `x`, `y`, and says where each value stands.
    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark>;
}

pub(crate) fn draw(spec: &ChartSpec, theme: Theme) -> Drawing {
    let body = body_width(spec.width);
    let picture = plan(spec, body);
    let file = FileParts::of(spec, theme, body);
    // Whole numbers, so that a picture of pixels has no half-covered last row.
    let width = body + 2.0 * file.margin;
    let height = (file.top + picture.height() + file.bottom).ceil();
    let mut shapes = String::new();
    let marks = {
        let sheet = Sheet::new(&mut shapes, (width, height), theme);
        file.draw(&sheet, width, height);
        picture.draw(&sheet, file.margin, file.top)
    };
    let svg = document(spec, theme, (width, height), &shapes);
    Drawing {
        svg,
        marks,
        width,
        height,
    }
}

/// The widths promised by [`Width`].
fn body_width(width: Width) -> f64 {
    match width {
        Width::Wide => 680.0,
        Width::Half => 460.0,
        Width::Narrow => 320.0,
    }
}

fn plan(spec: &ChartSpec, width: f64) -> Box<dyn Picture + '_> {
    if spec.is_empty() {
        return Box::new(Empty {
            text: &spec.words.empty,
            width,
        });
    }
    let across = match spec.kind {
        ChartKind::Bar(Direction::Across) | ChartKind::StackedBar(Direction::Across) => true,
        // Names that would be cut below standing bars have room beside lying ones.
        ChartKind::Bar(Direction::Up) => !names_fit(spec, width),
        _ => false,
    };
    match spec.kind {
        ChartKind::Bar(_) | ChartKind::StackedBar(_) if across => Box::new(across::plan(spec, width)),
        ChartKind::Bar(_) | ChartKind::StackedBar(_) => Box::new(up::plan(spec, width)),
        ChartKind::Line => Box::new(line::plan(spec, width)),
        ChartKind::HeatMap => Box::new(heat_map::plan(spec, width)),
        ChartKind::Sankey => Box::new(sankey::plan(spec, width)),
        ChartKind::Upset => upset::plan(spec, width),
    }
}

/// Says that there is nothing to draw, in as much room as a small picture takes.
struct Empty<'a> {
    text: &'a str,
    width: f64,
}

impl Picture for Empty<'_> {
    fn height(&self) -> f64 {
        140.0
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let area = Area {
            x: x + 0.5,
            y: y + 0.5,
            w: self.width - 1.0,
            h: self.height() - 1.0,
        };
        sheet.outline(area, Ink::Hairline);
        let lines = wrap(self.text, LABEL, self.width - 48.0);
        let first = y + (self.height() - (lines.len() as f64 - 1.0) * 20.0) / 2.0;
        for (place, line) in lines.iter().enumerate() {
            let look = Lettering::new(LABEL, Ink::TextQuiet).centred();
            sheet.text(x + self.width / 2.0, first + place as f64 * 20.0, line, look);
        }
        Vec::new()
    }
}

/// What a file shows around the picture; on a page the page does.
struct FileParts {
    margin: f64,
    top: f64,
    bottom: f64,
    title: Vec<String>,
    subtitle: Vec<String>,
    notes: Vec<String>,
}

const TITLE_ROW: f64 = 22.0;
const SMALL_ROW: f64 = 18.0;
const MARGIN: f64 = 24.0;

impl FileParts {
    fn of(spec: &ChartSpec, theme: Theme, width: f64) -> Self {
        if theme == Theme::Page {
            return Self {
                margin: 0.0,
                top: 0.0,
                bottom: 0.0,
                title: vec![],
                subtitle: vec![],
                notes: vec![],
            };
        }
        // Strong letters are a little wider than the ones that lines are measured with.
        let title = wrap(&spec.title, TITLE, width * 0.94);
        let subtitle = wrap(&spec.subtitle, TICK, width);
        let notes: Vec<String> = spec.notes.iter().flat_map(|note| wrap(note, TICK, width)).collect();
        let head = title.len() as f64 * TITLE_ROW + subtitle.len() as f64 * SMALL_ROW;
        let foot = notes.len() as f64 * SMALL_ROW;
        Self {
            margin: MARGIN,
            top: MARGIN + head + if head > 0.0 { 14.0 } else { 0.0 },
            bottom: MARGIN + foot + if foot > 0.0 { 10.0 } else { 0.0 },
            title,
            subtitle,
            notes,
        }
    }

    fn draw(&self, sheet: &Sheet<'_>, width: f64, height: f64) {
        if self.margin == 0.0 {
            return;
        }
        sheet.rect(
            Area {
                x: 0.0,
                y: 0.0,
                w: width,
                h: height,
            },
            Ink::Surface,
            1.0,
            Finish::Plain,
        );
        let mut y = MARGIN;
        for line in &self.title {
            let look = Lettering::new(TITLE, Ink::Text).finish(Finish::Strong);
            sheet.text(MARGIN, y + TITLE_ROW / 2.0, line, look);
            y += TITLE_ROW;
        }
        for line in &self.subtitle {
            sheet.text(MARGIN, y + SMALL_ROW / 2.0, line, Lettering::new(TICK, Ink::TextQuiet));
            y += SMALL_ROW;
        }
        let mut y = height - MARGIN - self.notes.len() as f64 * SMALL_ROW;
        for line in &self.notes {
            sheet.text(MARGIN, y + SMALL_ROW / 2.0, line, Lettering::new(TICK, Ink::TextQuiet));
            y += SMALL_ROW;
        }
    }
}

fn document(spec: &ChartSpec, theme: Theme, (width, height): (f64, f64), shapes: &str) -> String {
    let size = match theme {
        Theme::Page => String::new(),
        Theme::File(_) => {
            format!(" width=\"{width}\" height=\"{height}\" font-family=\"{FAMILIES}\"")
        }
    };
    let id = document_id(spec);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\"{size} role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>{shapes}</svg>",
        escape(&spec.title),
        escape(&description(spec)),
    )
}

/// The chart's id with its width: a page may hold the same chart for a wide and for a narrow window.
fn document_id(spec: &ChartSpec) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = spec.id.chars().filter(plain).collect();
    let width = match spec.width {
        Width::Wide => "wide",
        Width::Half => "half",
        Width::Narrow => "narrow",
    };
    format!("{}-{width}", if id.is_empty() { "chart" } else { &id })
}

/// The subtitle, then the first and the last value of each series, or all when there are few: enough to follow without
/// seeing, while the table has the rest.
fn description(spec: &ChartSpec) -> String {
    const FEW: usize = 8;
    if spec.is_empty() {
        return spec.words.empty.clone();
    }
    let mut parts = vec![spec.subtitle.clone()];
    if spec.kind == ChartKind::Upset {
        parts.extend(upset::description(spec));
        return joined(parts);
    }
    for series in &spec.series {
        let known: Vec<String> = spec
            .categories
            .iter()
            .zip(&series.points)
            .map(|(category, point)| (category, point.words(&spec.value.format)))
            .filter(|(_, value)| !value.is_empty())
            .map(|(category, value)| format!("{} {value}", category.label))
            .collect();
        let told = match known.as_slice() {
            few if few.len() <= FEW => few.join("; "),
            [first, .., last] => format!("{first} … {last}"),
            _ => String::new(),
        };
        parts.push(if series.name.is_empty() {
            told
        } else {
            format!("{}: {told}", series.name)
        });
    }
    joined(parts)
}

fn joined(mut parts: Vec<String>) -> String {
    parts.retain(|part| !part.is_empty());
    parts.join(". ")
}
