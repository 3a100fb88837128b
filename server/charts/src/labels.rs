//! The texts around a plot: ticks, and names beside what they name. Places them so that they neither touch nor leave the
//! picture.

use crate::canvas::WHOLE;
use crate::scale::{Scale, thin};
use crate::sheet::{Area, Lettering, Sheet};
use crate::text::{TICK, fold, width};
use crate::theme::{Finish, Ink};
use types::chart::ChartSpec;

/// Height of the line of ticks below a plot.
pub(crate) const TICKS_BELOW: f64 = 24.0;

/// Horizontal hairlines with their values to the left. The line at `base` is stronger.
pub(crate) fn rows(sheet: &Sheet<'_>, area: Area, scale: &Scale, texts: &[String], base: Option<f64>) {
    let plot = sheet.plot(area, (0.0, 1.0), (scale.low, scale.high));
    for (tick, text) in scale.ticks.iter().zip(texts) {
        let (_, y) = plot.at(0.0, *tick);
        sheet.line(
            (area.x, y),
            (area.right(), y),
            hairline(*tick, base),
            1.0,
            Finish::Plain,
        );
        sheet.text(area.x - 8.0, y, text, Lettering::new(TICK, Ink::TextQuiet).ending());
    }
}

/// Vertical hairlines with their values below, as many of them as have room.
pub(crate) fn columns(sheet: &Sheet<'_>, area: Area, scale: &Scale, texts: &[String], base: Option<f64>) {
    let plot = sheet.plot(area, (scale.low, scale.high), (0.0, 1.0));
    let centres: Vec<f64> = scale.ticks.iter().map(|tick| plot.at(*tick, 0.0).0).collect();
    let widths: Vec<f64> = texts.iter().map(|text| width(text, TICK, false)).collect();
    for (tick, x) in scale.ticks.iter().zip(&centres) {
        sheet.line(
            (*x, area.y),
            (*x, area.bottom()),
            hairline(*tick, base),
            1.0,
            Finish::Plain,
        );
    }
    for i in thin(&centres, &widths, 10.0) {
        let look = Lettering::new(TICK, Ink::TextQuiet).centred();
        sheet.text(centres[i], area.bottom() + TICKS_BELOW - 10.0, &texts[i], look);
    }
}

fn hairline(tick: f64, base: Option<f64>) -> Ink {
    if base == Some(tick) {
        Ink::HairlineStrong
    } else {
        Ink::Hairline
    }
}

/// Height of one line of category names below a plot.
const NAME_ROW: f64 = 15.0;

/// The names below a plot: which are written, and in how many lines.
pub(crate) struct Names {
    texts: Vec<Vec<String>>,
    /// Distance that names of one line keep; `None` when each has its slot to itself.
    gap: Option<f64>,
}

impl Names {
    /// Days and other steps of a scale: those without room are left out.
    pub fn of_steps(spec: &ChartSpec, gap: f64) -> Self {
        Self {
            texts: ticks_of(spec).map(|text| vec![text.to_owned()]).collect(),
            gap: Some(gap),
        }
    }

    /// Names in slots of one width. Where they do not fit and slots are at least 44 wide, each is folded into its slot, since
    /// each matters; in narrower slots they are thinned.
    pub fn in_slots(spec: &ChartSpec, slot: f64) -> Self {
        let fits = ticks_of(spec).all(|text| width(text, TICK, false) + 8.0 <= slot);
        if fits || slot < 44.0 {
            return Self::of_steps(spec, 8.0);
        }
        Self {
            texts: ticks_of(spec).map(|text| fold(text, TICK, slot - 8.0, 2)).collect(),
            gap: None,
        }
    }

    /// Height that is needed below the plot.
    pub fn height(&self) -> f64 {
        let lines = self.texts.iter().map(Vec::len).max().unwrap_or(0).max(1);
        TICKS_BELOW + (lines - 1) as f64 * NAME_ROW
    }

    /// Writes the names centred on `centres` below `y`, and nothing beyond `limits`.
    pub fn draw(&self, sheet: &Sheet<'_>, centres: &[f64], y: f64, limits: (f64, f64)) {
        let first_line = |names: &[String]| names.first().map_or(0.0, |line| width(line, TICK, false));
        let widths: Vec<f64> = self.texts.iter().map(|names| first_line(names)).collect();
        let written = match self.gap {
            Some(gap) => thin(centres, &widths, gap),
            None => (0..centres.len()).collect(),
        };
        let look = Lettering::new(TICK, Ink::TextQuiet).centred();
        for i in written {
            let half = widths[i] / 2.0;
            let x = centres[i].min(limits.1 - half).max(limits.0 + half);
            for (row, line) in self.texts[i].iter().enumerate() {
                sheet.text(x, y + TICKS_BELOW - 10.0 + row as f64 * NAME_ROW, line, look);
            }
        }
    }
}

/// Whether the names of all categories can stand below a plot of this width without being cut. Steps of a scale, which have
/// ticks of their own, are no names: some of them may be left out.
pub(crate) fn names_fit(spec: &ChartSpec, plot: f64) -> bool {
    let slot = plot / spec.categories.len().max(1) as f64;
    let fits = |text: &str| fold(text, TICK, slot - 8.0, 2).iter().all(|line| !line.contains(WHOLE));
    spec.categories.iter().any(|c| c.tick.is_some()) || ticks_of(spec).all(fits)
}

fn ticks_of(spec: &ChartSpec) -> impl Iterator<Item = &str> {
    spec.categories.iter().map(|c| c.tick.as_deref().unwrap_or(&c.label))
}

/// Moves places of the given heights apart so that they do not overlap, each as little as possible, and keeps them between
/// `low` and `high` while there is room. Places are middles; the answer is in the order given.
///
/// The least squares of the moves under a fixed order are an isotonic regression: neighbours that would overlap share the mean
/// of where they want to be.
pub(crate) fn spread(wanted: &[f64], heights: &[f64], (low, high): (f64, f64)) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]).then(a.cmp(b)));
    // Distance of each middle from the first one when all are packed.
    let mut offsets = Vec::with_capacity(order.len());
    let mut packed = 0.0;
    for (place, i) in order.iter().enumerate() {
        if place > 0 {
            packed += (heights[order[place - 1]] + heights[*i]) / 2.0;
        }
        offsets.push(packed);
    }
    // Pools of neighbours: the sum of where their first middle would have to be, and their number.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (i, offset) in order.iter().zip(&offsets) {
        pools.push((wanted[*i] - offset, 1));
        while let [.., (a, n), (b, m)] = pools[..] {
            if a / n as f64 <= b / m as f64 {
                break;
            }
            pools.truncate(pools.len() - 2);
            pools.push((a + b, n + m));
        }
    }
    let firsts = pools
        .iter()
        .flat_map(|(sum, n)| std::iter::repeat_n(sum / *n as f64, *n));
    let edge = |place: Option<&usize>| place.map_or(0.0, |i| heights[*i] / 2.0);
    let (least, most) = (low + edge(order.first()), high - edge(order.last()) - packed);
    let mut found = vec![0.0; wanted.len()];
    for ((i, offset), first) in order.iter().zip(&offsets).zip(firsts) {
        found[*i] = first.min(most).max(least) + offset;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_have_room_stay_where_they_belong() {
        assert_eq!(
            spread(&[50.0, 10.0, 90.0], &[10.0; 3], (0.0, 100.0)),
            [50.0, 10.0, 90.0]
        );
    }

    #[test]
    fn names_that_would_touch_share_the_way() {
        assert_eq!(spread(&[50.0, 50.0], &[10.0; 2], (0.0, 100.0)), [45.0, 55.0]);
        assert_eq!(spread(&[99.0, 98.0, 2.0], &[10.0; 3], (0.0, 100.0)), [95.0, 85.0, 5.0]);
        assert_eq!(spread(&[], &[], (0.0, 100.0)), Vec::<f64>::new());
    }

    #[test]
    fn names_never_overlap_while_there_is_room() {
        for seed in 0..200u32 {
            let wanted: Vec<f64> = (0..7).map(|i| f64::from((seed * 37 + i * i * 53) % 100)).collect();
            let mut found = spread(&wanted, &[14.0; 7], (0.0, 100.0));
            found.sort_by(f64::total_cmp);
            assert!(found.windows(2).all(|p| p[1] - p[0] >= 14.0 - 1e-9), "{found:?}");
            assert!(found[0] >= 7.0 - 1e-9 && found[6] <= 93.0 + 1e-9);
        }
    }
}
