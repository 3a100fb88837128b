//! Lines over time or another ordered scale, with bands for intervals and words at their ends instead of a legend. A gap in
//! the data is a gap in the line.

mod ends;
mod remarks;

use types::chart::{ChartSpec, LineStyle, Mark, Place, Point, Series, Tone};

use self::ends::Ends;
use self::remarks::{Remarks, Room};
use crate::blocks::with_interval;
use crate::frame::Picture;
use crate::labels::{Names, rows};
use crate::scale::Scale;
use crate::sheet::{Area, Lettering, Plot, Sheet};
use crate::text::{TICK, cut, widest};
use crate::theme::{Finish, Ink};

pub(crate) struct Lines<'a> {
    spec: &'a ChartSpec,
    scale: Scale,
    /// Where each category stands, in units of the category axis, and the ends of that axis.
    places: Vec<f64>,
    across: (f64, f64),
    ticks: Vec<String>,
    names: Names,
    ends: Ends,
    remarks: Remarks<'a>,
    width: f64,
    plot_height: f64,
    left: f64,
}

const TITLE_ROW: f64 = 18.0;

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> Lines<'_> {
    let scale = value_scale(spec);
    let ticks = spec.value.format.write_ticks(&scale.ticks);
    let (places, across) = category_places(spec);
    let left = widest(ticks.iter().map(String::as_str), TICK, false) + 8.0;
    let ends = Ends::of(spec, width);
    let plot_width = width - left - ends.room;
    let share = |place: usize| {
        places
            .get(place)
            .map_or(0.0, |p| (p - across.0) / (across.1 - across.0))
    };
    Lines {
        remarks: Remarks::of(
            spec,
            share,
            Room {
                before: left,
                plot: plot_width,
                after: ends.room,
            },
        ),
        names: Names::of_steps(spec, 36.0),
        plot_height: match width {
            w if w > 600.0 => 200.0,
            w if w > 400.0 => 180.0,
            _ => 160.0,
        },
        spec,
        scale,
        places,
        across,
        ticks,
        ends,
        width,
        left,
    }
}

/// Amounts start at zero; what moves in a narrow range far from it, such as a share around 31 %, does not have to.
fn value_scale(spec: &ChartSpec) -> Scale {
    let points = || spec.series.iter().flat_map(|s| &s.points);
    let values = || {
        let ends = points().flat_map(|p| [p.value, p.low, p.high]).flatten();
        let goals = spec.remarks.iter().filter_map(|r| match r.at {
            Place::Value(value) => Some(value),
            Place::Category(_) => None,
        });
        ends.chain(goals).filter(|v| v.is_finite())
    };
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let filled = spec.series.iter().any(|s| s.line == LineStyle::Area);
    let narrow_range = (low > 0.0 && low > high * 0.5) || (high < 0.0 && high < low * 0.5);
    let zero = (filled || !narrow_range).then_some(0.0);
    Scale::over(values().chain(zero), &spec.value, 4)
}

fn category_places(spec: &ChartSpec) -> (Vec<f64>, (f64, f64)) {
    let given: Option<Vec<f64>> = spec
        .categories
        .iter()
        .map(|c| c.position.filter(|p| p.is_finite() && p.abs() < 1e300))
        .collect();
    let places = given.unwrap_or_else(|| (0..spec.categories.len()).map(|i| i as f64).collect());
    let (low, high) = places
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let across = if high > low {
        (low, high)
    } else {
        (low - 1.0, low + 1.0)
    };
    (places, across)
}

impl Picture for Lines<'_> {
    fn height(&self) -> f64 {
        8.0 + self.remarks.height() + self.plot_height + self.names.height() + self.title_height()
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let area = Area {
            x: x + self.left,
            y: y + 8.0 + self.remarks.height(),
            w: self.width - self.left - self.ends.room,
            h: self.plot_height,
        };
        let data = sheet.plot(area, self.across, (self.scale.low, self.scale.high));
        rows(sheet, area, &self.scale, &self.ticks, Some(0.0));
        let centres: Vec<f64> = self.places.iter().map(|p| data.at(*p, self.scale.low).0).collect();
        let limits = (x, x + self.width);
        self.names.draw(sheet, &centres, area.bottom(), limits);
        self.axis_title(sheet, area);
        for series in &self.spec.series {
            self.band(&data, series);
        }
        self.remarks.lines(sheet, &data, area, &centres);
        // What the others are compared with lies below them.
        let (quiet, loud): (Vec<_>, Vec<_>) = self.spec.series.iter().partition(|s| s.line == LineStyle::Quiet);
        for series in quiet.into_iter().chain(loud) {
            self.line(sheet, &data, series);
        }
        self.remarks.texts(sheet, &data, area, &centres);
        self.ends.draw(sheet, &data, self, area);
        self.marks(&data, area, &centres)
    }
}

impl Lines<'_> {
    /// Stretches of neighbouring categories for which `pick` finds something.
    fn runs<T>(&self, series: &Series, pick: impl Fn(&Point) -> Option<T>) -> Vec<Vec<(f64, T)>> {
        let mut runs: Vec<Vec<(f64, T)>> = Vec::new();
        let mut open = false;
        for (place, point) in self.places.iter().zip(&series.points) {
            let found = pick(point);
            let known = found.is_some();
            if let Some(found) = found {
                match runs.last_mut() {
                    Some(run) if open => run.push((*place, found)),
                    _ => runs.push(vec![(*place, found)]),
                }
            }
            open = known;
        }
        runs
    }

    /// A scale of numbers does not say what it counts; days do.
    fn title_height(&self) -> f64 {
        if self.numeric() { TITLE_ROW } else { 0.0 }
    }

    fn numeric(&self) -> bool {
        !self.spec.category_label.is_empty() && self.spec.categories.iter().all(|c| c.position.is_some())
    }

    fn axis_title(&self, sheet: &Sheet<'_>, area: Area) {
        if self.numeric() {
            let y = area.bottom() + self.names.height() + TITLE_ROW / 2.0 - 2.0;
            let text = cut(&self.spec.category_label, TICK, area.w);
            sheet.text(area.right(), y, &text, Lettering::new(TICK, Ink::TextSoft).ending());
        }
    }

    fn band(&self, data: &Plot<'_>, series: &Series) {
        for run in self.runs(series, Point::interval) {
            let upper = run.iter().map(|(x, (_, high))| (*x, *high));
            let lower = run.iter().rev().map(|(x, (low, _))| (*x, *low));
            data.polygon(upper.chain(lower).collect(), Ink::Tone(series.tone), 0.16);
        }
    }

    fn line(&self, sheet: &Sheet<'_>, data: &Plot<'_>, series: &Series) {
        let (width, finish) = match series.line {
            LineStyle::Plain => (1.75, Finish::Plain),
            LineStyle::Area => (2.0, Finish::Plain),
            LineStyle::Expected => (1.75, Finish::Dashed),
            LineStyle::Quiet => (1.25, Finish::Plain),
        };
        let base = 0f64.clamp(self.scale.low, self.scale.high);
        for run in self.runs(series, |p| p.value.filter(|v| v.is_finite())) {
            match run.as_slice() {
                [] => {}
                [(x, value)] => {
                    let (x, y) = data.at(*x, *value);
                    sheet.dot(x, y, 2.0, ink(series));
                }
                [(first, _), .., (last, _)] => {
                    if series.line == LineStyle::Area {
                        let shape = run.iter().copied().chain([(*last, base), (*first, base)]).collect();
                        data.polygon(shape, Ink::Tone(series.tone), 0.08);
                    }
                    let opacity = if series.line == LineStyle::Quiet { 0.75 } else { 1.0 };
                    data.path(run, ink(series), opacity, width, finish);
                }
            }
        }
    }

    /// The height at which words between two places of a plot do not lie on their own line: above its highest point there, or
    /// below its lowest when that is too near the top.
    fn free_above(&self, data: &Plot<'_>, series: &Series, (from, to): (f64, f64), area: Area) -> f64 {
        let here = self.places.iter().zip(&series.points).filter_map(|(place, point)| {
            let (x, y) = data.at(*place, point.value.filter(|v| v.is_finite())?);
            (from <= x && x <= to).then_some(y)
        });
        let (top, bottom) = here.fold((area.bottom(), area.y), |(top, bottom), y| (top.min(y), bottom.max(y)));
        if top - 12.0 > area.y { top - 12.0 } else { bottom + 14.0 }
    }

    /// The area of a point is the column around it: the nearest point of the column answers.
    fn marks(&self, data: &Plot<'_>, area: Area, centres: &[f64]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (place, category) in self.spec.categories.iter().enumerate() {
            let middle = centres[place];
            let half = |other: Option<&f64>, end: f64| other.map_or(end, |o| (o + middle) / 2.0);
            let before = place.checked_sub(1).and_then(|p| centres.get(p));
            let (from, to) = (half(before, area.x), half(centres.get(place + 1), area.right()));
            for (at, series) in self.spec.series.iter().enumerate() {
                let Some(point) = series.points.get(place) else {
                    continue;
                };
                let Some(value) = point.value.filter(|v| v.is_finite()) else {
                    continue;
                };
                let text = point.words(&self.spec.value.format);
                let (at_x, at_y) = data.at(self.places[place], value);
                marks.push(Mark {
                    x: from.min(to),
                    y: area.y,
                    w: (to - from).abs().max(1.0),
                    h: area.h,
                    at_x,
                    at_y,
                    label: category.label.clone(),
                    value: match point.interval() {
                        Some((low, high)) => with_interval(self.spec, &text, low, high),
                        None => text,
                    },
                    series: series.name.clone(),
                    category: place,
                    link: self.spec.link_of(at, place),
                });
            }
        }
        marks
    }
}

/// A grey bar is read by its length, a grey line has nothing but its colour and needs more of it.
fn ink(series: &Series) -> Ink {
    if series.tone == Tone::Base {
        Ink::TextQuiet
    } else {
        Ink::Tone(series.tone)
    }
}
