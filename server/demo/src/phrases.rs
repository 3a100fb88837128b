//! The fragments that reviews are put together from, in Chinese and English. Every pair of rows says the same in both.

/// What a review may be about.
pub const ASPECTS: [&str; 5] = ["quality", "price", "delivery", "service", "packaging"];
pub const QUALITY: usize = 0;
pub const DELIVERY: usize = 2;
pub const SERVICE: usize = 3;

/// By language, aspect, fragment.
pub const PRAISE: [[[&str; 4]; 5]; 2] = [
    [
        [
            "质量很好",
            "做工精细，手感不错",
            "用了一个月依然很满意",
            "材料扎实，比想象中好",
        ],
        ["价格实惠", "性价比很高", "活动价买的，非常划算", "这个价位很值"],
        ["物流很快，第二天就到了", "发货速度快", "快递准时送达", "配送很及时"],
        ["客服耐心解答", "客服态度很好", "售后处理得很快", "店家回复及时"],
        ["包装完好", "包装很用心，送人也合适", "包装结实，没有破损", "盒子很漂亮"],
    ],
    [
        [
            "The quality is excellent",
            "Well made and feels solid",
            "Still very happy after a month",
            "Better material than I expected",
        ],
        [
            "Great value for money",
            "The price is fair",
            "A real bargain with the coupon",
            "Worth every penny",
        ],
        [
            "Delivery was fast",
            "Arrived the next day",
            "The parcel came right on time",
            "Shipping was quick",
        ],
        [
            "Customer service was friendly",
            "Support answered within minutes",
            "My question was solved quickly",
            "Very helpful staff",
        ],
        [
            "Nicely packed",
            "The packaging was perfect for a gift",
            "Well protected in the box",
            "Lovely packaging",
        ],
    ],
];

pub const COMPLAINTS: [[[&str; 4]; 5]; 2] = [
    [
        [
            "质量一般，有点失望",
            "用了两次就坏了",
            "做工粗糙，有线头",
            "和图片差别很大",
        ],
        ["价格偏贵", "刚买完就降价，不开心", "性价比不高", "这个价钱不值"],
        [
            "物流太慢，等了两个星期",
            "快递迟迟不到",
            "送货晚了好多天",
            "发货很慢，催了才发",
        ],
        [
            "退款等了很久",
            "客服爱答不理",
            "退款一直拖着，很生气",
            "售后推来推去，没人解决",
        ],
        ["包装破了", "盒子压扁了", "包装太简陋", "包装过度，很浪费"],
    ],
    [
        [
            "The quality is disappointing",
            "It broke after two uses",
            "Poor stitching and loose threads",
            "Looks different from the pictures",
        ],
        [
            "Too expensive for what it is",
            "The price dropped a day after I bought it",
            "Not worth the money",
            "Overpriced",
        ],
        [
            "Delivery took two weeks",
            "The parcel arrived far too late",
            "Shipping was very slow",
            "Waited days for it to be sent",
        ],
        [
            "The refund took far too long",
            "Support never answered",
            "Still waited weeks for my money back",
            "Nobody felt responsible at the service desk",
        ],
        [
            "The box was damaged",
            "Arrived crushed",
            "Cheap packaging",
            "Far too much plastic in the packaging",
        ],
    ],
];

/// What is asked for, by product line: the wish has one key in both languages.
pub const NEEDS: [(&str, [&str; 2]); 12] = [
    ("larger_sizes", ["希望有更大的尺码", "I wish it came in larger sizes"]),
    ("half_sizes", ["要是有半码就好了", "Please offer half sizes"]),
    ("refill_pack", ["希望出补充装", "A refill pack would be great"]),
    ("longer_battery", ["希望续航再长一点", "The battery should last longer"]),
    (
        "smaller_version",
        [
            "希望有适合一人用的小号",
            "I would love a smaller version for one person",
        ],
    ),
    (
        "plastic_free",
        ["希望少用塑料", "Less plastic would be better for children"],
    ),
    ("lighter", ["要是再轻一点就好了", "It should be lighter to carry"]),
    (
        "exercise_guide",
        ["希望附上训练教程", "An exercise guide should be included"],
    ),
    ("less_sugar", ["希望有低糖的", "Please make one with less sugar"]),
    ("softer_cover", ["希望封面软一点", "A softer cover would be nice"]),
    (
        "grain_free",
        ["希望有无谷配方", "A grain-free recipe would help my pet"],
    ),
    (
        "larger_print",
        ["说明书的字再大一点就好了", "The instructions need larger print"],
    ),
];

/// How a review starts, by language and mood: bad, middling, good.
pub const OPENINGS: [[[&str; 3]; 3]; 2] = [
    [
        ["", "不太满意", "体验不好"],
        ["", "还可以", "一般般"],
        ["", "很满意", "已经回购了"],
    ],
    [
        ["", "Not happy", "A bad experience"],
        ["", "It is all right", "Average"],
        ["", "Very happy", "Bought it again"],
    ],
];

/// Between fragments, before a turn, and at the end.
pub const JOINTS: [[&str; 3]; 2] = [["，", "，不过", "。"], [". ", ". But: ", "."]];
