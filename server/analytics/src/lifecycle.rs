//! Where is each customer in the relation: new, active, slipping, asleep, lost, or won back? Measured by the customer's own rhythm, because a
//! month of silence is long for whoever buys weekly and nothing for whoever buys twice a year. Days come in as numbers; which orders count was
//! decided by the caller.
//!
//! The rhythm of a customer is the median of the days between orders on different days, with the population's median gap counted as one more:
//! so a customer with a single gap is halfway between the own gap and what is usual, and one without any has the usual rhythm. It is never
//! shorter than `least_days`. Silence is counted in rhythms: up to `slipping` of them the customer is active, then slipping, from `asleep` on
//! asleep, from `lost` on lost. Who is active after a single day of orders is new; who is active after a pause before the last order of at
//! least `asleep` of the rhythms known at that time was won back.

use crate::quantile;
use rayon::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    New,
    Active,
    WonBack,
    Slipping,
    Asleep,
    Lost,
}

impl Stage {
    pub const ALL: [Stage; 6] = [
        Stage::New,
        Stage::Active,
        Stage::WonBack,
        Stage::Slipping,
        Stage::Asleep,
        Stage::Lost,
    ];

    /// The name under which it is stored and sent.
    pub fn key(self) -> &'static str {
        match self {
            Stage::New => "new",
            Stage::Active => "active",
            Stage::WonBack => "won_back",
            Stage::Slipping => "slipping",
            Stage::Asleep => "asleep",
            Stage::Lost => "lost",
        }
    }

    /// The place in [`Stage::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// From how many rhythms of silence on a stage begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub slipping: f64,
    pub asleep: f64,
    pub lost: f64,
    /// No rhythm is taken for shorter, in days.
    pub least_days: f64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            slipping: 1.5,
            asleep: 3.0,
            lost: 6.0,
            least_days: 7.0,
        }
    }
}

/// Rhythm where nobody has ordered on two days.
const NO_GAPS: f64 = 30.0;

/// The median of all gaps between order days, in days. `days` holds the rising different days of each customer.
pub fn usual_gap<D: AsRef<[i32]> + Sync>(days: &[D]) -> f64 {
    let gaps = days
        .iter()
        .flat_map(|of| of.as_ref().windows(2).map(|pair| f64::from(pair[1] - pair[0])));
    quantile::median(gaps).unwrap_or(NO_GAPS)
}

/// The stage of each customer at a day. A customer without a day is lost: there is nobody to measure.
pub fn stages<D: AsRef<[i32]> + Sync>(days: &[D], today: i32, limits: Limits) -> Vec<Stage> {
    let usual = usual_gap(days);
    days.par_iter()
        .map_init(Vec::new, |gaps, of| stage(of.as_ref(), today, usual, limits, gaps))
        .collect()
}

fn stage(days: &[i32], today: i32, usual: f64, limits: Limits, gaps: &mut Vec<f64>) -> Stage {
    let Some(last) = days.last() else {
        return Stage::Lost;
    };
    gaps.clear();
    gaps.extend(days.windows(2).map(|pair| f64::from(pair[1] - pair[0])));
    let pause = gaps.last().copied();
    let silence = f64::from(today - last) / rhythm(gaps, usual, limits);
    if silence >= limits.lost {
        Stage::Lost
    } else if silence >= limits.asleep {
        Stage::Asleep
    } else if silence > limits.slipping {
        Stage::Slipping
    } else {
        match pause {
            None => Stage::New,
            Some(pause) => {
                // What was known of the rhythm before the pause.
                gaps.clear();
                gaps.extend(
                    days[..days.len() - 1]
                        .windows(2)
                        .map(|pair| f64::from(pair[1] - pair[0])),
                );
                if pause / rhythm(gaps, usual, limits) >= limits.asleep {
                    Stage::WonBack
                } else {
                    Stage::Active
                }
            }
        }
    }
}

/// The median of the gaps and of the usual one; `gaps` is out of order afterwards.
fn rhythm(gaps: &mut Vec<f64>, usual: f64, limits: Limits) -> f64 {
    gaps.push(usual);
    gaps.sort_unstable_by(f64::total_cmp);
    let middle = quantile::type7_of_sorted(gaps, 0.5).unwrap_or(usual);
    middle.max(limits.least_days).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Thirty days are usual: the many middle gaps of the first customer decide.
    fn regular() -> Vec<i32> {
        (0..=60).map(|n| n * 30).collect()
    }

    fn stage_of(days: &[i32], today: i32) -> Stage {
        stages(&[days.to_vec(), regular()], today, Limits::default())[0]
    }

    #[test]
    fn silence_is_measured_by_the_own_rhythm() {
        let weekly: Vec<i32> = (0..20).map(|n| 1_600 + n * 10).collect();
        let yearly = vec![0, 360, 720, 1_080, 1_440];
        let at = |days: &[i32], silence: i32| stage_of(days, days.last().unwrap() + silence);
        assert_eq!(at(&weekly, 12), Stage::Active);
        assert_eq!(at(&weekly, 20), Stage::Slipping);
        assert_eq!(at(&weekly, 30), Stage::Asleep);
        assert_eq!(at(&weekly, 60), Stage::Lost);
        assert_eq!(at(&yearly, 60), Stage::Active);
        assert_eq!(at(&yearly, 541), Stage::Slipping);
        assert_eq!(at(&yearly, 1_080), Stage::Asleep);
    }

    #[test]
    fn one_order_is_new_for_as_long_as_the_usual_rhythm_allows() {
        assert_eq!(stage_of(&[1_000], 1_045), Stage::New);
        assert_eq!(stage_of(&[1_000], 1_046), Stage::Slipping);
        assert_eq!(stage_of(&[1_000], 1_090), Stage::Asleep);
        assert_eq!(stage_of(&[1_000], 1_180), Stage::Lost);
    }

    #[test]
    fn who_comes_back_after_a_long_pause_was_won_back() {
        let mut days: Vec<i32> = (0..10).map(|n| n * 30).collect();
        days.push(270 + 89);
        assert_eq!(stage_of(&days, 365), Stage::Active);
        *days.last_mut().unwrap() = 270 + 90;
        assert_eq!(stage_of(&days, 365), Stage::WonBack);
        // The next order in rhythm makes the customer active again.
        days.push(390);
        assert_eq!(stage_of(&days, 395), Stage::Active);
    }

    #[test]
    fn a_single_gap_counts_half() {
        // The own gap of 10 days and the usual one of 30: 20 days.
        assert_eq!(stage_of(&[100, 110], 140), Stage::Active);
        assert_eq!(stage_of(&[100, 110], 141), Stage::Slipping);
    }

    #[test]
    fn nobody_and_nothing_have_a_stage_too() {
        assert_eq!(stages::<Vec<i32>>(&[], 5, Limits::default()), []);
        assert_eq!(
            stages(&[Vec::new(), vec![5]], 5, Limits::default()),
            [Stage::Lost, Stage::New]
        );
    }

    proptest! {
        /// More silence never leads back towards active.
        #[test]
        fn silence_leads_one_way(days in prop::collection::btree_set(0_i32..2_000, 1..30), more in 0_i32..500) {
            let days: Vec<i32> = days.into_iter().collect();
            let last = *days.last().unwrap();
            let rank = |stage: Stage| match stage {
                Stage::New | Stage::Active | Stage::WonBack => 0,
                Stage::Slipping => 1,
                Stage::Asleep => 2,
                Stage::Lost => 3,
            };
            let at = |silence: i32| rank(stages(std::slice::from_ref(&days), last + silence, Limits::default())[0]);
            prop_assert!(at(more) <= at(more + 40));
        }
    }
}
