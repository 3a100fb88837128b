//! Words that mean one of ours: yes and no, genders, order statuses, kinds of touch, in English and Chinese.

/// `None`: the word is neither yes nor no.
pub fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "t" | "1" | "1.0" | "on" | "x" | "是" | "有" | "对" | "同意" | "true()" => {
            Some(true)
        }
        "no" | "n" | "false" | "f" | "0" | "0.0" | "off" | "否" | "无" | "不" | "不同意" | "false()" => {
            Some(false)
        }
        _ => None,
    }
}

/// What a word is among the words of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Ours(&'static str),
    /// The word says that the value is not known.
    Unknown,
    Strange,
}

pub fn choice(text: &str, ours: &'static [&'static str]) -> Choice {
    let word = text.trim().to_lowercase().replace([' ', '-'], "_");
    if let Some(known) = ours.iter().find(|known| **known == word) {
        return Choice::Ours(known);
    }
    if matches!(
        word.as_str(),
        "unknown" | "n/a" | "na" | "null" | "none" | "?" | "未知" | "不详" | "保密" | "u"
    ) {
        return Choice::Unknown;
    }
    let meant = SYNONYMS.iter().filter(|(_, words)| words.contains(&word.as_str()));
    for (known, _) in meant {
        if let Some(known) = ours.iter().find(|our| *our == known) {
            return Choice::Ours(known);
        }
    }
    Choice::Strange
}

/// Ours, and what others say for it. Words of different fields may be the same: only the words of the field count.
const SYNONYMS: &[(&str, &[&str])] = &[
    (
        "female",
        &[
            "f", "w", "woman", "women", "girl", "weiblich", "femme", "女", "女性", "女士",
        ],
    ),
    (
        "male",
        &["m", "man", "men", "boy", "männlich", "homme", "男", "男性", "先生"],
    ),
    (
        "other",
        &["o", "x", "d", "diverse", "non_binary", "nonbinary", "其他", "其它"],
    ),
    (
        "placed",
        &[
            "created",
            "new",
            "open",
            "pending",
            "ordered",
            "submitted",
            "received",
            "已下单",
            "待处理",
            "新订单",
        ],
    ),
    (
        "paid",
        &[
            "payed",
            "approved",
            "invoiced",
            "processing",
            "confirmed",
            "已付款",
            "已支付",
            "待发货",
            "买家已付款",
        ],
    ),
    (
        "shipped",
        &["sent", "dispatched", "in_transit", "已发货", "运输中", "卖家已发货"],
    ),
    (
        "delivered",
        &[
            "complete",
            "completed",
            "done",
            "closed",
            "fulfilled",
            "received_by_customer",
            "已送达",
            "已签收",
            "已完成",
            "交易成功",
        ],
    ),
    (
        "returned",
        &["return", "refunded", "refund", "已退货", "已退款", "退货", "退款"],
    ),
    (
        "cancelled",
        &[
            "canceled",
            "cancel",
            "void",
            "voided",
            "unavailable",
            "已取消",
            "取消",
            "交易关闭",
            "已关闭",
        ],
    ),
    (
        "unpaid",
        &[
            "not_paid",
            "awaiting_payment",
            "payment_pending",
            "未付款",
            "未支付",
            "待付款",
            "等待买家付款",
        ],
    ),
    (
        "shown",
        &[
            "show",
            "impression",
            "impressions",
            "view",
            "viewed",
            "display",
            "displayed",
            "seen",
            "展示",
            "曝光",
        ],
    ),
    ("sent", &["send", "mailed", "发送", "已发送"]),
    ("delivered", &["delivery", "arrived", "送达"]),
    ("opened", &["open", "read", "打开", "已打开"]),
    ("clicked", &["click", "clicks", "点击", "已点击"]),
    ("converted", &["conversion", "convert", "purchase", "purchased", "转化"]),
    (
        "held_out",
        &[
            "holdout",
            "hold_out",
            "control",
            "control_group",
            "no_contact",
            "对照",
            "对照组",
        ],
    ),
];
