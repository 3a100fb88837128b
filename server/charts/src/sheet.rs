//! What the chart kinds draw on: lines, shapes and text in units of the view box, and a plot whose units are the data's.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{
    Cartesian2d, Color, DrawingArea, FontDesc, FontFamily, FontStyle, IntoDrawingArea, ShapeStyle,
};
use plotters::style::TextStyle;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::canvas::{Canvas, FINE};
use crate::theme::{Finish, Ink, Theme, stand_in};

/// A rectangle in units of the view box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

impl Area {
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }
}

/// How a text looks and which of its points is placed.
#[derive(Clone, Copy)]
pub(crate) struct Lettering {
    pub size: f64,
    pub ink: Ink,
    pub finish: Finish,
    pub anchor: HPos,
}

impl Lettering {
    pub fn new(size: f64, ink: Ink) -> Self {
        Self {
            size,
            ink,
            finish: Finish::Plain,
            anchor: HPos::Left,
        }
    }

    pub fn finish(self, finish: Finish) -> Self {
        Self { finish, ..self }
    }

    pub fn centred(self) -> Self {
        Self {
            anchor: HPos::Center,
            ..self
        }
    }

    pub fn ending(self) -> Self {
        Self {
            anchor: HPos::Right,
            ..self
        }
    }
}

pub(crate) struct Sheet<'a> {
    area: DrawingArea<Canvas<'a>, Shift>,
}

impl<'a> Sheet<'a> {
    pub fn new(out: &'a mut String, size: (f64, f64), theme: Theme) -> Self {
        Self {
            area: Canvas::new(out, size, theme).into_drawing_area(),
        }
    }

    /// A text at the middle of its height.
    pub fn text(&self, x: f64, y: f64, text: &str, look: Lettering) {
        if text.is_empty() {
            return;
        }
        let font = FontDesc::new(FontFamily::SansSerif, look.size * f64::from(FINE), FontStyle::Normal);
        let style = TextStyle {
            font,
            color: stand_in(look.ink, look.finish).to_backend_color(),
            pos: Pos::new(look.anchor, VPos::Center),
        };
        settle(self.area.draw(&Text::new(text.to_owned(), point(x, y), style)));
    }

    pub fn line(&self, from: (f64, f64), to: (f64, f64), ink: Ink, width: f64, finish: Finish) {
        let ends = vec![point(from.0, from.1), point(to.0, to.1)];
        if ends[0].0 == ends[1].0 || ends[0].1 == ends[1].1 {
            // As a line, which the canvas keeps sharp.
            let style = pen(ink, finish, width);
            settle(self.area.draw(&Hairline {
                ends: [ends[0], ends[1]],
                style,
            }));
        } else {
            settle(self.area.draw(&PathElement::new(ends, pen(ink, finish, width))));
        }
    }

    pub fn rect(&self, area: Area, ink: Ink, opacity: f64, finish: Finish) {
        let corners = [point(area.x, area.y), point(area.right(), area.bottom())];
        settle(self.area.draw(&Rectangle::new(corners, fill(ink, finish, opacity))));
    }

    /// An empty rectangle with an edge.
    pub fn outline(&self, area: Area, ink: Ink) {
        let corners = [point(area.x, area.y), point(area.right(), area.bottom())];
        settle(self.area.draw(&Rectangle::new(corners, pen(ink, Finish::Plain, 1.0))));
    }

    pub fn dot(&self, x: f64, y: f64, radius: f64, ink: Ink) {
        settle(
            self.area
                .draw(&Circle::new(point(x, y), fine(radius), fill(ink, Finish::Plain, 1.0))),
        );
    }

    /// An interval between two points, one beside or above the other, with caps at its ends. A soft edge keeps it visible on a
    /// bar of nearly its colour.
    pub fn whisker(&self, from: (f64, f64), to: (f64, f64)) {
        let lying = from.1 == to.1;
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (w, h) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        let edge = if lying {
            Area {
                x,
                y: y - 1.5,
                w,
                h: 3.0,
            }
        } else {
            Area {
                x: x - 1.5,
                y,
                w: 3.0,
                h,
            }
        };
        self.rect(edge, Ink::Surface, 0.3, Finish::Plain);
        self.line(from, to, Ink::Text, 1.0, Finish::Plain);
        for (x, y) in [from, to] {
            let (dx, dy) = if lying { (0.0, 4.0) } else { (4.0, 0.0) };
            self.line((x - dx, y - dy), (x + dx, y + dy), Ink::Text, 1.0, Finish::Plain);
        }
    }

    /// A part of the sheet whose left and right ends are `x`, whose bottom and top are `y`, in the units of the data.
    pub fn plot(&self, area: Area, x: (f64, f64), y: (f64, f64)) -> Plot<'a> {
        let across = (fine(area.x), fine(area.right()));
        let down = (fine(area.bottom()), fine(area.y));
        let place = Cartesian2d::<RangedCoordf64, RangedCoordf64>::new(
            x.0..x.1,
            y.0..y.1,
            (across.0..across.1, down.0..down.1),
        );
        Plot {
            area: self.area.apply_coord_spec(place),
            x,
            y,
        }
    }
}

/// Draws in the units of the data.
pub(crate) struct Plot<'a> {
    area: DrawingArea<Canvas<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot<'_> {
    /// Where a place of the data stands, in units of the view box.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let (x, y) = self.area.map_coordinate(&self.inside((x, y)));
        (f64::from(x) / f64::from(FINE), f64::from(y) / f64::from(FINE))
    }

    pub fn path(&self, points: Vec<(f64, f64)>, ink: Ink, opacity: f64, width: f64, finish: Finish) {
        let style = ShapeStyle {
            color: stand_in(ink, finish).mix(opacity),
            ..pen(ink, finish, width)
        };
        settle(self.area.draw(&PathElement::new(self.all_inside(points), style)));
    }

    pub fn polygon(&self, points: Vec<(f64, f64)>, ink: Ink, opacity: f64) {
        settle(self.area.draw(&Polygon::new(
            self.all_inside(points),
            fill(ink, Finish::Plain, opacity),
        )));
    }

    pub fn rect(&self, from: (f64, f64), to: (f64, f64), ink: Ink, finish: Finish) {
        settle(self.area.draw(&Rectangle::new(
            [self.inside(from), self.inside(to)],
            fill(ink, finish, 1.0),
        )));
    }

    /// The nearest place of the plot. Only values at the end of what a double can hold are ever outside, and plotters' whole
    /// numbers would overflow there.
    fn inside(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let keep = |v: f64, (a, b): (f64, f64)| v.max(a.min(b)).min(a.max(b));
        (keep(x, self.x), keep(y, self.y))
    }

    fn all_inside(&self, points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
        points.into_iter().map(|p| self.inside(p)).collect()
    }
}

/// A line between two points, which plotters offers only as a path.
struct Hairline {
    ends: [(i32, i32); 2],
    style: ShapeStyle,
}

impl<'a> plotters::element::PointCollection<'a, (i32, i32)> for &'a Hairline {
    type Point = &'a (i32, i32);
    type IntoIter = &'a [(i32, i32)];

    fn point_iter(self) -> &'a [(i32, i32)] {
        &self.ends
    }
}

impl<B: plotters_backend::DrawingBackend> plotters::element::Drawable<B> for Hairline {
    fn draw<I: Iterator<Item = (i32, i32)>>(
        &self,
        mut ends: I,
        canvas: &mut B,
        _size: (u32, u32),
    ) -> Result<(), plotters_backend::DrawingErrorKind<B::ErrorType>> {
        match (ends.next(), ends.next()) {
            (Some(from), Some(to)) => canvas.draw_line(from, to, &self.style),
            _ => Ok(()),
        }
    }
}

fn fine(v: f64) -> i32 {
    (v * f64::from(FINE)).round() as i32
}

fn point(x: f64, y: f64) -> (i32, i32) {
    (fine(x), fine(y))
}

fn pen(ink: Ink, finish: Finish, width: f64) -> ShapeStyle {
    let width = u32::try_from(fine(width)).unwrap_or(FINE.unsigned_abs());
    ShapeStyle {
        color: stand_in(ink, finish).to_rgba(),
        filled: false,
        stroke_width: width,
    }
}

fn fill(ink: Ink, finish: Finish, opacity: f64) -> ShapeStyle {
    ShapeStyle {
        color: stand_in(ink, finish).mix(opacity),
        filled: true,
        stroke_width: 0,
    }
}

/// The canvas writes to a string that nothing else holds, so drawing cannot fail. If that ever changed, a shape would be
/// missing and the snapshots would differ.
fn settle<E>(drawn: Result<(), E>) {
    drop(drawn);
}
