//! What a run says on its page: names of clusters, quality, parameters.

use super::groups::{colour, group_name};
use super::quality;
use crate::i18n::Lang;
use crate::page::{Nav, Page};
use crate::testing::{context, day, html};
use leptos::prelude::*;
use serde_json::json;
use types::runs::{CurvePoint, RunDetails, Trait, UsedFeature};
use types::segments::{Method, Quality, RfmProfile, Run, RunSegment, RunState};

pub(super) fn group(key: &str, size: i64) -> RunSegment {
    RunSegment {
        key: key.into(),
        name: key.into(),
        own_name: false,
        size,
        share: size as f64 / 100.0,
        profile: RfmProfile::default(),
        traits: Vec::new(),
    }
}

pub(super) fn run_of(id: i64, method: Method) -> Run {
    Run {
        id,
        job_id: 3,
        method,
        params: serde_json::Map::new(),
        seed: 1,
        as_of: Some(day("2026-11-22")),
        state: RunState::Done,
        quality: Quality::default(),
        details: RunDetails::default(),
        segments: Vec::new(),
        data_version: 318,
        data_as_of: None,
        currency: "EUR".into(),
        outdated: false,
        current: true,
        covered: 100,
        customers: 120,
        created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        duration_ms: Some(1_840),
        requested_by: "mei@shop.example".into(),
    }
}

fn apart(feature: &str, value: Option<&str>, difference: f64) -> Trait {
    Trait {
        feature: feature.into(),
        value: value.map(str::to_owned),
        own: 1.0,
        all: 0.5,
        difference,
    }
}

fn clusters() -> Run {
    let mut run = run_of(8, Method::Kprototypes);
    let mut first = group("c1", 60);
    first.traits = vec![
        apart("monetary", None, 1.9),
        apart("gender", Some("female"), 0.8),
        apart("age", None, 0.1),
    ];
    let mut second = group("c2", 40);
    second.traits = vec![
        apart("recency", None, 1.2),
        apart("gender", Some(""), -0.4),
        apart("attributes.Score", None, -0.3),
    ];
    run.segments = vec![first, second];
    run.params = json!({"features": ["monetary", "gender", "attributes.Score"], "k": "auto", "scale": "standard", "log": ["monetary"], "restarts": 5})
        .as_object()
        .cloned()
        .unwrap();
    run.quality = Quality {
        inertia: Some(120.5),
        silhouette: Some(0.4321),
        stability: Some(0.987),
    };
    run.details = RunDetails {
        features: vec![
            UsedFeature {
                name: "monetary".into(),
                log: true,
                shift: 4.2,
                scale: 1.1,
                missing: 0,
                category: false,
            },
            UsedFeature {
                name: "gender".into(),
                category: true,
                missing: 12,
                ..UsedFeature::default()
            },
        ],
        curve: [(2, 0.43), (3, 0.31)]
            .map(|(k, silhouette)| CurvePoint {
                k,
                inertia: 1.0,
                silhouette: Some(silhouette),
            })
            .to_vec(),
        sample: Some(100),
        seeds: Some(5),
        iterations: Some(14),
        gamma: Some(0.5),
        ..RunDetails::default()
    };
    run
}

fn page(lang: Lang, run: Run) -> String {
    let context = context(lang);
    html(Page::new("run", Nav::Segments, move || {
        view! {
            {quality::figures(&context, &run)}
            {quality::findings(&context, &run)}
            {quality::parameters(&context, &run)}
        }
        .into_any()
    }))
}

#[test]
fn clusters_are_named_by_what_sets_them_apart() {
    let run = clusters();
    let names = |lang: Lang| run.segments.iter().map(|of| group_name(lang, of)).collect::<Vec<_>>();
    assert_eq!(
        names(Lang::En),
        ["C1: high spend, gender female", "C2: long silent, gender not unknown"]
    );
    assert_eq!(
        names(Lang::ZhCn),
        ["C1: 消费高、性别为female", "C2: 久未下单、性别非未知"]
    );
    let mut plain = group("c3", 1);
    plain.traits = vec![apart("age", None, 0.1)];
    assert_eq!(group_name(Lang::En, &plain), "C3: like everybody");
    // A name that the company gave stays as it is.
    plain.own_name = true;
    plain.name = "VIP".into();
    assert_eq!(group_name(Lang::ZhCn, &plain), "VIP");
    assert_eq!(group_name(Lang::En, &group("won_back", 1)), "Won back");
    assert_eq!(["c1", "c7", "c8", "x"].map(colour), [1, 7, 1, 5]);
}

#[test]
fn quality_says_its_base_and_parameters_their_defaults() {
    let html = page(Lang::En, clusters());
    for said in [
        "0.432",
        "on 100 customers",
        "agreement of 5 seeds",
        "What sets the groups apart",
        "/charts/segment-curve-8.svg",
        "/charts/segment-traits-8.png",
        "choose by silhouette, 2 to 12",
        "Spend, Gender, Score",
        "standard deviations (recommended)",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let html = page(Lang::ZhCn, clusters());
    assert!(html.contains("轮廓系数") && !html.contains(">run-"), "{html}");
}

#[test]
fn a_rule_has_no_quality_and_shows_its_cuts() {
    let mut run = run_of(9, Method::Rfm);
    run.details.cuts = Some(types::runs::RunCuts {
        r: Some([10.0, 20.0, 30.5, 40.0]),
        ..types::runs::RunCuts::default()
    });
    let html = page(Lang::En, run);
    assert!(
        !html.contains("Silhouette") && html.contains("10.0 · 20.0 · 30.5 · 40.0"),
        "{html}"
    );
}
