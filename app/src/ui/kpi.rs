//! The strip of figures above a page: value, change against what, and a line of how it went.

use leptos::prelude::*;

/// How a figure changed. A rise is not always good: the caller says which.
#[derive(Clone, Debug)]
pub struct Delta {
    /// Such as `11.8 %`, without a sign.
    pub amount: String,
    pub rises: bool,
    /// `None`: neither good nor bad, because nothing changed.
    pub good: Option<bool>,
    /// Such as `from € 12.00 M`.
    pub base: String,
}

#[derive(Clone, Debug, Default)]
pub struct Kpi {
    pub label: String,
    pub value: String,
    pub delta: Option<Delta>,
    /// What stands below a figure that has no base to be compared with.
    pub note: String,
    /// Values in time, oldest first; fewer than two draw nothing.
    pub spark: Vec<f64>,
}

impl Kpi {
    /// A figure with a note instead of a change.
    pub fn noted(label: String, value: String, note: String) -> Kpi {
        Kpi {
            label,
            value,
            note,
            ..Kpi::default()
        }
    }
}

impl From<Kpi> for charts::document::Figure {
    fn from(figure: Kpi) -> Self {
        let note = match figure.delta {
            Some(delta) => format!("{} {}", delta.amount, delta.base),
            None => figure.note,
        };
        charts::document::Figure {
            name: figure.label,
            value: figure.value,
            note,
        }
    }
}

pub fn kpis(figures: Vec<Kpi>) -> AnyView {
    view! { <section class="card kpis">{figures.into_iter().map(kpi).collect_view()}</section> }.into_any()
}

fn kpi(figure: Kpi) -> AnyView {
    let below = match figure.delta {
        Some(delta) => {
            let (class, arrow) = match (delta.good, delta.rises) {
                (Some(true), true) => ("up", "▲ "),
                (Some(true), false) => ("up", "▼ "),
                (Some(false), true) => ("down", "▲ "),
                (Some(false), false) => ("down", "▼ "),
                (None, _) => ("soft", "± "),
            };
            view! { <span class="delta"><b class=class>{arrow}{delta.amount}</b>" "{delta.base}</span> }.into_any()
        }
        None => view! { <span class="delta">{figure.note}</span> }.into_any(),
    };
    view! {
        <div class="kpi">
            <span class="label">{figure.label}</span>
            <span class="value">{figure.value}</span>
            {below}
            {spark(&figure.spark)}
        </div>
    }
    .into_any()
}

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 22.0;

fn spark(values: &[f64]) -> Option<AnyView> {
    let path = spark_path(values)?;
    Some(
        view! {
            <svg viewBox="0 0 96 22" width="96" height="22" aria-hidden="true">
                <path d=path class="stroke-d1" stroke-width="1.5"/>
            </svg>
        }
        .into_any(),
    )
}

/// A line through the values, scaled between the smallest and the largest.
fn spark_path(values: &[f64]) -> Option<String> {
    if values.len() < 2 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let step = (WIDTH - 2.0) / (values.len() - 1) as f64;
    let points = values.iter().enumerate().map(|(at, value)| {
        let x = 1.0 + step * at as f64;
        let y = HEIGHT - 3.0 - (value - low) / span * (HEIGHT - 6.0);
        format!("{}{x:.1} {y:.1}", if at == 0 { "M" } else { " L" })
    });
    Some(points.collect())
}

#[cfg(test)]
mod tests {
    use super::spark_path;

    #[test]
    fn a_line_needs_two_values() {
        assert_eq!(spark_path(&[1.0]), None);
        assert_eq!(spark_path(&[1.0, f64::NAN]), None);
        assert_eq!(spark_path(&[0.0, 2.0]).unwrap(), "M1.0 19.0 L95.0 3.0");
        assert_eq!(spark_path(&[5.0, 5.0]).unwrap(), "M1.0 19.0 L95.0 19.0");
    }
}
