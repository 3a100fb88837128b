//! Where does each block of a document stand?

use super::pages::{LEFT, Look, Pen, RIGHT, Sheet};
use super::{Block, Document, Figure, table};
use crate::text::{fold, wrap};
use crate::theme::Ink;
use crate::{ChartSpec, Shade, Theme, draw};
use types::chart::Width;

pub(super) const ROOM: f64 = RIGHT - LEFT;
/// Between two blocks.
const GAP: f64 = 22.0;

const TITLE: Look = Look::of(20.0, Ink::Text).strong();
const LEAD: Look = Look::of(10.0, Ink::TextSoft);
const HEADING: Look = Look::of(12.0, Ink::Text).strong();
const SENTENCE: Look = Look::of(9.5, Ink::Text);
const NOTE: Look = Look::of(8.0, Ink::TextQuiet);
/// A line's height in parts of its size.
const LEADING: f64 = 1.45;
const NOTE_LINES: usize = 3;
const MOST_FIGURES_IN_A_ROW: usize = 5;

/// The sheets of a document; at least one.
pub(super) fn set(document: &Document) -> Vec<Sheet> {
    let mut pen = Pen::new();
    paragraph(&mut pen, &document.title, TITLE);
    pen.y += 4.0;
    paragraph(&mut pen, &document.lead, LEAD);
    for block in &document.blocks {
        pen.y += GAP;
        match block {
            Block::Figures(figures) => figures
                .chunks(MOST_FIGURES_IN_A_ROW)
                .for_each(|row| in_a_row(&mut pen, row)),
            Block::Chart(spec) => chart(&mut pen, spec),
            Block::Table(of) => {
                heading(&mut pen, &of.title, &of.subtitle, table::FIRST_ROWS);
                table::set(&mut pen, of);
            }
            Block::Text { title, sentences } => {
                heading(&mut pen, title, "", SENTENCE.size * LEADING * 2.0);
                sentences
                    .iter()
                    .for_each(|sentence| paragraph(&mut pen, sentence, SENTENCE));
            }
        }
    }
    pen.finish(&wrap(&document.foot, NOTE.size, ROOM - 60.0))
}

fn paragraph(pen: &mut Pen, text: &str, look: Look) {
    for line in wrap(text, look.size, ROOM) {
        let height = look.size * LEADING;
        pen.room(height);
        pen.y += height;
        let y = pen.y;
        pen.sheet().text((LEFT, y - look.size * 0.3), &line, look);
    }
}

/// A heading stays with what follows it: so much of that must fit below.
fn heading(pen: &mut Pen, title: &str, subtitle: &str, with: f64) {
    let below = wrap(subtitle, NOTE.size, ROOM).len() as f64 * NOTE.size * LEADING;
    pen.room(HEADING.size * LEADING + below + with);
    paragraph(pen, title, HEADING);
    paragraph(pen, subtitle, NOTE);
    pen.y += 4.0;
}

fn in_a_row(pen: &mut Pen, figures: &[Figure]) {
    let width = ROOM / figures.len().max(1) as f64;
    let inner = width - 12.0;
    let notes: Vec<Vec<String>> = figures
        .iter()
        .map(|figure| fold(&figure.note, NOTE.size, inner, NOTE_LINES))
        .collect();
    let lines = notes.iter().map(Vec::len).max().unwrap_or_default();
    let height = 46.0 + lines as f64 * NOTE.size * LEADING;
    pen.room(height);
    let top = pen.y;
    pen.sheet().rule(top, Ink::HairlineStrong);
    for (place, (figure, note)) in figures.iter().zip(&notes).enumerate() {
        let x = LEFT + place as f64 * width;
        let sheet = pen.sheet();
        let name = fold(&figure.name, 8.5, inner, 1);
        sheet.text(
            (x, top + 15.0),
            name.first().map_or("", String::as_str),
            Look::of(8.5, Ink::TextSoft),
        );
        sheet.text((x, top + 35.0), &figure.value, Look::of(16.0, Ink::Text).strong());
        for (line, text) in note.iter().enumerate() {
            sheet.text((x, top + 49.0 + line as f64 * NOTE.size * LEADING), text, NOTE);
        }
    }
    pen.y += height;
}

/// The picture of the screen with title and notes, as wide as the page.
fn chart(pen: &mut Pen, spec: &ChartSpec) {
    let wide = ChartSpec {
        width: Width::Wide,
        ..spec.clone()
    };
    let drawing = draw(&wide, Theme::File(Shade::Light));
    let scale = ROOM / drawing.width.max(1.0);
    pen.picture(drawing.svg, ROOM, drawing.height * scale);
}
