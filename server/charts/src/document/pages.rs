//! Sheets of A4 in points, filled from the top: what does not fit goes to the next one.

use std::fmt::Write as _;

use crate::canvas::{WHOLE, escape};
use crate::fonts::FAMILIES;
use crate::theme::{Ink, Shade, Theme, resolve, stand_in};

pub(super) const WIDTH: f64 = 595.0;
pub(super) const HEIGHT: f64 = 842.0;
pub(super) const LEFT: f64 = 48.0;
pub(super) const RIGHT: f64 = WIDTH - LEFT;
const TOP: f64 = 52.0;
const BOTTOM: f64 = HEIGHT - 62.0;
/// Where the line of the foot stands.
const FOOT: f64 = HEIGHT - 36.0;
const FOOT_SIZE: f64 = 7.5;

/// An SVG and where it stands on its sheet.
pub(super) struct Picture {
    pub svg: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

#[derive(Default)]
pub(super) struct Sheet {
    /// Lines and texts, as elements of SVG.
    marks: String,
    pictures: Vec<Picture>,
}

impl Sheet {
    /// Its own marks first, then its charts.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.pictures.iter()
    }

    /// A hair thin line from one side to the other.
    pub fn rule(&mut self, y: f64, ink: Ink) {
        let colour = colour(ink);
        let _ = write!(
            self.marks,
            r#"<path d="M{LEFT} {y:.2}H{RIGHT}" stroke="{colour}" stroke-width=".6"/>"#
        );
    }

    /// One line of text on the base line `y`; `x` is its left end, or its right one.
    pub fn text(&mut self, (x, y): (f64, f64), text: &str, look: Look) {
        let shown = text.split(WHOLE).next().unwrap_or_default();
        if shown.trim().is_empty() {
            return;
        }
        let weight = if look.strong { r#" font-weight="600""# } else { "" };
        let anchor = if look.right { r#" text-anchor="end""# } else { "" };
        let _ = write!(
            self.marks,
            r#"<text x="{x:.2}" y="{y:.2}" font-size="{}" fill="{}"{weight}{anchor}>{}</text>"#,
            look.size,
            colour(look.ink),
            escape(shown)
        );
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub size: f64,
    pub ink: Ink,
    pub strong: bool,
    /// Ends where it would begin otherwise.
    pub right: bool,
}

impl Look {
    pub const fn of(size: f64, ink: Ink) -> Look {
        Look {
            size,
            ink,
            strong: false,
            right: false,
        }
    }

    pub const fn strong(mut self) -> Look {
        self.strong = true;
        self
    }

    pub const fn right(mut self, right: bool) -> Look {
        self.right = right;
        self
    }
}

fn colour(ink: Ink) -> String {
    let stand_in = stand_in(ink, crate::theme::Finish::Plain);
    resolve((stand_in.0, stand_in.1, stand_in.2), Theme::File(Shade::Light)).0
}

/// The sheets so far, and how far down the last one is filled.
pub(super) struct Pen {
    sheets: Vec<Sheet>,
    pub y: f64,
}

impl Pen {
    pub fn new() -> Pen {
        Pen {
            sheets: vec![Sheet::default()],
            y: TOP,
        }
    }

    /// The sheet that is being filled.
    pub fn sheet(&mut self) -> &mut Sheet {
        if self.sheets.is_empty() {
            self.sheets.push(Sheet::default());
        }
        let last = self.sheets.len() - 1;
        &mut self.sheets[last]
    }

    /// Goes to a new sheet when so much does not fit any more; whether it did.
    pub fn room(&mut self, height: f64) -> bool {
        let full = self.y + height > BOTTOM && self.y > TOP;
        if full {
            self.sheets.push(Sheet::default());
            self.y = TOP;
        }
        full
    }

    /// A picture at the place of the pen, made smaller where it is higher than a sheet.
    pub fn picture(&mut self, svg: String, width: f64, height: f64) {
        let shrink = ((BOTTOM - TOP) / height).min(1.0);
        let (width, height) = (width * shrink, height * shrink);
        self.room(height);
        let y = self.y;
        self.sheet().pictures.push(Picture {
            svg,
            x: LEFT,
            y,
            width,
            height,
        });
        self.y += height;
    }

    /// All sheets with the same foot and their numbers.
    pub fn finish(mut self, foot: &[String]) -> Vec<Sheet> {
        let of = self.sheets.len();
        for (place, sheet) in self.sheets.iter_mut().enumerate() {
            let quiet = Look::of(FOOT_SIZE, Ink::TextQuiet);
            sheet.rule(FOOT - 11.0, Ink::Hairline);
            for (line, text) in (0..).zip(foot) {
                sheet.text((LEFT, FOOT + f64::from(line) * 10.0), text, quiet);
            }
            sheet.text((RIGHT, FOOT), &format!("{} / {of}", place + 1), quiet.right(true));
            let svg = format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{}">{}</svg>"#,
                escape(FAMILIES),
                sheet.marks
            );
            let whole = Picture {
                svg,
                x: 0.0,
                y: 0.0,
                width: WIDTH,
                height: HEIGHT,
            };
            sheet.pictures.insert(0, whole);
        }
        self.sheets
    }
}
