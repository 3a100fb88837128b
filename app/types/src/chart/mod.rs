//! What a chart shows, before anybody has drawn it: the picture, its table and its file are all made from this one value, so
//! they cannot disagree. All words are already in the reader's language. Knows no pixels but the three widths.

use serde::{Deserialize, Serialize};

mod number;
mod sets;

pub use number::{NumberFormat, Step};

/// A chart as data. Every series has one point per category, in the same order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChartSpec {
    /// Unique on its page; letters, digits and hyphens. The picture's title and description are found by it.
    pub id: String,
    /// Says what is shown.
    pub title: String,
    /// Unit, base and method, in one line.
    pub subtitle: String,
    pub kind: ChartKind,
    pub width: Width,
    /// What the categories are, such as `Day` or `Campaign`: the header of the table's first column.
    pub category_label: String,
    pub categories: Vec<Category>,
    pub value: ValueAxis,
    pub series: Vec<Series>,
    /// Moments and thresholds that explain the shape.
    pub remarks: Vec<Remark>,
    /// Sentences below the picture in a file; a page writes them itself.
    pub notes: Vec<String>,
    pub words: Words,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// One bar per series and category, side by side. A point's `low` and `high` become a whisker.
    Bar(Direction),
    /// Parts of a whole on top of each other, in the order of the series. Values below 0 are drawn below 0.
    StackedBar(Direction),
    /// Lines over time or another ordered scale. `low` and `high` become a band around the line.
    #[default]
    Line,
    /// Categories are columns, series are rows, the value is the shade.
    HeatMap,
    /// Series on the left become categories on the right, the value is the width of the band between them.
    Sankey,
    /// Sets that overlap: series are the sets, categories the parts that no other shares anything with, largest first. A point is
    /// the size of its part, and is there where the part lies in the set.
    Upset,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Bars lie: the better choice for names.
    #[default]
    Across,
    /// Bars stand: the better choice for time.
    Up,
}

/// The width that the picture is drawn for, in pixels of the screen. Shown at nine tenths of it or wider no text is below 11 px.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Width {
    /// 680: two thirds of a page.
    #[default]
    Wide,
    /// 460: half a page.
    Half,
    /// 320: a third of a page, or a phone.
    Narrow,
}

/// One place on the category axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// In full, for the table and for hovering: `25 August 2026`.
    pub label: String,
    /// As the axis writes it: `25 Aug`. Absent: the label. Empty: never written.
    pub tick: Option<String>,
    /// A second, quieter line below the label of a lying bar: `58,940 people`.
    pub detail: Option<String>,
    /// Where it stands on a numeric scale; used by lines when every category has one. Absent: evenly spaced.
    pub position: Option<f64>,
    /// Where its values lead on a page, such as the builder with a rule that means them. Files have no links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The axis that values are read from; of a heat map, the scale of the shades.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueAxis {
    /// What the values are, with their unit: the header of the table's column when there is one series without a name.
    pub label: String,
    pub format: NumberFormat,
    /// The scale holds at least these values, whatever the data.
    pub from: Option<f64>,
    pub to: Option<f64>,
    /// Where bars start and where the shades of a heat map turn to the other colour: 0 for amounts, 100 for a TGI. A heat map
    /// without it has one colour from its least to its greatest value.
    pub origin: Option<f64>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    pub tone: Tone,
    pub line: LineStyle,
    pub points: Vec<Point>,
}

/// How a series of a line chart is drawn; other kinds ignore it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStyle {
    #[default]
    Plain,
    /// With a soft area down to the axis: for the one series that the chart is about.
    Area,
    /// Dashed: what has not happened yet. Repeat the last known value as its first one, so that no gap is between them.
    Expected,
    /// Thin: what the others are compared with.
    Quiet,
}

/// A value at a category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// `None` is a gap, never 0.
    pub value: Option<f64>,
    /// The interval around the value.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The value as people read it. Empty: written by the axis's format.
    pub text: String,
    /// Instead of the series' own: [`Tone::Base`] for what is not proven.
    pub tone: Option<Tone>,
    /// Instead of the category's own: for a value that means less than its category, as a cell of a heat map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Colour by meaning; the theme decides the rest. The first seven are told apart with every kind of colour vision, in this
/// order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    #[default]
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Sixth,
    Seventh,
    /// Grey: a baseline, the period before, what is not proven.
    Base,
    Good,
    Bad,
}

/// Words at a place of the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    pub at: Place,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At this category, counted from 0: the start of a campaign.
    Category(usize),
    /// At this value: a goal, an average.
    Value(f64),
}

/// Words of the reader's language that are not data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Stands in place of a picture without any value.
    pub empty: String,
    /// Headers of the interval's columns in the table: `low`, `high`.
    pub low: String,
    pub high: String,
}

/// A drawn chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    pub svg: String,
    /// Where each value stands, in reading order, for hovering and for the keyboard. In the units of the view box.
    pub marks: Vec<Mark>,
    pub width: f64,
    pub height: f64,
}

/// The area that answers for one value, and what it says. Areas of one category may lie on each other, as on a line chart: the
/// one whose place is nearest answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
    /// The exact place of the value: the end of a bar, the dot on a line, the middle of a cell.
    pub at_x: f64,
    pub at_y: f64,
    /// The category in full.
    pub label: String,
    /// The value as text, with its interval where it has one.
    pub value: String,
    /// The name of the series.
    pub series: String,
    /// The place of the category, counted from 0.
    pub category: usize,
    /// Where the value leads, when it leads anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The same numbers as rows: for the table beside the picture and for files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChartTable {
    pub header: Vec<String>,
    /// The first cell of each row is the category; it has no number.
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// As people read it; empty for a gap.
    pub text: String,
    /// Unrounded, for files.
    pub number: Option<f64>,
}

impl Category {
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn tick(self, tick: impl Into<String>) -> Self {
        Self {
            tick: Some(tick.into()),
            ..self
        }
    }

    #[must_use]
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    #[must_use]
    pub fn link(self, link: impl Into<Option<String>>) -> Self {
        Self {
            link: link.into(),
            ..self
        }
    }
}

impl Series {
    pub fn new(name: impl Into<String>, tone: Tone, points: Vec<Point>) -> Self {
        Self {
            name: name.into(),
            tone,
            line: LineStyle::default(),
            points,
        }
    }

    #[must_use]
    pub fn line(self, line: LineStyle) -> Self {
        Self { line, ..self }
    }
}

impl Point {
    /// A value, or a gap; its text is written by the axis's format.
    pub fn new(value: impl Into<Option<f64>>) -> Self {
        Self {
            value: value.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn between(self, low: impl Into<Option<f64>>, high: impl Into<Option<f64>>) -> Self {
        Self {
            low: low.into(),
            high: high.into(),
            ..self
        }
    }

    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..self
        }
    }

    #[must_use]
    pub fn tone(self, tone: Tone) -> Self {
        Self {
            tone: Some(tone),
            ..self
        }
    }

    #[must_use]
    pub fn link(self, link: impl Into<Option<String>>) -> Self {
        Self {
            link: link.into(),
            ..self
        }
    }

    /// The value as people read it; empty for a gap.
    pub fn words(&self, format: &NumberFormat) -> String {
        match known(self.value) {
            None => String::new(),
            Some(_) if !self.text.is_empty() => self.text.clone(),
            Some(value) => format.write(value),
        }
    }

    /// Both ends of the interval, when both are known.
    pub fn interval(&self) -> Option<(f64, f64)> {
        known(self.low).zip(known(self.high))
    }
}

fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite())
}

impl ChartSpec {
    /// Whether there is any value to draw.
    pub fn is_empty(&self) -> bool {
        self.categories.is_empty()
            || !self
                .series
                .iter()
                .any(|s| s.points.iter().any(|p| known(p.value).is_some()))
    }

    /// Where the value of a series at a category leads: its own link, else that of the category.
    pub fn link_of(&self, series: usize, category: usize) -> Option<String> {
        let point = self.series.get(series).and_then(|series| series.points.get(category));
        let own = point.and_then(|point| point.link.clone());
        own.or_else(|| self.categories.get(category).and_then(|category| category.link.clone()))
    }

    /// The chart as rows, one per category, with a column per series and two more for its interval where it has one.
    pub fn table(&self) -> ChartTable {
        if self.kind == ChartKind::Upset {
            return self.table_of_sets();
        }
        let mut header = vec![self.category_label.clone()];
        for series in &self.series {
            let name = if series.name.is_empty() {
                &self.value.label
            } else {
                &series.name
            };
            header.push(name.clone());
            if series.has_interval() {
                header.push(format!("{name}, {}", self.words.low));
                header.push(format!("{name}, {}", self.words.high));
            }
        }
        let rows = self
            .categories
            .iter()
            .enumerate()
            .map(|(at, category)| self.row(at, category))
            .collect();
        ChartTable { header, rows }
    }

    fn row(&self, at: usize, category: &Category) -> Vec<Cell> {
        let mut row = vec![Cell {
            text: category.label.clone(),
            number: None,
        }];
        let format = &self.value.format;
        let end = |value: Option<f64>| {
            let number = known(value);
            Cell {
                text: number.map(|v| format.write(v)).unwrap_or_default(),
                number,
            }
        };
        for series in &self.series {
            let point = series.points.get(at).cloned().unwrap_or_default();
            row.push(Cell {
                text: point.words(format),
                number: known(point.value),
            });
            if series.has_interval() {
                row.push(end(point.low));
                row.push(end(point.high));
            }
        }
        row
    }
}

impl Series {
    /// Whether any of its points has an interval.
    pub fn has_interval(&self) -> bool {
        self.points.iter().any(|p| p.interval().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ChartSpec {
        ChartSpec {
            category_label: "Campaign".into(),
            categories: vec![Category::new("Mail"), Category::new("Social"), Category::new("SMS")],
            value: ValueAxis {
                label: "ROI".into(),
                ..ValueAxis::default()
            },
            series: vec![Series::new(
                "",
                Tone::First,
                vec![
                    Point::new(3.4).between(2.1, 4.7),
                    Point::new(0.6).text("0.6, not proven"),
                ],
            )],
            words: Words {
                low: "low".into(),
                high: "high".into(),
                ..Words::default()
            },
            ..ChartSpec::default()
        }
    }

    #[test]
    fn the_table_says_what_the_picture_says_and_keeps_the_numbers() {
        let table = spec().table();
        assert_eq!(table.header, ["Campaign", "ROI", "ROI, low", "ROI, high"]);
        let texts = |row: usize| table.rows[row].iter().map(|c| c.text.as_str()).collect::<Vec<_>>();
        assert_eq!(texts(0), ["Mail", "3.4", "2.1", "4.7"]);
        assert_eq!(texts(1), ["Social", "0.6, not proven", "", ""]);
        assert_eq!(table.rows[0][3].number, Some(4.7));
        // A series shorter than the categories has gaps, and so has a value that is not a number.
        assert_eq!(table.rows[2][1], Cell::default());
    }

    #[test]
    fn only_gaps_are_empty() {
        assert!(!spec().is_empty());
        let gaps = ChartSpec {
            series: vec![Series::new(
                "a",
                Tone::First,
                vec![Point::new(None), Point::new(f64::NAN)],
            )],
            ..spec()
        };
        assert!(gaps.is_empty());
        assert!(ChartSpec::default().is_empty());
    }

    #[test]
    fn goes_to_json_and_back() {
        let there = serde_json::to_string(&spec()).ok();
        assert_eq!(there.and_then(|json| serde_json::from_str(&json).ok()), Some(spec()));
    }
}
