//! Which column is probably which field: by the names that people give to columns, in English and Chinese.

use types::uploads::{Mapping, Source, UploadKind};

/// Our field → the column that it probably is. Each column is used once; fields without a likely column are left out.
pub fn suggest(kind: UploadKind, columns: &[String]) -> Mapping {
    let plain: Vec<String> = columns.iter().map(|name| plain(name)).collect();
    let mut used = vec![false; columns.len()];
    let mut mapping = Mapping::new();
    // Exact names first, so that a loose synonym never takes the column of another field.
    for exact in [true, false] {
        for field in kind.fields().iter() {
            if mapping.contains_key(field.name) {
                continue;
            }
            let own = self::plain(field.name);
            let found = if exact {
                plain.iter().enumerate().position(|(index, name)| !used[index] && *name == own)
            } else {
                names_of(kind, field.name)
                    .iter()
                    .find_map(|wanted| plain.iter().enumerate().position(|(index, name)| !used[index] && name == wanted))
            };
            if let Some(index) = found {
                used[index] = true;
                mapping.insert(field.name.to_owned(), Source::Name(columns[index].clone()));
            }
        }
    }
    mapping
}

/// Letters and digits only, in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn names_of(kind: UploadKind, field: &str) -> &'static [&'static str] {
    use UploadKind::{CampaignCosts, Campaigns, ExchangeRates, Interactions, OrderLines, Orders, Payments, Products, Reviews, Touches};
    match (kind, field) {
        (_, "external_id" | "customer_id") => &[
            "customerid", "customerno", "customernumber", "customer", "custid", "clientid", "client", "userid", "user", "memberid", "buyerid",
            "contactid", "customeruniqueid", "personid", "accountid", "客户编号", "客户id", "客户号", "客户", "用户id", "用户编号", "会员id",
            "会员编号", "会员号", "买家id", "买家会员名", "买家", "顾客编号", "id",
        ],
        (Products, "product_id") => &["productid", "sku", "stockcode", "productcode", "itemid", "articleno", "goodsid", "商品id", "商品编号", "商品编码", "产品编号", "货号", "宝贝id", "id"],
        (_, "product_id") => &["productid", "sku", "stockcode", "productcode", "itemid", "articleno", "articleid", "goodsid", "product", "item", "商品id", "商品编号", "商品编码", "产品编号", "货号", "宝贝id"],
        (Orders, "order_id") => &["orderno", "ordernumber", "invoiceno", "invoice", "invoiceid", "invoicenumber", "transactionid", "transaction", "订单编号", "订单号", "订单id", "交易号", "单号", "id"],
        (_, "order_id") => &["orderno", "ordernumber", "order", "invoiceno", "invoice", "invoiceid", "invoicenumber", "transactionid", "transaction", "basketid", "订单编号", "订单号", "订单id", "交易号", "单号"],
        (_, "line_id") => &["orderitemid", "lineno", "linenumber", "orderlineid", "itemno", "position", "子订单编号", "行号", "明细编号"],
        (OrderLines, "product_name") => &["description", "productdescription", "itemname", "title", "productname", "name", "商品名称", "宝贝标题", "产品名称", "品名", "标题"],
        (Products, "name") => &["productname", "title", "description", "itemname", "商品名称", "产品名称", "宝贝标题", "标题", "品名", "名称"],
        (Campaigns, "name") => &["campaignname", "campaign", "title", "活动名称", "名称"],
        (_, "name") => &["customername", "fullname", "username", "姓名", "名字", "客户名称", "昵称", "收货人姓名"],
        (_, "category") => &["productcategory", "productcategoryname", "categoryname", "cat", "productline", "department", "类目", "品类", "分类", "类别", "商品类目"],
        (_, "brand") => &["brandname", "vendor", "manufacturer", "品牌", "店名", "店铺", "店铺名称"],
        (_, "unit_cost") => &["cost", "costprice", "purchaseprice", "成本", "成本价", "进价"],
        (_, "quantity") => &["qty", "units", "count", "pieces", "数量", "件数", "购买数量", "宝贝总数量"],
        (_, "unit_price") => &["price", "unitprice", "itemprice", "sellingprice", "单价", "价格", "售价", "商品价格"],
        (_, "ordered_at") => &[
            "invoicedate", "orderdate", "orderpurchasetimestamp", "purchasedate", "orderedon", "ordertime", "createdat", "created", "transactiondate",
            "date", "timestamp", "time", "订单创建时间", "下单时间", "订单时间", "下单日期", "订单日期", "成交时间", "日期", "时间",
        ],
        (_, "total") => &["amount", "ordertotal", "totalamount", "grandtotal", "totalprice", "orderamount", "revenue", "买家实际支付金额", "实付金额", "实际支付金额", "总金额", "订单金额", "金额"],
        (Orders, "status") => &["orderstatus", "state", "订单状态", "状态", "交易状态"],
        (_, "payment_method") => &["paymentmethod", "paymenttype", "paymethod", "payment", "preferredpaymentmode", "支付方式", "付款方式"],
        (Payments, "method") => &["paymenttype", "paymentmethod", "type", "支付方式", "付款方式"],
        (Payments, "amount") => &["paymentvalue", "value", "sum", "paid", "支付金额", "付款金额", "金额"],
        (_, "refund_amount") => &["refund", "refunded", "refundvalue", "退款金额", "退款"],
        (_, "refunded_at") => &["refunddate", "refundtime", "退款时间"],
        (_, "delivered_at") => &["orderdeliveredcustomerdate", "deliverydate", "delivereddate", "deliveredon", "签收时间", "送达时间", "收货时间"],
        (_, "coupon") => &["couponcode", "voucher", "promocode", "优惠券", "优惠码"],
        (_, "discount") => &["discountamount", "rebate", "优惠金额", "折扣"],
        (_, "shipping") => &["shippingcost", "freight", "freightvalue", "postage", "运费", "邮费"],
        (_, "currency") => &["currencycode", "币种", "货币"],
        (_, "gender") => &["sex", "性别"],
        (_, "birth_date") => &["birthday", "dateofbirth", "dob", "birthdate", "生日", "出生日期"],
        (_, "age") => &["years", "年龄"],
        (_, "city") => &["customercity", "town", "shipcity", "城市", "所在城市", "市"],
        (_, "province") => &["state", "customerstate", "region", "county", "省份", "省", "地区"],
        (_, "country") => &["nation", "countrycode", "国家"],
        (_, "occupation") => &["job", "profession", "职业"],
        (_, "education") => &["degree", "学历", "教育程度"],
        (_, "income") => &["salary", "annualincome", "收入", "月收入", "年收入"],
        (_, "email") => &["emailaddress", "mail", "邮箱", "电子邮箱", "电子邮件"],
        (_, "phone") => &["telephone", "mobile", "phonenumber", "tel", "手机", "手机号", "电话", "联系电话"],
        (_, "signed_up_at") => &["signupdate", "registeredat", "registrationdate", "joindate", "createdat", "注册时间", "注册日期"],
        (_, "preferred_channel") => &["preferredcontact", "channel", "首选渠道", "偏好渠道"],
        (_, "consent_marketing") => &["marketingconsent", "optin", "newsletter", "营销同意"],
        (_, "consent_profiling") => &["profilingconsent", "画像同意"],
        (CampaignCosts, "campaign_id") => &["xyzcampaignid", "campaign", "campaignname", "fbcampaignid", "活动id", "活动编号", "计划id"],
        (Campaigns, "campaign_id") => &["campaigncode", "活动id", "活动编号", "id"],
        (_, "campaign_id") => &["campaign", "campaigncode", "campaignname", "活动id", "活动编号"],
        (CampaignCosts | ExchangeRates, "day") => &["date", "reportingdate", "日期", "时间"],
        (CampaignCosts, "cost") => &["spent", "spend", "amountspent", "花费", "费用", "消耗", "成本"],
        (_, "impressions") => &["shows", "views", "展示", "展示量", "曝光量", "展现量"],
        (_, "clicks") => &["linkclicks", "点击", "点击量"],
        (_, "conversions") => &["totalconversion", "approvedconversion", "results", "转化", "转化数", "成交笔数"],
        (Campaigns, "starts_at") => &["start", "startdate", "from", "begin", "开始日期", "开始时间"],
        (Campaigns, "ends_at") => &["end", "enddate", "to", "until", "结束日期", "结束时间"],
        (_, "objective") => &["goal", "purpose", "目标", "目的"],
        (_, "budget") => &["plannedcost", "预算"],
        (_, "holdout_share") => &["holdout", "controlshare", "对照比例"],
        (Touches, "kind") => &["interaction", "event", "eventtype", "type", "action", "segment", "触达类型", "类型"],
        (Interactions, "kind") => &["event", "eventtype", "type", "action", "behavior", "behaviour", "行为", "行为类型", "类型"],
        (Touches | Interactions, "at") => &["time", "timestamp", "date", "datetime", "eventtime", "时间", "日期", "行为时间"],
        (Reviews, "at") => &["reviewcreationdate", "date", "time", "createdat", "评论时间", "评价时间", "时间"],
        (_, "channel") => &["source", "medium", "saleschannel", "渠道", "来源"],
        (_, "session") => &["sessionid", "visitid", "会话"],
        (_, "subject") => &["page", "item", "title", "url", "主题", "页面"],
        (_, "value") => &["conversionvalue", "amount", "价值", "金额"],
        (_, "cost") => &["price", "spend", "费用", "成本"],
        (_, "review_id") => &["reviewno", "commentid", "评论id", "评价id"],
        (_, "rating") => &["reviewscore", "score", "stars", "label", "评分", "星级", "标签"],
        (_, "text") => &["reviewcommentmessage", "review", "comment", "content", "message", "body", "评论", "评论内容", "评价", "评价内容", "内容"],
        (_, "source") => &["site", "platform", "cat", "来源", "平台"],
        (_, "rate") => &["exchangerate", "value", "汇率"],
        _ => &[],
    }
}
