//! Lets hand and keyboard read the values of a drawn chart. The drawing itself comes from the server, as do the words of each mark.

use super::browser;
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One point of the drawing that has a value, in the coordinates of its view box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectedMark {
    pub x: f64,
    pub y: f64,
    /// What the tip says, ready to show; lines are separated by `\n`.
    pub text: String,
    /// Left, top, width and height of the area that answers for it alone, where it has one.
    pub area: Option<[f64; 4]>,
    /// Where it leads; empty when it leads nowhere.
    pub href: String,
}

/// The mark that answers for a place: the one in whose area it lies, else the nearest.
fn answering(marks: &[InspectedMark], x: f64, y: f64) -> Option<usize> {
    let holds = |[left, top, wide, high]: [f64; 4]| left <= x && x < left + wide && top <= y && y < top + high;
    marks
        .iter()
        .position(|mark| mark.area.is_some_and(holds))
        .or_else(|| nearest(marks, x, y))
}

/// The mark that is nearest to a place. Sideways distance counts for more: a chart is read from left to right.
fn nearest(marks: &[InspectedMark], x: f64, y: f64) -> Option<usize> {
    let distance = |mark: &InspectedMark| (mark.x - x).powi(2) * 4.0 + (mark.y - y).powi(2);
    marks
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
        .map(|(at, _)| at)
}

/// Where a key leads from the current mark; `None` for keys that are not ours.
fn step(key: &str, current: Option<usize>, count: usize) -> Option<Option<usize>> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" | "ArrowDown" => Some(Some(current.map_or(0, |at| (at + 1).min(last)))),
        "ArrowLeft" | "ArrowUp" => Some(Some(current.map_or(last, |at| at.saturating_sub(1)))),
        "Home" => Some(Some(0)),
        "End" => Some(Some(last)),
        "Escape" => Some(None),
        _ => None,
    }
}

#[island]
pub fn ChartInspector(
    /// Size of the drawing's view box.
    width: f64,
    height: f64,
    marks: Vec<InspectedMark>,
    /// How the chart is called, with a word on its keys.
    label: String,
    children: Children,
) -> impl IntoView {
    let current = RwSignal::new(None::<usize>);
    let marks = StoredValue::new(marks);
    let host = NodeRef::<Div>::new();
    let tip = NodeRef::<Div>::new();
    let mark = move || {
        current
            .get()
            .and_then(|at| marks.with_value(|marks| marks.get(at).cloned()))
    };
    let text = move || mark().map(|mark| mark.text).unwrap_or_default();

    let follow = move |event: ev::PointerEvent| {
        let place = host.get().and_then(|host| browser::place_in(&event, &host));
        if let Some((across, down)) = place {
            current.set(marks.with_value(|marks| answering(marks, across * width, down * height)));
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" {
            let at = current.get_untracked();
            let href = at.and_then(|at| marks.with_value(|marks| marks.get(at).map(|mark| mark.href.clone())));
            if let Some(href) = href.filter(|href| !href.is_empty()) {
                browser::go_to(&href);
            }
            return;
        }
        let next = step(&event.key(), current.get_untracked(), marks.with_value(Vec::len));
        if let Some(next) = next {
            event.prevent_default();
            current.set(next);
        }
    };
    Effect::new(move |_| {
        if let (Some(tip), Some(mark)) = (tip.get(), mark()) {
            browser::move_tip(&tip, mark.x / width, mark.y / height);
        }
    });

    view! {
        <div
            class="chart-plot"
            tabindex="0"
            role="group"
            aria-label=label
            node_ref=host
            on:pointermove=follow
            on:pointerleave=move |_| current.set(None)
            on:blur=move |_| current.set(None)
            on:keydown=press
        >
            {children()}
            <svg class="chart-layer" viewBox=format!("0 0 {width} {height}") aria-hidden="true">
                <circle
                    class="chart-mark"
                    r=move || if current.get().is_some() { "4.5" } else { "0" }
                    cx=move || mark().map_or(0.0, |mark| mark.x).to_string()
                    cy=move || mark().map_or(0.0, |mark| mark.y).to_string()
                ></circle>
            </svg>
            <div class="chart-tip" node_ref=tip hidden=move || current.get().is_none() aria-hidden="true">{text}</div>
            <div class="unseen" aria-live="polite">{text}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Vec<InspectedMark> {
        [(0.0, 5.0), (10.0, 5.0), (20.0, 5.0)]
            .map(|(x, y)| InspectedMark {
                x,
                y,
                text: String::new(),
                area: None,
                href: String::new(),
            })
            .to_vec()
    }

    #[test]
    fn the_area_that_holds_a_place_answers_before_the_nearest() {
        let mut marks = marks();
        marks[2].area = Some([0.0, 20.0, 100.0, 10.0]);
        assert_eq!(answering(&marks, 1.0, 25.0), Some(2));
        assert_eq!(answering(&marks, 1.0, 15.0), Some(0));
    }

    #[test]
    fn the_nearest_mark_is_found() {
        assert_eq!(nearest(&marks(), 13.0, 0.0), Some(1));
        assert_eq!(nearest(&marks(), 16.0, 0.0), Some(2));
        assert_eq!(nearest(&[], 1.0, 1.0), None);
    }

    #[test]
    fn keys_walk_and_stop_at_the_ends() {
        assert_eq!(step("ArrowRight", None, 3), Some(Some(0)));
        assert_eq!(step("ArrowRight", Some(2), 3), Some(Some(2)));
        assert_eq!(step("ArrowLeft", Some(0), 3), Some(Some(0)));
        assert_eq!(step("Escape", Some(1), 3), Some(None));
        assert_eq!(step("a", Some(1), 3), None);
        assert_eq!(step("End", None, 0), None);
    }
}
