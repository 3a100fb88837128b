//! Campaign pages in both languages, from hand-made data: what matters is said, and nothing that is not known.

use super::{list, one};
use crate::campaigns::charts;
use crate::i18n::Lang;
use crate::testing::{context, day, html, manager};
use types::campaigns::*;

pub fn lift(outcome: &str, verdict: Verdict) -> Lift {
    Lift {
        outcome: outcome.into(),
        treated: Arm {
            n: 2_000,
            mean: Some(0.13),
        },
        held_out: Arm {
            n: 2_000,
            mean: Some(0.0805),
        },
        excluded: 3,
        difference: Some(0.0495),
        low: Some(0.030_544_597),
        high: Some(0.068_545_391),
        level: 0.95,
        z: Some(5.1),
        p: Some(0.000_01),
        sample_ratio_p: Some(0.61),
        verdict,
    }
}

pub fn campaign() -> Campaign {
    let figures = Return {
        cost: 29_470.0,
        revenue: 151_900.0,
        refunds: 10_000.0,
        net_revenue: 141_900.0,
        roi: Some(3.82),
        roas: Some(5.15),
        net_roas: Some(4.82),
        cac: Some(18.4),
        payback_days: Some(23),
        orders: 1_520,
        new_customers: 160,
        people: 58_940,
        margin: None,
    };
    let row = CampaignRow {
        campaign_id: "gw/26".into(),
        name: Some("Golden Week, mail".into()),
        channel: Some("email".into()),
        objective: None,
        starts_at: Some(day("2026-10-01")),
        ends_at: Some(day("2026-10-08")),
        budget: None,
        figures,
        verdict: Verdict::Proven,
    };
    let slice = |key: &str| ReturnSlice {
        key: key.into(),
        people: 100,
        cost: None,
        orders: 7,
        revenue: 800.0,
        net_revenue: 700.0,
        roi: None,
    };
    Campaign {
        currency: "EUR".into(),
        data_version: 318,
        data_as_of: None,
        window_days: 30,
        row,
        holdout_share: Some(0.5),
        funnel: vec![
            FunnelStep {
                step: "touched".into(),
                customers: 58_940,
            },
            FunnelStep {
                step: "ordered".into(),
                customers: 1_400,
            },
        ],
        by_segment: vec![slice("at_risk")],
        by_channel: vec![slice("email"), slice("carrier pigeon")],
        by_day: vec![ReturnDay {
            day: day("2026-10-01"),
            cost: 900.0,
            orders: 3,
            revenue: 300.0,
            net_revenue: 280.0,
        }],
        lift: vec![lift("visited", Verdict::NotProven), lift("ordered", Verdict::Proven)],
        not_converted: 0,
        refund_documents: 512.5,
    }
}

fn campaigns(items: Vec<CampaignRow>) -> CampaignList {
    let total = items.first().map(|row| row.figures).unwrap_or_default();
    CampaignList {
        currency: "EUR".into(),
        data_version: 318,
        data_as_of: None,
        window_days: 30,
        items,
        next: None,
        total,
        not_converted: 2,
    }
}

/// Addresses of the builder in a page, readable.
fn builders(page: &str) -> Vec<String> {
    page.split("href=\"/segments/new?rule=")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|rule| {
            let text = rule.replace("%7B", "{").replace("%7D", "}").replace("%22", "\"");
            text.replace("%2C", ",")
                .replace("%5B", "[")
                .replace("%5D", "]")
                .replace("%2F", "/")
        })
        .collect()
}

#[test]
fn bars_lead_to_those_who_were_touched_and_held_out() {
    let own = r#"{"field":"campaign_id","op":"eq","value":"gw/26"}"#;
    let not = r#"{"field":"kind","op":"ne","value":"held_out"}"#;
    let touched = format!(r#"{{"all":[{{"touches":{{"count":{{"ge":1}},"where":{{"all":[{own},{not}]}}}}}}]}}"#);
    let held = touched.replace("\"ne\"", "\"eq\"");
    let found = builders(&html(one::view(&context(Lang::En), campaign(), Some(7))));
    // The step of the funnel; the arm in three widths and in the table.
    assert_eq!(found.iter().filter(|rule| **rule == touched).count(), 5, "{found:?}");
    assert_eq!(found.iter().filter(|rule| **rule == held).count(), 4, "{found:?}");
    let group = touched.replacen("[", r#"[{"run":{"id":7,"segment":"at_risk"}},"#, 1);
    assert_eq!(found.iter().filter(|rule| **rule == group).count(), 1, "{found:?}");
    assert_eq!(found.len(), 10, "ordering is no touch: {found:?}");
    let listed = builders(&html(list::view(&context(Lang::En), campaigns(vec![campaign().row]))));
    assert!(
        !listed.is_empty() && listed.iter().all(|rule| *rule == touched),
        "{listed:?}"
    );
}

#[test]
fn one_campaign_says_whether_it_worked() {
    let page = html(one::view(&context(Lang::En), campaign(), Some(7)));
    assert!(
        page.contains("Yes. 13.00\u{202f}% of those contacted ordered, against 8.05\u{202f}% of those held out."),
        "{page}"
    );
    assert!(page.contains("+3.05 to +6.85\u{202f}pt"), "{page}");
    assert!(
        page.contains("At risk") && page.contains("carrier pigeon") && page.contains("E-mail"),
        "{page}"
    );
    assert!(
        page.contains("€\u{202f}512.50"),
        "refund documents stand beside: {page}"
    );
    assert!(page.contains("/reports/campaign.xlsx?campaign=gw%2F26"), "{page}");
    assert!(
        page.contains("Only 25 Aug to 22 Nov 2026 is counted"),
        "the address names days: {page}"
    );
    let mut whole = context(Lang::ZhCn);
    whole.query = String::new();
    let page = html(one::view(&whole, campaign(), Some(7)));
    assert!(!page.contains("2026年8月25日"), "{page}");
    assert!(page.contains("触达组中 13.00% 的人下单，对照组为 8.05%"), "{page}");
    assert!(page.contains("2026年10月1日至10月8日"), "{page}");
}

#[test]
fn an_interval_with_zero_is_not_proven_and_no_holdout_is_said() {
    let mut unproven = campaign();
    unproven.row.verdict = Verdict::NotProven;
    unproven.lift = vec![Lift {
        low: Some(-0.002),
        ..lift("ordered", Verdict::NotProven)
    }];
    let page = html(one::view(&context(Lang::En), unproven, Some(7)));
    assert!(page.contains("Not proven.") && page.contains("includes zero"), "{page}");
    let mut without = campaign();
    without.row.verdict = Verdict::NoHoldout;
    without.lift = Vec::new();
    let page = html(one::view(&context(Lang::En), without, Some(7)));
    assert!(
        page.contains("Nobody was held out") && !page.contains("chart-lift"),
        "{page}"
    );
}

#[test]
fn arms_of_the_wrong_size_are_an_alarm() {
    let mut skewed = campaign();
    skewed.lift = vec![Lift {
        sample_ratio_p: Some(0.000_2),
        ..lift("ordered", Verdict::Proven)
    }];
    let page = html(one::view(&context(Lang::En), skewed, Some(7)));
    assert!(
        page.contains("not of the sizes that were planned") && page.contains("p &lt; 0.001"),
        "{page}"
    );
}

#[test]
fn the_list_has_every_figure_and_its_files_for_those_who_may() {
    let page = html(list::view(&context(Lang::En), campaigns(vec![campaign().row])));
    for text in [
        "Golden Week, mail",
        "3.82",
        "5.15",
        "€\u{202f}18.40",
        "proven",
        "2 amounts are not in these figures",
    ] {
        assert!(page.contains(text), "{text} is missing: {page}");
    }
    assert!(page.contains(r#"href="/campaigns/gw%2F26""#), "{page}");
    assert!(
        page.contains("/reports/campaigns.csv?from=2026-08-25") && page.contains("/charts/campaign-returns.svg"),
        "{page}"
    );
    let page = html(list::view(&manager(Lang::ZhCn), campaigns(vec![campaign().row])));
    assert!(!page.contains("/reports/"), "{page}");
    assert!(page.contains("已证实"), "{page}");
}

#[test]
fn without_campaigns_the_page_says_what_to_do() {
    let mut first = context(Lang::En);
    first.data.version = 0;
    assert!(html(list::view(&first, campaigns(Vec::new()))).contains("/uploads/new"));
    assert!(html(list::view(&context(Lang::En), campaigns(Vec::new()))).contains("25 Aug to 22 Nov 2026"));
}

#[test]
fn days_without_cost_or_order_are_drawn() {
    let mut sparse = campaign();
    sparse.by_day.push(ReturnDay {
        day: day("2026-10-05"),
        cost: 1.0,
        orders: 0,
        revenue: 0.0,
        net_revenue: 0.0,
    });
    let spec = charts::days(&context(Lang::En).format, &sparse);
    assert_eq!(spec.categories.len(), 5);
    assert_eq!(
        spec.series[1]
            .points
            .iter()
            .filter_map(|point| point.value)
            .sum::<f64>(),
        901.0
    );
}

#[test]
fn a_long_campaign_is_drawn_by_week_and_loses_nothing() {
    let mut long = campaign();
    let start = day("2026-01-01");
    long.by_day = (0..365)
        .map(|n| ReturnDay {
            day: start + chrono::Days::new(n),
            cost: 1.0,
            orders: 1,
            revenue: 3.0,
            net_revenue: 2.0,
        })
        .collect();
    let spec = charts::days(&context(Lang::En).format, &long);
    assert_eq!(spec.categories.len(), 53);
    assert_eq!(spec.categories[1].label, "Week of 5 Jan 2026");
    assert_eq!(
        spec.series[0]
            .points
            .iter()
            .filter_map(|point| point.value)
            .sum::<f64>(),
        730.0
    );
}

#[test]
fn a_long_list_is_cut_in_the_picture_and_says_so() {
    let rows: Vec<CampaignRow> = (0..30)
        .map(|n| {
            let mut row = campaign().row;
            row.campaign_id = format!("c{n}");
            row.figures.cost = f64::from(n);
            row
        })
        .collect();
    let list = campaigns(rows);
    let spec = charts::returned(&context(Lang::En).format, &list);
    assert_eq!(spec.categories.len(), 16);
    assert!(
        spec.notes.iter().any(|note| note.contains("16") && note.contains("30")),
        "{:?}",
        spec.notes
    );
    assert_eq!(
        charts::cost_and_revenue(&context(Lang::En).format, &list).series.len(),
        2
    );
}
