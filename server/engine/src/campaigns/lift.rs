//! Did a campaign change what people do? Hands the counts of both arms to the mathematics and writes down its answers.

use analytics::lift;
use analytics::stats::{Count, Moments};
use types::campaigns::{Arm, Lift, Verdict};
use warehouse::query::campaigns::{ArmFigures, LiftFigures};

const LEVEL: f64 = 0.95;

/// `visited`, `ordered` and `spend`, also when nobody was held out: then without a comparison.
pub(super) fn outcomes(figures: Option<&LiftFigures>, holdout_share: Option<f64>) -> Vec<Lift> {
    let figures = figures.copied().unwrap_or_default();
    let ratio =
        holdout_share.and_then(|share| lift::sample_ratio(figures.treated.people, figures.held_out.people, share));
    [
        ("visited", visits(&figures)),
        ("ordered", rates(&figures, |arm| arm.ordered)),
        (
            "spend",
            lift::means(spend(&figures.treated), spend(&figures.held_out), LEVEL),
        ),
    ]
    .into_iter()
    .map(|(outcome, found)| written(outcome, &found, figures.excluded, ratio.map(|ratio| ratio.p)))
    .collect()
}

/// Whether an effect on ordering is proven.
pub(super) fn verdict(figures: &LiftFigures) -> Verdict {
    word(rates(figures, |arm| arm.ordered).verdict)
}

fn rates(figures: &LiftFigures, outcome: fn(&ArmFigures) -> u64) -> lift::Lift {
    let count = |arm: &ArmFigures| Count::new(outcome(arm), arm.people);
    lift::rates(count(&figures.treated), count(&figures.held_out), LEVEL)
}

/// Without a single visit in either arm nothing was recorded, which is not the same as nobody having come: nothing is known.
fn visits(figures: &LiftFigures) -> lift::Lift {
    let known = rates(figures, |arm| arm.visited);
    if figures.treated.visited + figures.held_out.visited > 0 {
        return known;
    }
    let unknown = |arm: lift::Arm| lift::Arm { mean: None, ..arm };
    lift::Lift {
        treated: unknown(known.treated),
        held_out: unknown(known.held_out),
        difference: None,
        interval: None,
        relative: None,
        statistic: None,
        p: None,
        ..known
    }
}

fn spend(arm: &ArmFigures) -> Moments {
    Moments {
        n: arm.people,
        mean: arm.spend_mean,
        variance: arm.spend_variance,
    }
}

fn written(outcome: &str, found: &lift::Lift, excluded: u64, sample_ratio_p: Option<f64>) -> Lift {
    let arm = |arm: lift::Arm| Arm {
        n: arm.n as i64,
        mean: arm.mean,
    };
    Lift {
        outcome: outcome.to_owned(),
        treated: arm(found.treated),
        held_out: arm(found.held_out),
        excluded: excluded as i64,
        difference: found.difference,
        low: found.interval.map(|interval| interval.low),
        high: found.interval.map(|interval| interval.high),
        level: found.level,
        z: found.statistic,
        p: found.p,
        sample_ratio_p,
        verdict: word(found.verdict),
    }
}

fn word(verdict: lift::Verdict) -> Verdict {
    match verdict {
        lift::Verdict::Proven => Verdict::Proven,
        lift::Verdict::NotProven => Verdict::NotProven,
        lift::Verdict::NoHoldout => Verdict::NoHoldout,
    }
}
