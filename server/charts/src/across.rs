//! Lying bars: names to the left, or above on a narrow picture, values to the right, whiskers over them.

use types::chart::{ChartSpec, Mark, Tone};

use crate::blocks::{self, Block, Blocks};
use crate::frame::Picture;
use crate::labels::{TICKS_BELOW, columns};
use crate::legend::{self, Legend};
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{LABEL, TICK, cut, fold, widest};
use crate::theme::{Finish, Ink};

pub(crate) struct Across<'a> {
    spec: &'a ChartSpec,
    blocks: Blocks,
    legend: Legend<'a>,
    width: f64,
    /// Room for names to the left; 0 when they stand above their bars.
    names: f64,
    values: f64,
    bar: f64,
    row: f64,
    ticks: Vec<String>,
}

const BETWEEN_LANES: f64 = 3.0;
const NAME_ROW: f64 = 20.0;
const DETAIL_ROW: f64 = 16.0;

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> Across<'_> {
    let blocks = blocks::plan(spec, if width > 400.0 { 6 } else { 4 });
    let names = widest(spec.categories.iter().map(|c| c.label.as_str()), LABEL, false);
    let details = widest(spec.categories.iter().filter_map(|c| c.detail.as_deref()), TICK, false);
    let with_details = spec.categories.iter().any(|c| c.detail.is_some());
    let wanted = names.max(details) + 14.0;
    let names_room = width * 0.36;
    let above = wanted > names_room && width < 400.0;
    let few = spec.categories.len() <= 3;
    let bar = match blocks.lanes {
        1 if few => 20.0,
        1 => 14.0,
        2 => 11.0,
        // Values stand beside their bars, and their letters are this high.
        _ => 10.0,
    };
    let bars = blocks.lanes as f64 * (bar + BETWEEN_LANES) - BETWEEN_LANES;
    let row = if above {
        NAME_ROW + bars + 14.0
    } else {
        let two_lines = with_details || wanted > names_room;
        (bars + 18.0).max(if two_lines { NAME_ROW + DETAIL_ROW + 6.0 } else { 32.0 })
    };
    // A stacked bar is read by its parts, and a part has no place for its value.
    let values = if blocks.stacked {
        0.0
    } else {
        widest(blocks.all.iter().map(|b| b.text.as_str()), TICK, true) + 10.0
    };
    Across {
        legend: legend::plan(spec, width),
        width,
        names: if above { 0.0 } else { wanted.min(names_room) },
        values,
        bar,
        row,
        ticks: if blocks.with_intervals || blocks.stacked {
            spec.value.format.write_ticks(&blocks.scale.ticks)
        } else {
            Vec::new()
        },
        blocks,
        spec,
    }
}

impl Picture for Across<'_> {
    fn height(&self) -> f64 {
        let axis = if self.ticks.is_empty() { 0.0 } else { TICKS_BELOW };
        self.legend.height() + self.spec.categories.len() as f64 * self.row + axis + 4.0
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        self.legend.draw(sheet, x, y);
        let half_tick = widest(self.ticks.last().map(String::as_str), TICK, false) / 2.0;
        let plot = Area {
            x: x + self
                .names
                .max(widest(self.ticks.first().map(String::as_str), TICK, false) / 2.0)
                .max(1.0),
            y: y + self.legend.height(),
            w: 0.0,
            h: self.spec.categories.len() as f64 * self.row,
        };
        let plot = Area {
            w: x + self.width - self.values.max(half_tick) - plot.x,
            ..plot
        };
        if !self.ticks.is_empty() {
            columns(sheet, plot, &self.blocks.scale, &self.ticks, Some(self.blocks.origin));
        }
        for place in 0..self.spec.categories.len() {
            self.name(sheet, place, x, plot);
        }
        let marks = self
            .blocks
            .all
            .iter()
            .map(|block| self.bar(sheet, block, plot))
            .collect();
        if self.ticks.is_empty() {
            let base = self.at(sheet, plot, self.blocks.origin);
            sheet.line(
                (base, plot.y + 4.0),
                (base, plot.bottom() - 4.0),
                Ink::HairlineStrong,
                1.0,
                Finish::Plain,
            );
        }
        marks
    }
}

impl Across<'_> {
    fn at(&self, sheet: &Sheet<'_>, plot: Area, value: f64) -> f64 {
        sheet
            .plot(plot, (self.blocks.scale.low, self.blocks.scale.high), (0.0, 1.0))
            .at(value, 0.0)
            .0
    }

    fn name(&self, sheet: &Sheet<'_>, place: usize, left: f64, plot: Area) {
        let Some(category) = self.spec.categories.get(place) else {
            return;
        };
        let top = plot.y + place as f64 * self.row;
        let name = Lettering::new(LABEL, Ink::Text);
        let detail = Lettering::new(TICK, Ink::TextQuiet);
        let detail_text = category.detail.as_deref().unwrap_or_default();
        if self.names == 0.0 {
            let room = self.width - widest([detail_text], TICK, false) - 12.0;
            sheet.text(
                left,
                top + NAME_ROW / 2.0 + 1.0,
                &cut(&category.label, LABEL, room),
                name.finish(Finish::Edged),
            );
            sheet.text(
                left + self.width,
                top + NAME_ROW / 2.0 + 1.0,
                detail_text,
                detail.ending(),
            );
            return;
        }
        let (right, room, middle) = (plot.x - 12.0, self.names - 12.0, top + self.row / 2.0);
        let most = if detail_text.is_empty() { 2 } else { 1 };
        let names = fold(&category.label, LABEL, room, most);
        let mut lines: Vec<(String, Lettering)> = names.into_iter().map(|line| (line, name)).collect();
        if !detail_text.is_empty() {
            lines.push((cut(detail_text, TICK, room), detail));
        }
        let first = middle - (lines.len() as f64 - 1.0) * DETAIL_ROW / 2.0;
        for (place, (line, look)) in lines.into_iter().enumerate() {
            sheet.text(right, first + place as f64 * DETAIL_ROW, &line, look.ending());
        }
    }

    fn bar(&self, sheet: &Sheet<'_>, block: &Block, plot: Area) -> Mark {
        let bars = self.blocks.lanes as f64 * (self.bar + BETWEEN_LANES) - BETWEEN_LANES;
        let row = plot.y + block.category as f64 * self.row;
        let first = if self.names == 0.0 {
            row + NAME_ROW
        } else {
            row + (self.row - bars) / 2.0
        };
        let top = first + self.blocks.lane(block) as f64 * (self.bar + BETWEEN_LANES);
        let (middle, bottom) = (top + self.bar / 2.0, top + self.bar);
        let data = sheet.plot(
            plot,
            (self.blocks.scale.low, self.blocks.scale.high),
            (plot.bottom(), plot.y),
        );
        let finish = if self.blocks.stacked {
            Finish::Plain
        } else {
            Finish::Round
        };
        data.rect((block.from, top), (block.to, bottom), Ink::Tone(block.tone), finish);
        let (from, to) = (data.at(block.from, middle).0, data.at(block.to, middle).0);
        if self.blocks.stacked {
            // A gap in the colour of the surface keeps neighbours apart for every kind of colour vision.
            sheet.line((to, top), (to, bottom), Ink::Surface, 1.0, Finish::Plain);
        }
        if let Some((low, high)) = block.interval {
            let (low, high) = (data.at(low, middle).0, data.at(high, middle).0);
            sheet.whisker((low, middle), (high, middle));
        }
        if !self.blocks.stacked {
            let quiet = block.tone == Tone::Base;
            let look = if quiet {
                Lettering::new(TICK, Ink::TextQuiet)
            } else {
                Lettering::new(TICK, Ink::Text).finish(Finish::Strong)
            };
            sheet.text(data.at(block.end(), middle).0 + 8.0, middle, &block.text, look);
        }
        // The area to point at is the whole lane of a bar, since a small bar is hard to hit.
        let (left, right) = if self.blocks.stacked {
            (from.min(to), from.max(to))
        } else {
            (plot.x, plot.right())
        };
        let area = Area {
            x: left,
            y: top - 1.0,
            w: (right - left).max(1.0),
            h: self.bar + 2.0,
        };
        self.blocks.mark(self.spec, block, area, (to, middle))
    }
}
