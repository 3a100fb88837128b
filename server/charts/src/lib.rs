//! Turns a chart's data into a picture: SVG for a page or a file, PNG through resvg, rows for the table beside it; and sets
//! charts and tables on pages of paper, as PDF. The only user of plotters. Knows no metric and no language; the same data and theme always give the same bytes.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests"))]

mod across;
mod blocks;
mod canvas;
pub mod document;
mod fonts;
mod frame;
mod heat_map;
mod labels;
mod legend;
mod line;
mod png;
mod sankey;
mod scale;
mod sheet;
mod text;
mod theme;
mod typeset;
mod up;
mod upset;

#[cfg(test)]
mod tests;

pub use png::{PngError, png};
pub use theme::{Shade, Theme};
pub use types::chart::{ChartSpec, ChartTable, Drawing, Mark};

/// Draws a chart.
///
/// For a page the picture has neither background nor visible title, and its colours are the page's CSS variables; for a file
/// it has both and the notes too.
pub fn draw(spec: &ChartSpec, theme: Theme) -> Drawing {
    frame::draw(spec, theme)
}

/// The chart as rows; what [`draw`] shows and nothing else.
pub fn table(spec: &ChartSpec) -> ChartTable {
    spec.table()
}
