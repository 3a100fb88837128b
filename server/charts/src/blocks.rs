//! Where does each bar begin and end? Side by side or on top of each other, in the units of the data; the directions draw it.

use types::chart::{ChartKind, ChartSpec, Mark, Tone};

use crate::scale::Scale;
use crate::sheet::Area;

/// One bar, or one part of a stacked one.
pub(crate) struct Block {
    pub series: usize,
    pub category: usize,
    /// From where to where, on the value axis.
    pub from: f64,
    pub to: f64,
    pub interval: Option<(f64, f64)>,
    pub tone: Tone,
    /// The value as people read it.
    pub text: String,
}

impl Block {
    /// The farthest end to the right of, or above, everything that is drawn of it.
    pub fn end(&self) -> f64 {
        let bar = self.from.max(self.to);
        self.interval.map_or(bar, |(_, high)| bar.max(high))
    }
}

pub(crate) struct Blocks {
    pub all: Vec<Block>,
    pub scale: Scale,
    pub origin: f64,
    pub stacked: bool,
    /// How many bars stand side by side.
    pub lanes: usize,
    pub with_intervals: bool,
}

pub(crate) fn plan(spec: &ChartSpec, ticks: usize) -> Blocks {
    let stacked = matches!(spec.kind, ChartKind::StackedBar(_));
    let origin = if stacked {
        0.0
    } else {
        spec.value.origin.filter(|o| o.is_finite()).unwrap_or(0.0)
    };
    let mut all = Vec::new();
    for category in 0..spec.categories.len() {
        let (mut above, mut below) = (origin, origin);
        for (series, points) in spec.series.iter().enumerate() {
            let Some(point) = points.points.get(category) else {
                continue;
            };
            let Some(value) = point.value.filter(|v| v.is_finite()) else {
                continue;
            };
            let (from, to) = if !stacked {
                (origin, value)
            } else if value >= 0.0 {
                (above, above + value)
            } else {
                (below, below + value)
            };
            (above, below) = (above.max(to), below.min(to));
            all.push(Block {
                series,
                category,
                from,
                to,
                interval: if stacked { None } else { point.interval() },
                tone: point.tone.unwrap_or(points.tone),
                text: point.words(&spec.value.format),
            });
        }
    }
    let ends = all.iter().flat_map(|b| {
        let (low, high) = b.interval.unwrap_or((b.to, b.to));
        [b.from, b.to, low, high]
    });
    Blocks {
        scale: Scale::over(ends.chain([origin]), &spec.value, ticks),
        origin,
        stacked,
        lanes: if stacked { 1 } else { spec.series.len().max(1) },
        with_intervals: all.iter().any(|b| b.interval.is_some()),
        all,
    }
}

impl Blocks {
    pub fn lane(&self, block: &Block) -> usize {
        if self.stacked { 0 } else { block.series }
    }

    /// What the block's area says when it is pointed at.
    pub fn mark(&self, spec: &ChartSpec, block: &Block, area: Area, at: (f64, f64)) -> Mark {
        let value = match block.interval {
            Some((low, high)) => with_interval(spec, &block.text, low, high),
            None => block.text.clone(),
        };
        Mark {
            x: area.x,
            y: area.y,
            w: area.w,
            h: area.h,
            at_x: at.0,
            at_y: at.1,
            label: spec
                .categories
                .get(block.category)
                .map(|c| c.label.clone())
                .unwrap_or_default(),
            value,
            series: spec
                .series
                .get(block.series)
                .map(|s| s.name.clone())
                .unwrap_or_default(),
            category: block.category,
            link: spec.link_of(block.series, block.category),
        }
    }
}

/// A value and its interval, written so that it needs no word of a language.
pub(crate) fn with_interval(spec: &ChartSpec, value: &str, low: f64, high: f64) -> String {
    let format = &spec.value.format;
    format!("{value} ({} – {})", format.write(low), format.write(high))
}
