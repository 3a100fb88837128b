//! A file of each kind to begin with: a header that is recognised without mapping, and two example rows that would be taken.

use crate::error::{Error, Result};
use types::uploads::UploadKind;

/// The language of a template's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateLanguage {
    /// The names of our fields.
    English,
    /// The words that Chinese systems use.
    Chinese,
}

impl TemplateLanguage {
    pub const ALL: [TemplateLanguage; 2] = [TemplateLanguage::English, TemplateLanguage::Chinese];

    /// By the code that pages use: `en`, `zh-CN`.
    pub fn parse(code: &str) -> Option<TemplateLanguage> {
        match code {
            "en" => Some(TemplateLanguage::English),
            "zh-CN" | "zh" => Some(TemplateLanguage::Chinese),
            _ => None,
        }
    }
}

/// The template as CSV in UTF-8, with the byte-order mark without which spreadsheet programs garble Chinese.
pub fn template(kind: UploadKind, language: TemplateLanguage) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let columns: Vec<&Column> = kind
        .fields()
        .iter()
        .filter_map(|field| columns(kind).iter().find(|column| column.0 == field.name))
        .collect();
    let header = columns.iter().map(|column| match language {
        TemplateLanguage::English => column.0,
        TemplateLanguage::Chinese => column.1,
    });
    csv.write_record(header).map_err(Error::internal)?;
    for row in 0..2 {
        csv.write_record(columns.iter().map(|column| column.2[row]))
            .map_err(Error::internal)?;
    }
    csv.into_inner().map_err(|error| Error::internal(error.to_string()))
}

/// Our field, its Chinese header, and its value in the two example rows.
type Column = (&'static str, &'static str, [&'static str; 2]);

fn columns(kind: UploadKind) -> &'static [Column] {
    match kind {
        UploadKind::Customers => &[
            ("external_id", "客户编号", ["C1001", "C1002"]),
            ("name", "姓名", ["Zoë Martin", "李雷"]),
            ("gender", "性别", ["female", "male"]),
            ("birth_date", "出生日期", ["1988-04-17", "1995-11-02"]),
            ("age", "年龄", ["", ""]),
            ("city", "城市", ["Lyon", "杭州"]),
            ("province", "省份", ["", "浙江"]),
            ("country", "国家", ["France", "中国"]),
            ("occupation", "职业", ["engineer", "教师"]),
            ("education", "学历", ["master", "本科"]),
            ("income", "年收入", ["42000", "180000"]),
            ("email", "邮箱", ["zoe@example.com", "lilei@example.com"]),
            ("phone", "手机号", ["+33 1 00 00 00 00", "13800000000"]),
            (
                "signed_up_at",
                "注册时间",
                ["2025-03-01 09:30:00", "2025-03-02 14:05:00"],
            ),
            ("preferred_channel", "首选渠道", ["email", "sms"]),
            ("consent_marketing", "营销同意", ["yes", "no"]),
            ("consent_profiling", "画像同意", ["yes", "yes"]),
        ],
        UploadKind::Products => &[
            ("product_id", "商品编号", ["P200", "P201"]),
            ("name", "商品名称", ["Hand cream 75 ml", "保湿面霜"]),
            ("category", "类目", ["Skin care", "护肤"]),
            ("brand", "品牌", ["Alba", "自然堂"]),
            ("unit_cost", "成本价", ["3.20", "41.50"]),
        ],
        UploadKind::Orders => &[
            ("order_id", "订单编号", ["A5001", "A5002"]),
            ("customer_id", "客户编号", ["C1001", "C1002"]),
            ("ordered_at", "下单时间", ["2026-01-15 18:20:00", "2026-01-16 08:45:00"]),
            ("total", "订单金额", ["19.80", "128.00"]),
            ("currency", "币种", ["EUR", "CNY"]),
            ("status", "订单状态", ["delivered", "paid"]),
            ("payment_method", "支付方式", ["card", "alipay"]),
            ("channel", "渠道", ["web", "app"]),
            ("city", "城市", ["Lyon", "杭州"]),
            ("coupon", "优惠券", ["SPRING", ""]),
            ("discount", "优惠金额", ["2.00", ""]),
            ("shipping", "运费", ["4.90", "0"]),
            ("refund_amount", "退款金额", ["", ""]),
            ("refunded_at", "退款时间", ["", ""]),
            ("delivered_at", "签收时间", ["2026-01-18 11:00:00", ""]),
        ],
        UploadKind::OrderLines => &[
            ("order_id", "订单编号", ["A5001", "A5002"]),
            ("customer_id", "客户编号", ["C1001", "C1002"]),
            ("ordered_at", "下单时间", ["2026-01-15 18:20:00", "2026-01-16 08:45:00"]),
            ("line_id", "行号", ["1", "1"]),
            ("product_id", "商品编号", ["P200", "P201"]),
            ("product_name", "商品名称", ["Hand cream 75 ml", "保湿面霜"]),
            ("category", "类目", ["Skin care", "护肤"]),
            ("quantity", "数量", ["2", "1"]),
            ("unit_price", "单价", ["9.90", "128.00"]),
            ("currency", "币种", ["EUR", "CNY"]),
            ("city", "城市", ["Lyon", "杭州"]),
            ("country", "国家", ["France", "中国"]),
            ("channel", "渠道", ["web", "app"]),
            ("payment_method", "支付方式", ["card", "alipay"]),
        ],
        UploadKind::Payments => &[
            ("order_id", "订单编号", ["A5001", "A5002"]),
            ("method", "支付方式", ["card", "alipay"]),
            ("amount", "支付金额", ["19.80", "128.00"]),
            ("currency", "币种", ["EUR", "CNY"]),
        ],
        UploadKind::Interactions => &[
            ("customer_id", "客户编号", ["C1001", "C1002"]),
            ("at", "行为时间", ["2026-01-15 18:02:11", "2026-01-16 08:40:00"]),
            ("kind", "行为类型", ["view", "cart"]),
            ("channel", "渠道", ["web", "app"]),
            ("subject", "页面", ["/hand-cream", "/保湿面霜"]),
            ("category", "类目", ["Skin care", "护肤"]),
            ("session", "会话", ["s-81", "s-82"]),
            ("value", "价值", ["", "128.00"]),
        ],
        UploadKind::Campaigns => &[
            ("campaign_id", "活动编号", ["M10", "M11"]),
            ("name", "活动名称", ["Spring letter", "春节短信"]),
            ("channel", "渠道", ["email", "sms"]),
            ("starts_at", "开始日期", ["2026-03-01", "2026-02-10"]),
            ("ends_at", "结束日期", ["2026-03-31", "2026-02-20"]),
            ("objective", "目标", ["win back", "复购"]),
            ("budget", "预算", ["1500", "8000"]),
            ("holdout_share", "对照比例", ["0.1", "0.2"]),
        ],
        UploadKind::CampaignCosts => &[
            ("campaign_id", "活动编号", ["M10", "M11"]),
            ("day", "日期", ["2026-03-01", "2026-02-10"]),
            ("cost", "花费", ["48.20", "310.00"]),
            ("currency", "币种", ["EUR", "CNY"]),
            ("channel", "渠道", ["email", "sms"]),
            ("impressions", "展示量", ["12000", "8000"]),
            ("clicks", "点击量", ["340", "95"]),
            ("conversions", "转化数", ["12", "7"]),
        ],
        UploadKind::Touches => &[
            ("customer_id", "客户编号", ["C1001", "C1002"]),
            ("at", "时间", ["2026-03-01 10:00:00", "2026-03-01 10:00:00"]),
            ("kind", "触达类型", ["sent", "held_out"]),
            ("campaign_id", "活动编号", ["M10", "M10"]),
            ("channel", "渠道", ["email", "email"]),
            ("cost", "费用", ["0.02", ""]),
            ("value", "价值", ["", ""]),
        ],
        UploadKind::Reviews => &[
            ("customer_id", "客户编号", ["C1001", "C1002"]),
            ("product_id", "商品编号", ["P200", "P201"]),
            ("order_id", "订单编号", ["A5001", "A5002"]),
            ("review_id", "评论id", ["R1", "R2"]),
            ("rating", "评分", ["5", "4"]),
            ("text", "评论内容", ["Smells good, lasts long.", "很好用，会回购"]),
            ("at", "评论时间", ["2026-01-25 20:15:00", "2026-01-28 09:00:00"]),
            ("source", "平台", ["shop", "天猫"]),
        ],
        UploadKind::ExchangeRates => &[
            ("day", "日期", ["2026-01-15", "2026-01-15"]),
            ("currency", "币种", ["EUR", "USD"]),
            ("rate", "汇率", ["7.85", "7.12"]),
        ],
    }
}
