//! Sets and how they overlap, read from the points of a chart: each category is a part that no other shares anything with, each series is a
//! set, and a point is there where the part lies in the set. So a set is as large as its points together.

use super::{Cell, ChartSpec, ChartTable, known};

/// Sizes beyond this are taken for this: their sum would overflow.
const MOST: f64 = 1e300;

impl ChartSpec {
    /// The size of a part, `None` where no set holds it.
    pub fn part_size(&self, category: usize) -> Option<f64> {
        let points = self.series.iter().filter_map(|series| series.points.get(category));
        points
            .filter_map(|point| known(point.value))
            .map(|size| size.clamp(0.0, MOST))
            .reduce(f64::max)
    }

    /// The size of a part as people read it; empty for a gap.
    pub fn part_words(&self, category: usize) -> String {
        let mut points = self.series.iter().filter_map(|series| series.points.get(category));
        points
            .find(|point| known(point.value).is_some())
            .map(|point| point.words(&self.value.format))
            .unwrap_or_default()
    }

    /// Whether a part lies in a set.
    pub fn lies_in(&self, category: usize, series: usize) -> bool {
        let point = self.series.get(series).and_then(|series| series.points.get(category));
        point.is_some_and(|point| known(point.value).is_some())
    }

    /// The size of a set: that of its parts together.
    pub fn set_size(&self, series: usize) -> f64 {
        (0..self.categories.len())
            .filter(|category| self.lies_in(*category, series))
            .filter_map(|category| self.part_size(category))
            .sum()
    }

    /// A row for each part with its size, and a dot below each set that it lies in; sets have their sizes in their headers.
    pub(super) fn table_of_sets(&self) -> ChartTable {
        let mut header = vec![self.category_label.clone(), self.value.label.clone()];
        for (place, series) in self.series.iter().enumerate() {
            let size = self.value.format.write(self.set_size(place));
            header.push(format!("{} · {size}", series.name));
        }
        let rows = self.categories.iter().enumerate().map(|(place, category)| {
            let name = Cell {
                text: category.label.clone(),
                number: None,
            };
            let size = Cell {
                text: self.part_words(place),
                number: self.part_size(place),
            };
            let dots = (0..self.series.len()).map(|series| Cell {
                text: if self.lies_in(place, series) { "●" } else { "" }.to_owned(),
                number: None,
            });
            [name, size].into_iter().chain(dots).collect()
        });
        ChartTable {
            rows: rows.collect(),
            header,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;

    fn spec() -> ChartSpec {
        let set =
            |name: &str, points: [Option<f64>; 3]| Series::new(name, Tone::First, points.map(Point::new).to_vec());
        ChartSpec {
            kind: ChartKind::Upset,
            category_label: "Inside".into(),
            categories: ["only A", "A and B", "only B"].map(Category::new).to_vec(),
            value: ValueAxis {
                label: "Customers".into(),
                format: NumberFormat::whole(),
                ..ValueAxis::default()
            },
            series: vec![
                set("A", [Some(900.0), Some(340.0), None]),
                set("B", [None, Some(340.0), Some(20.0)]),
            ],
            ..ChartSpec::default()
        }
    }

    #[test]
    fn a_set_is_as_large_as_its_parts() {
        let spec = spec();
        assert_eq!(
            (spec.set_size(0), spec.set_size(1), spec.set_size(2)),
            (1240.0, 360.0, 0.0)
        );
        assert_eq!((spec.part_size(1), spec.part_size(3)), (Some(340.0), None));
        assert!(spec.lies_in(0, 0) && !spec.lies_in(0, 1) && !spec.lies_in(9, 9));
    }

    #[test]
    fn the_table_has_a_row_for_each_part() {
        let table = spec().table();
        assert_eq!(table.header, ["Inside", "Customers", "A · 1,240", "B · 360"]);
        let rows: Vec<Vec<&str>> = table
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
            .collect();
        assert_eq!(
            rows,
            [
                ["only A", "900", "●", ""],
                ["A and B", "340", "●", "●"],
                ["only B", "20", "", "●"]
            ]
        );
        assert_eq!(table.rows[1][1].number, Some(340.0));
    }
}
