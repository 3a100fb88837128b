//! The first page in both languages, from hand-made data.

use super::{Loaded, begin, view};
use crate::i18n::Lang;
use crate::testing::{context, day, html, manager};
use types::campaigns::{CampaignList, Return};
use types::overview::{Compared, Overview, RevenueDay, RoiMonth};
use types::query::Period;

fn overview() -> Overview {
    let compared = |now, before| Compared {
        now: Some(now),
        before: Some(before),
    };
    let days = |start: &str| -> Vec<RevenueDay> {
        let first = day(start);
        (0..14)
            .map(|n| RevenueDay {
                day: first + chrono::Days::new(n),
                orders: 10,
                revenue: 1_000.0,
                net_revenue: 950.0,
            })
            .collect()
    };
    Overview {
        currency: "EUR".into(),
        data_version: 318,
        data_as_of: None,
        period: Period {
            from: day("2026-08-25"),
            to: day("2026-11-23"),
        },
        comparison: Period {
            from: day("2026-05-27"),
            to: day("2026-08-25"),
        },
        net_revenue: compared(13_420_000.0, 12_003_577.8),
        refunds: compared(120_000.0, 110_000.0),
        orders: compared(268_114.0, 248_203.0),
        active_customers: compared(412_306.0, 399_908.0),
        repeat_rate: compared(0.314, 0.320),
        campaign_roi: Compared {
            now: Some(1.74),
            before: None,
        },
        by_day: days("2026-08-25"),
        by_day_before: days("2026-05-27"),
        campaign_roi_by_month: vec![RoiMonth {
            month: day("2026-09-01"),
            cost: 10.0,
            net_revenue: 25.0,
            roi: Some(1.5),
        }],
        customers: 1_000_000,
        orders_without_customer: 12,
        not_converted: 0,
    }
}

fn loaded() -> Loaded {
    let campaigns = CampaignList {
        currency: "EUR".into(),
        data_version: 318,
        data_as_of: None,
        window_days: 30,
        items: Vec::new(),
        next: None,
        total: Return::default(),
        not_converted: 0,
    };
    Loaded {
        overview: overview(),
        campaigns,
        run: None,
    }
}

#[test]
fn the_first_sentence_says_what_the_figures_say() {
    let page = html(view(&context(Lang::En), loaded()));
    assert!(
        page.contains("Net revenue is 11.8\u{202f}% above the 90 days before."),
        "{page}"
    );
    assert!(
        page.contains("412,306 customers ordered; for 31.4\u{202f}% of them it was not the first time."),
        "{page}"
    );
    assert!(
        page.contains("▼ ") && page.contains("0.6\u{202f}pt") && page.contains("from 32.0\u{202f}%"),
        "{page}"
    );
    assert!(page.contains("12 orders have no customer"), "{page}");
    let page = html(view(&context(Lang::ZhCn), loaded()));
    assert!(page.contains("净收入比之前 90 天高 11.8%"), "{page}");
}

#[test]
fn a_figure_without_a_base_says_so() {
    let page = html(view(&context(Lang::En), loaded()));
    assert!(
        page.contains("1.74") && page.contains("nothing before to compare with"),
        "{page}"
    );
}

#[test]
fn files_have_the_query_of_the_page() {
    assert!(html(view(&manager(Lang::En), loaded())).contains("/charts/revenue.csv?from=2026-08-25"));
}

#[test]
fn before_the_first_data_the_page_leads_to_the_upload() {
    for lang in Lang::ALL {
        assert!(html(begin::view(&context(lang))).contains("/uploads/new"));
        assert!(!html(begin::view(&manager(lang))).contains("/uploads/new"));
    }
}
