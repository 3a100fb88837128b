//! The list of campaigns, as plain tables: yearly ones, single ones, and the channels that always run.

use crate::campaigns::{AlwaysOn, Effect};
use crate::kinds::{APP_PUSH, CONTACTS, EMAIL, SMS, SOCIAL, WECHAT};

/// A campaign before its dates: channel of contact, hold-out, share of the audience, number of messages.
pub struct Draft {
    pub name: &'static str,
    pub contact: usize,
    pub objective: &'static str,
    pub holdout: f64,
    pub share: f64,
    pub waves: i64,
    /// Local hour of sending.
    pub hour: i64,
}

/// Held every year: the newer of the last two draws less, as campaigns do that copy each other.
pub const YEARLY: [(Draft, [Effect; 2], Yearly); 5] = [
    (
        Draft {
            name: "Lunar New Year gifts 新年礼遇",
            contact: WECHAT,
            objective: "retention",
            holdout: 0.2,
            share: 0.66,
            waves: 2,
            hour: 20,
        },
        [Effect::Orders(0.06), Effect::Orders(0.045)],
        Yearly::BeforeNewYear(24),
    ),
    (
        Draft {
            name: "Mid-year sale 年中大促",
            contact: SMS,
            objective: "retention",
            holdout: 0.2,
            share: 0.57,
            waves: 2,
            hour: 12,
        },
        [Effect::Orders(0.06), Effect::Orders(0.035)],
        Yearly::On(6, 3),
    ),
    (
        Draft {
            name: "Back to school 开学季",
            contact: EMAIL,
            objective: "cross_selling",
            holdout: 0.3,
            share: 0.49,
            waves: 2,
            hour: 8,
        },
        [Effect::Nothing, Effect::Nothing],
        Yearly::On(8, 24),
    ),
    (
        Draft {
            name: "Double 11 双十一",
            contact: APP_PUSH,
            objective: "retention",
            holdout: 0.1,
            share: 0.74,
            waves: 2,
            hour: 20,
        },
        [Effect::Orders(0.09), Effect::Orders(0.06)],
        Yearly::On(11, 1),
    ),
    (
        Draft {
            name: "Winter gifts 冬日好礼",
            contact: EMAIL,
            objective: "cross_selling",
            holdout: 0.25,
            share: 0.57,
            waves: 2,
            hour: 18,
        },
        [Effect::Orders(0.05), Effect::Orders(0.03)],
        Yearly::On(12, 2),
    ),
];

/// When a yearly campaign starts: a month and day, or so many days before the Chinese New Year.
#[derive(Clone, Copy)]
pub enum Yearly {
    On(u32, u32),
    BeforeNewYear(i64),
}

/// Once, so many days before the end.
pub const ONCE: [(Draft, Effect, i64); 8] = [
    (
        Draft {
            name: "Win-back letter 老友回归",
            contact: EMAIL,
            objective: "win_back",
            holdout: 0.5,
            share: 0.74,
            waves: 1,
            hour: 9,
        },
        Effect::Orders(0.05),
        655,
    ),
    (
        Draft {
            name: "Brand story 品牌故事",
            contact: SOCIAL,
            objective: "brand",
            holdout: 0.3,
            share: 0.49,
            waves: 2,
            hour: 20,
        },
        Effect::Nothing,
        540,
    ),
    (
        Draft {
            name: "Daily reminder 每日提醒",
            contact: SMS,
            objective: "retention",
            holdout: 0.5,
            share: 0.41,
            waves: 3,
            hour: 8,
        },
        Effect::DrivesAway(0.28),
        470,
    ),
    (
        Draft {
            name: "Loyalty thanks 会员答谢",
            contact: WECHAT,
            objective: "retention",
            holdout: 0.3,
            share: 0.66,
            waves: 1,
            hour: 19,
        },
        Effect::Orders(0.055),
        385,
    ),
    (
        Draft {
            name: "Flash offers 限时闪购",
            contact: APP_PUSH,
            objective: "retention",
            holdout: 0.2,
            share: 0.66,
            waves: 3,
            hour: 12,
        },
        Effect::Orders(0.07),
        300,
    ),
    (
        Draft {
            name: "Outdoor season 户外季",
            contact: EMAIL,
            objective: "cross_selling",
            holdout: 0.3,
            share: 0.49,
            waves: 2,
            hour: 9,
        },
        Effect::Orders(0.05),
        215,
    ),
    (
        Draft {
            name: "Win-back coupon 回归礼券",
            contact: SMS,
            objective: "win_back",
            holdout: 0.5,
            share: 0.66,
            waves: 1,
            hour: 13,
        },
        Effect::Orders(0.04),
        130,
    ),
    (
        Draft {
            name: "New arrivals 新品预览",
            contact: APP_PUSH,
            objective: "cross_selling",
            holdout: 0.2,
            share: 0.57,
            waves: 2,
            hour: 20,
        },
        Effect::Orders(0.05),
        18,
    ),
];
/// Of [`ONCE`]: made for outdoor enthusiasts; and the one whose hold-out does not arrive as announced.
pub const OUTDOOR_SEASON: usize = 5;
pub const OUTDOOR_KIND: usize = 4;
pub const FAULTY: usize = 6;
pub const FAULTY_ARRIVES: f64 = 0.44;
/// Of [`ONCE`]: sent from the company's own application, so that no cost is known.
pub const WITHOUT_COST: usize = 4;

pub const ALWAYS_ON: [(&str, &str, AlwaysOn, i64); 4] = [
    (
        "Search ads 搜索推广",
        "search",
        AlwaysOn {
            before_order: 0.12,
            idle: 0.15,
            clicks: true,
            claims: true,
        },
        3150,
    ),
    (
        "Social retargeting 社交再营销",
        "social",
        AlwaysOn {
            before_order: 0.09,
            idle: 0.35,
            clicks: true,
            claims: true,
        },
        3040,
    ),
    (
        "Display ads 展示广告",
        "display",
        AlwaysOn {
            before_order: 0.09,
            idle: 0.6,
            clicks: false,
            claims: false,
        },
        2250,
    ),
    (
        "Affiliates 联盟推广",
        "affiliate",
        AlwaysOn {
            before_order: 0.04,
            idle: 0.05,
            clicks: true,
            claims: false,
        },
        3600,
    ),
];

/// Hundredths per contact with everything that belongs to it: gift, coupon, agency.
pub const PER_CONTACT: [i64; CONTACTS.len()] = [120, 150, 220, 70, 420];
