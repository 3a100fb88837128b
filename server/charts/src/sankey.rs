//! Where things go: series are what they come from, on the left; categories are what they become, on the right; the value of a point is the
//! width of the band between the two. Bands have the colour of where they come from.

use types::chart::{ChartSpec, Mark};

use crate::frame::Picture;
use crate::labels::spread;
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, cut, widest};
use crate::theme::{Finish, Ink};

pub(crate) struct Sankey<'a> {
    spec: &'a ChartSpec,
    width: f64,
    /// Room for the names at the left and at the right.
    names: (f64, f64),
    height: f64,
    bands: Vec<Band>,
}

/// Parts of the whole from one side to the other.
struct Band {
    series: usize,
    category: usize,
    share: f64,
}

const NODE: f64 = 10.0;
const GAP: f64 = 8.0;
const NAME: f64 = 15.0;
const PER_NODE: f64 = 34.0;
const SOFT: f64 = 0.38;
/// Straight pieces of a curve.
const STEPS: usize = 24;

pub(crate) fn plan(spec: &ChartSpec, width: f64) -> Sankey<'_> {
    let room = |texts: f64| (texts + 8.0).min(width * 0.3);
    let left = widest(spec.series.iter().map(|series| series.name.as_str()), TICK, false);
    let right = widest(
        spec.categories.iter().map(|category| category.label.as_str()),
        TICK,
        false,
    );
    let nodes = spec.series.len().max(spec.categories.len());
    Sankey {
        names: (room(left), room(right)),
        height: (nodes as f64 * PER_NODE).max(180.0),
        bands: bands(spec),
        spec,
        width,
    }
}

/// Only what is there and above 0 goes anywhere. Measured by the greatest first, because a sum of very large numbers has no end.
fn bands(spec: &ChartSpec) -> Vec<Band> {
    let mut bands = Vec::new();
    for (at, series) in spec.series.iter().enumerate() {
        for (category, point) in series.points.iter().enumerate().take(spec.categories.len()) {
            if let Some(share) = point.value.filter(|value| value.is_finite() && *value > 0.0) {
                bands.push(Band {
                    series: at,
                    category,
                    share,
                });
            }
        }
    }
    let greatest = bands.iter().map(|band| band.share).fold(0.0, f64::max);
    bands.iter_mut().for_each(|band| band.share /= greatest);
    let all: f64 = bands.iter().map(|band| band.share).sum();
    bands.iter_mut().for_each(|band| band.share /= all);
    bands
}

/// Nodes of one side: where each begins and how high it is.
fn side(shares: &[f64], height: f64, nodes: usize) -> Vec<(f64, f64)> {
    let scale = height - GAP * nodes.saturating_sub(1) as f64;
    let used: f64 = shares.iter().sum::<f64>() * scale + GAP * shares.len().saturating_sub(1) as f64;
    let mut top = (height - used) / 2.0;
    shares
        .iter()
        .map(|share| {
            let node = (top, share * scale);
            top += share * scale + GAP;
            node
        })
        .collect()
}

impl Picture for Sankey<'_> {
    fn height(&self) -> f64 {
        self.height
    }

    fn draw(&self, sheet: &Sheet<'_>, x: f64, y: f64) -> Vec<Mark> {
        let shares = |count: usize, place: fn(&Band) -> usize| {
            let mut shares = vec![0.0; count];
            self.bands.iter().for_each(|band| shares[place(band)] += band.share);
            shares
        };
        let nodes = self.spec.series.len().max(self.spec.categories.len());
        let left = side(&shares(self.spec.series.len(), |band| band.series), self.height, nodes);
        let right = side(
            &shares(self.spec.categories.len(), |band| band.category),
            self.height,
            nodes,
        );
        let ends = (x + self.names.0, x + self.width - self.names.1 - NODE);
        let scale = self.height - GAP * nodes.saturating_sub(1) as f64;
        let (mut out, mut into) = (vec![0.0; left.len()], vec![0.0; right.len()]);
        let mut marks = Vec::new();
        for band in &self.bands {
            let thick = band.share * scale;
            let from = y + left[band.series].0 + out[band.series];
            let to = y + right[band.category].0 + into[band.category];
            out[band.series] += thick;
            into[band.category] += thick;
            self.band(sheet, (ends.0 + NODE, from), (ends.1, to), thick, band);
            marks.push(self.mark(band, (ends.0 + NODE, from), (ends.1, to), thick));
        }
        let names = self.spec.series.iter().map(|series| series.name.as_str());
        let inks: Vec<Ink> = self.spec.series.iter().map(|series| Ink::Tone(series.tone)).collect();
        nodes_of(sheet, y, self.height, ends.0, &left, &inks, names, (x, self.names.0));
        // What it becomes has the colour of the same name on the other side, where there is one.
        let inks: Vec<Ink> = self
            .spec
            .categories
            .iter()
            .map(|category| {
                let same = self.spec.series.iter().find(|series| series.name == category.label);
                same.map_or(Ink::HairlineStrong, |series| Ink::Tone(series.tone))
            })
            .collect();
        let names = self.spec.categories.iter().map(|category| category.label.as_str());
        let room = (ends.1 + NODE + 8.0, self.names.1);
        nodes_of(sheet, y, self.height, ends.1, &right, &inks, names, room);
        marks
    }
}

impl Sankey<'_> {
    fn band(&self, sheet: &Sheet<'_>, from: (f64, f64), to: (f64, f64), thick: f64, band: &Band) {
        let whole = Area {
            x: 0.0,
            y: 0.0,
            w: to.0 + 1.0,
            h: from.1.max(to.1) + thick + 1.0,
        };
        let plot = sheet.plot(whole, (whole.x, whole.right()), (whole.bottom(), whole.y));
        let curve = |step: usize, down: f64| {
            let t = step as f64 / STEPS as f64;
            let eased = t * t * (3.0 - 2.0 * t);
            (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * eased + down)
        };
        // A band too thin to be seen is a line.
        let thick = thick.max(0.75);
        let above = (0..=STEPS).map(|step| curve(step, 0.0));
        let below = (0..=STEPS).rev().map(|step| curve(step, thick));
        let tone = self.spec.series[band.series].tone;
        plot.polygon(above.chain(below).collect(), Ink::Tone(tone), SOFT);
    }

    fn mark(&self, band: &Band, from: (f64, f64), to: (f64, f64), thick: f64) -> Mark {
        let (series, category) = (&self.spec.series[band.series], &self.spec.categories[band.category]);
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1 + thick) / 2.0);
        let high = thick.max(6.0);
        let wide = (to.0 - from.0).max(2.0) / 2.0;
        Mark {
            x: middle.0 - wide / 2.0,
            y: middle.1 - high / 2.0,
            w: wide,
            h: high,
            at_x: middle.0,
            at_y: middle.1,
            label: category.label.clone(),
            value: series.points[band.category].words(&self.spec.value.format),
            series: series.name.clone(),
            category: band.category,
            link: self.spec.link_of(band.series, band.category),
        }
    }
}

/// The blocks of one side and their names; names move apart where blocks are small. `room` is where names begin, and how wide they may be.
#[expect(
    clippy::too_many_arguments,
    reason = "both sides are drawn alike and share nothing else"
)]
fn nodes_of<'a>(
    sheet: &Sheet<'_>,
    y: f64,
    height: f64,
    x: f64,
    nodes: &[(f64, f64)],
    inks: &[Ink],
    names: impl Iterator<Item = &'a str>,
    room: (f64, f64),
) {
    let middles: Vec<f64> = nodes.iter().map(|(top, high)| top + high / 2.0).collect();
    let places = spread(&middles, &vec![NAME; nodes.len()], (0.0, height));
    for (((node, ink), name), place) in nodes.iter().zip(inks).zip(names).zip(places) {
        if node.1 <= 0.0 {
            continue;
        }
        let block = Area {
            x,
            y: y + node.0,
            w: NODE,
            h: node.1.max(1.0),
        };
        sheet.rect(block, *ink, 1.0, Finish::Plain);
        let text = cut(name, TICK, room.1 - 8.0);
        let look = Lettering::new(TICK, Ink::TextQuiet);
        if room.0 < x {
            sheet.text(x - 8.0, y + place, &text, look.ending());
        } else {
            sheet.text(room.0, y + place, &text, look);
        }
    }
}
