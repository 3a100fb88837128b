//! Standing bars: categories below, values to the left; the parts of stacked ones are named beside the last bar.

use types::chart::{ChartSpec, Mark};

use crate::blocks::{self, Block, Blocks};
use crate::frame::Picture;
use crate::labels::{Names, rows, spread};
use crate::legend::{self, Legend};
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, cut, widest, width as width_of};
use crate::theme::{Finish, Ink};

pub(crate) struct Up<'a> {
    spec: &'a ChartSpec,
    blocks: Blocks,
    legend: Legend<'a>,
    width: f64,
    plot_height: f64,
    left: f64,
    /// Room for the names of stacked parts; 0 when a legend names them.
    right: f64,
    /// Empty when the values are written above their bars.
    ticks: Vec<String>,
    names: Names,
}

const NAME_ROW: f64 = 16.0;

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> Up<'_> {
    let blocks = blocks::plan(spec, 5);
    let with_values = values_fit(&blocks, width / spec.categories.len().max(1) as f64);
    let ticks = if with_values {
        Vec::new()
    } else {
        spec.value.format.write_ticks(&blocks.scale.ticks)
    };
    let plot_height = if width > 400.0 { 190.0 } else { 160.0 };
    let last = spec.categories.len().saturating_sub(1);
    let names = widest(spec.series.iter().map(|s| s.name.as_str()), TICK, false) + 12.0;
    let beside = blocks.stacked
        && spec.series.len() > 1
        && names <= width * 0.3
        && spec.series.len() as f64 * NAME_ROW <= plot_height
        && blocks.all.iter().filter(|b| b.category == last).count() == spec.series.len();
    let left = if with_values {
        0.0
    } else {
        widest(ticks.iter().map(String::as_str), TICK, false) + 8.0
    };
    let right = if beside { names } else { 0.0 };
    let slot = (width - left - right) / spec.categories.len().max(1) as f64;
    Up {
        left,
        right,
        names: Names::in_slots(spec, slot),
        legend: legend::plan(spec, if beside { f64::INFINITY } else { width }),
        spec,
        blocks,
        width,
        plot_height,
        ticks,
    }
}

impl Picture for Up<'_> {
    fn height(&self) -> f64 {
        self.above() + self.plot_height + self.names.height()
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        if self.right == 0.0 {
            self.legend.draw(sheet, x, y);
        }
        let plot = Area {
            x: x + self.left,
            y: y + self.above(),
            w: self.width - self.left - self.right,
            h: self.plot_height,
        };
        let slot = plot.w / self.spec.categories.len().max(1) as f64;
        if self.ticks.is_empty() {
            let data = sheet.plot(plot, (0.0, 1.0), (self.blocks.scale.low, self.blocks.scale.high));
            let (_, base) = data.at(0.0, self.blocks.origin);
            sheet.line(
                (plot.x, base),
                (plot.right(), base),
                Ink::HairlineStrong,
                1.0,
                Finish::Plain,
            );
        } else {
            rows(sheet, plot, &self.blocks.scale, &self.ticks, Some(self.blocks.origin));
        }
        let centres: Vec<f64> = (0..self.spec.categories.len())
            .map(|i| plot.x + (i as f64 + 0.5) * slot)
            .collect();
        let limits = (x, x + self.width);
        self.names.draw(sheet, &centres, plot.bottom(), limits);
        let marks = self
            .blocks
            .all
            .iter()
            .map(|block| self.bar(sheet, block, plot, slot))
            .collect();
        if self.right > 0.0 {
            self.parts(sheet, plot);
        }
        marks
    }
}

impl Up<'_> {
    fn legend_height(&self) -> f64 {
        if self.right > 0.0 { 0.0 } else { self.legend.height() }
    }

    /// Above the plot: the legend, and room for the value of the highest bar.
    fn above(&self) -> f64 {
        self.legend_height() + if self.ticks.is_empty() { 20.0 } else { 8.0 }
    }

    fn bar(&self, sheet: &Sheet<'_>, block: &Block, plot: Area, slot: f64) -> Mark {
        let lanes = self.blocks.lanes as f64;
        let zone = (slot * 0.72).min(lanes * 40.0);
        let lane = zone / lanes;
        let gap = if self.blocks.lanes > 1 && lane > 6.0 { 2.0 } else { 0.0 };
        let left = plot.x + (block.category as f64 + 0.5) * slot - zone / 2.0
            + self.blocks.lane(block) as f64 * lane
            + gap / 2.0;
        let right = left + (lane - gap).max(0.5);
        let middle = (left + right) / 2.0;
        let data = sheet.plot(
            plot,
            (plot.x, plot.right()),
            (self.blocks.scale.low, self.blocks.scale.high),
        );
        let finish = if self.blocks.stacked || lane < 8.0 {
            Finish::Plain
        } else {
            Finish::Round
        };
        data.rect((left, block.from), (right, block.to), Ink::Tone(block.tone), finish);
        let (from, to) = (data.at(middle, block.from).1, data.at(middle, block.to).1);
        if self.blocks.stacked {
            sheet.line((left, to), (right, to), Ink::Surface, 1.0, Finish::Plain);
        }
        if let Some((low, high)) = block.interval {
            let (low, high) = (data.at(middle, low).1, data.at(middle, high).1);
            sheet.whisker((middle, low), (middle, high));
        }
        if self.ticks.is_empty() {
            let look = Lettering::new(TICK, Ink::Text).finish(Finish::Strong).centred();
            sheet.text(middle, data.at(middle, block.end()).1 - 10.0, &block.text, look);
        }
        let (top, bottom) = if self.blocks.stacked {
            (from.min(to), from.max(to))
        } else {
            (plot.y, plot.bottom())
        };
        let area = Area {
            x: left,
            y: top,
            w: right - left,
            h: (bottom - top).max(1.0),
        };
        self.blocks.mark(self.spec, block, area, (middle, to))
    }

    /// The names of the parts beside the last bar, each at the height of its part.
    fn parts(&self, sheet: &Sheet<'_>, plot: Area) {
        let last = self.spec.categories.len().saturating_sub(1);
        let data = sheet.plot(plot, (0.0, 1.0), (self.blocks.scale.low, self.blocks.scale.high));
        let parts: Vec<&Block> = self.blocks.all.iter().filter(|b| b.category == last).collect();
        let wanted: Vec<f64> = parts.iter().map(|b| data.at(0.0, (b.from + b.to) / 2.0).1).collect();
        let places = spread(
            &wanted,
            &vec![NAME_ROW; parts.len()],
            (plot.y - 6.0, plot.bottom() + 6.0),
        );
        for (block, y) in parts.iter().zip(places) {
            let Some(series) = self.spec.series.get(block.series) else {
                continue;
            };
            let swatch = Area {
                x: plot.right() + 2.0,
                y: y - 4.0,
                w: 3.0,
                h: 8.0,
            };
            sheet.rect(swatch, Ink::Tone(series.tone), 1.0, Finish::Plain);
            let name = cut(&series.name, TICK, self.right - 10.0);
            sheet.text(plot.right() + 9.0, y, &name, Lettering::new(TICK, Ink::TextSoft));
        }
    }
}

/// Values are written above the bars when all of them have room; an axis would then say the same again.
fn values_fit(blocks: &Blocks, slot: f64) -> bool {
    let fits = |b: &Block| width_of(&b.text, TICK, true) + 4.0 <= slot && b.to >= b.from;
    !blocks.stacked && blocks.lanes == 1 && !blocks.with_intervals && blocks.all.iter().all(fits)
}
