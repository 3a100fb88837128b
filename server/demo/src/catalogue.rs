//! What the company sells: twelve product lines of twenty products, their prices, costs, seasons, how often they come back, and
//! which product is bought with which. Knows no customer.

pub const LINES: usize = 12;
pub const PRODUCTS_PER_LINE: usize = 20;

/// A product line; its name is the category of its products.
pub struct ProductLine {
    pub name: &'static str,
    /// What people type when they look for it, in Chinese and English.
    pub searched: [&'static str; 2],
    /// Ten things with the list price of the first variant.
    pub things: [(&'static str, f64); 10],
    /// Names of the two variants of each thing; the second costs `step_up` times as much.
    pub variants: [&'static str; 2],
    pub step_up: f64,
    /// Unit cost as a share of the list price.
    pub cost_share: f64,
    /// Share of delivered orders with such a first line that are refunded, before the customer type changes it.
    pub refund_rate: f64,
    /// How strong the line is in each quarter against the year: winter, spring, summer, autumn.
    pub seasons: [f64; 4],
    /// The most pieces of one line.
    pub pieces: i64,
}

const STEADY: [f64; 4] = [1.0, 1.0, 1.0, 1.0];

pub const APPAREL: usize = 0;
pub const FOOTWEAR: usize = 1;
pub const SKIN_CARE: usize = 2;
pub const ELECTRONICS: usize = 3;
pub const HOME: usize = 4;
pub const CHILDREN: usize = 5;
pub const OUTDOOR: usize = 6;
pub const SPORTS: usize = 7;
pub const FOOD: usize = 8;
pub const BOOKS: usize = 9;
pub const PETS: usize = 10;
pub const HEALTH: usize = 11;

pub const PRODUCT_LINES: [ProductLine; LINES] = [
    ProductLine {
        name: "Apparel",
        searched: ["连衣裙", "dress"],
        things: [
            ("Cotton shirt", 29.0),
            ("Linen dress", 59.0),
            ("Wool sweater", 69.0),
            ("Denim jeans", 55.0),
            ("Rain jacket", 89.0),
            ("Pleated skirt", 45.0),
            ("Silk scarf", 35.0),
            ("Down coat", 149.0),
            ("Lounge set", 49.0),
            ("Knit cardigan", 52.0),
        ],
        variants: ["regular", "tailored"],
        step_up: 1.35,
        cost_share: 0.42,
        refund_rate: 0.17,
        seasons: [1.1, 1.1, 0.8, 1.1],
        pieces: 2,
    },
    ProductLine {
        name: "Footwear",
        searched: ["跑步鞋", "running shoes"],
        things: [
            ("Running shoes", 79.0),
            ("Canvas sneakers", 45.0),
            ("Leather boots", 119.0),
            ("Sandals", 35.0),
            ("Trail shoes", 95.0),
            ("House slippers", 22.0),
            ("Loafers", 85.0),
            ("Rain boots", 39.0),
            ("Court shoes", 69.0),
            ("Ankle boots", 99.0),
        ],
        variants: ["standard", "cushioned"],
        step_up: 1.3,
        cost_share: 0.45,
        refund_rate: 0.15,
        seasons: [0.9, 1.1, 1.0, 1.1],
        pieces: 1,
    },
    ProductLine {
        name: "Skin care",
        searched: ["面霜", "face cream"],
        things: [
            ("Face serum", 38.0),
            ("Sun lotion", 19.0),
            ("Night cream", 32.0),
            ("Cleansing foam", 14.0),
            ("Sheet masks", 16.0),
            ("Hand cream", 9.0),
            ("Eye cream", 34.0),
            ("Toner", 18.0),
            ("Lip balm", 6.0),
            ("Body milk", 15.0),
        ],
        variants: ["classic", "sensitive"],
        step_up: 1.15,
        cost_share: 0.28,
        refund_rate: 0.03,
        seasons: [1.1, 1.0, 1.0, 0.9],
        pieces: 3,
    },
    ProductLine {
        name: "Electronics",
        searched: ["蓝牙耳机", "wireless earphones"],
        things: [
            ("Smartphone", 329.0),
            ("Phone case", 15.0),
            ("Wireless earphones", 69.0),
            ("Power bank", 29.0),
            ("Tablet", 249.0),
            ("Smart watch", 129.0),
            ("Reading lamp", 35.0),
            ("Portable speaker", 49.0),
            ("Keyboard", 59.0),
            ("Webcam", 45.0),
        ],
        variants: ["S", "Plus"],
        step_up: 1.4,
        cost_share: 0.68,
        refund_rate: 0.08,
        seasons: [1.1, 0.9, 0.9, 1.1],
        pieces: 1,
    },
    ProductLine {
        name: "Home and kitchen",
        searched: ["咖啡机", "coffee maker"],
        things: [
            ("Coffee maker", 89.0),
            ("Wok", 39.0),
            ("Bed linen", 59.0),
            ("Storage boxes", 24.0),
            ("Kitchen knife", 35.0),
            ("Tea set", 42.0),
            ("Air purifier", 149.0),
            ("Cushion", 18.0),
            ("Desk organiser", 21.0),
            ("Rice cooker", 65.0),
        ],
        variants: ["basic", "premium"],
        step_up: 1.5,
        cost_share: 0.5,
        refund_rate: 0.06,
        seasons: [1.0, 1.0, 0.9, 1.1],
        pieces: 2,
    },
    ProductLine {
        name: "Baby and toys",
        searched: ["积木", "building blocks"],
        things: [
            ("Nappies", 24.0),
            ("Wet wipes", 8.0),
            ("Building blocks", 35.0),
            ("Picture cards", 12.0),
            ("Soft bear", 19.0),
            ("Baby carrier", 79.0),
            ("Bath toys", 14.0),
            ("Wooden train", 42.0),
            ("Feeding bottle", 13.0),
            ("Night light", 22.0),
        ],
        variants: ["small", "family"],
        step_up: 1.45,
        cost_share: 0.52,
        refund_rate: 0.05,
        seasons: [0.9, 0.9, 1.0, 1.2],
        pieces: 4,
    },
    ProductLine {
        name: "Outdoor",
        searched: ["帐篷", "tent"],
        things: [
            ("Tent", 149.0),
            ("Sleeping bag", 79.0),
            ("Backpack", 69.0),
            ("Head torch", 25.0),
            ("Camping stove", 45.0),
            ("Trekking poles", 49.0),
            ("Water bottle", 18.0),
            ("Folding chair", 39.0),
            ("Rain cover", 16.0),
            ("Cool box", 59.0),
        ],
        variants: ["trail", "summit"],
        step_up: 1.5,
        cost_share: 0.5,
        refund_rate: 0.07,
        seasons: [0.5, 1.2, 1.5, 0.8],
        pieces: 2,
    },
    ProductLine {
        name: "Sports and fitness",
        searched: ["瑜伽垫", "yoga mat"],
        things: [
            ("Yoga mat", 29.0),
            ("Resistance bands", 17.0),
            ("Dumbbells", 45.0),
            ("Jump rope", 12.0),
            ("Sports socks", 11.0),
            ("Training top", 32.0),
            ("Foam roller", 24.0),
            ("Badminton set", 36.0),
            ("Swim goggles", 19.0),
            ("Cycling gloves", 22.0),
        ],
        variants: ["start", "pro"],
        step_up: 1.4,
        cost_share: 0.45,
        refund_rate: 0.06,
        seasons: [1.2, 1.1, 1.0, 0.8],
        pieces: 2,
    },
    ProductLine {
        name: "Food and tea",
        searched: ["绿茶", "green tea"],
        things: [
            ("Green tea", 18.0),
            ("Coffee beans", 16.0),
            ("Nut mix", 12.0),
            ("Dark chocolate", 8.0),
            ("Oolong tea", 24.0),
            ("Honey", 14.0),
            ("Dried fruit", 11.0),
            ("Olive oil", 19.0),
            ("Rice crackers", 6.0),
            ("Gift basket", 49.0),
        ],
        variants: ["daily", "reserve"],
        step_up: 1.6,
        cost_share: 0.55,
        refund_rate: 0.02,
        seasons: [1.3, 0.9, 0.8, 1.1],
        pieces: 4,
    },
    ProductLine {
        name: "Books and stationery",
        searched: ["笔记本", "notebook"],
        things: [
            ("Notebook", 9.0),
            ("Gel pens", 7.0),
            ("Novel", 14.0),
            ("Cookbook", 25.0),
            ("Planner", 18.0),
            ("Sketch pad", 13.0),
            ("Language course", 29.0),
            ("Highlighters", 6.0),
            ("Desk calendar", 12.0),
            ("Fountain pen", 39.0),
        ],
        variants: ["paperback", "deluxe"],
        step_up: 1.3,
        cost_share: 0.5,
        refund_rate: 0.03,
        seasons: [1.0, 0.9, 1.2, 1.0],
        pieces: 3,
    },
    ProductLine {
        name: "Pet supplies",
        searched: ["猫粮", "cat food"],
        things: [
            ("Cat food", 22.0),
            ("Cat litter", 14.0),
            ("Dog food", 28.0),
            ("Dog lead", 17.0),
            ("Pet bed", 39.0),
            ("Scratching post", 45.0),
            ("Chew toys", 9.0),
            ("Pet brush", 11.0),
            ("Food bowl", 13.0),
            ("Travel crate", 55.0),
        ],
        variants: ["small", "large"],
        step_up: 1.5,
        cost_share: 0.55,
        refund_rate: 0.03,
        seasons: STEADY,
        pieces: 4,
    },
    ProductLine {
        name: "Health and wellness",
        searched: ["维生素", "vitamins"],
        things: [
            ("Vitamin tablets", 17.0),
            ("Blood pressure meter", 49.0),
            ("Massage cushion", 69.0),
            ("Fish oil", 21.0),
            ("Herbal tea", 13.0),
            ("Heating pad", 35.0),
            ("Sleep mask", 12.0),
            ("Bathroom scale", 32.0),
            ("First-aid kit", 25.0),
            ("Foot bath", 59.0),
        ],
        variants: ["standard", "plus"],
        step_up: 1.3,
        cost_share: 0.4,
        refund_rate: 0.05,
        seasons: [1.2, 0.9, 0.9, 1.0],
        pieces: 3,
    },
];

/// Invented brands.
const BRANDS: [&str; 12] = [
    "Aldermoor",
    "Brightfell",
    "Calverly",
    "Dunlark",
    "Eastholm",
    "Fernwick",
    "Greyharbour",
    "Hollinside",
    "Ivorleaf",
    "Lantern Bay",
    "Mirefield",
    "Osterlund",
];

/// Bought together: when the first is in a basket, the second is added with this probability.
pub struct Pair {
    pub first: (usize, usize),
    pub second: (usize, usize),
    pub probability: f64,
}

/// (product line, thing): both variants of the first draw one variant of the second.
pub const PAIRS: [Pair; 10] = [
    Pair {
        first: (OUTDOOR, 0),
        second: (OUTDOOR, 1),
        probability: 0.45,
    },
    Pair {
        first: (FOOTWEAR, 0),
        second: (SPORTS, 4),
        probability: 0.35,
    },
    Pair {
        first: (ELECTRONICS, 0),
        second: (ELECTRONICS, 1),
        probability: 0.50,
    },
    Pair {
        first: (HOME, 0),
        second: (FOOD, 1),
        probability: 0.35,
    },
    Pair {
        first: (PETS, 0),
        second: (PETS, 1),
        probability: 0.40,
    },
    Pair {
        first: (CHILDREN, 0),
        second: (CHILDREN, 1),
        probability: 0.40,
    },
    Pair {
        first: (SKIN_CARE, 0),
        second: (SKIN_CARE, 1),
        probability: 0.30,
    },
    Pair {
        first: (SPORTS, 0),
        second: (SPORTS, 1),
        probability: 0.35,
    },
    Pair {
        first: (BOOKS, 0),
        second: (BOOKS, 1),
        probability: 0.40,
    },
    Pair {
        first: (FOOD, 0),
        second: (HOME, 5),
        probability: 0.15,
    },
];

/// One product; its index is line * 20 + thing * 2 + variant.
#[derive(Clone)]
pub struct Product {
    pub id: String,
    pub name: String,
    pub line: usize,
    pub brand: &'static str,
    /// List price and unit cost, hundredths.
    pub price: i64,
    pub cost: i64,
    /// How well it pleases, 3.4 to 4.8 stars: what its reviews are drawn around.
    pub quality: f64,
}

pub fn products(seed: u64) -> Vec<Product> {
    let mut products = Vec::with_capacity(LINES * PRODUCTS_PER_LINE);
    for (line, of) in PRODUCT_LINES.iter().enumerate() {
        for (thing, &(name, price)) in of.things.iter().enumerate() {
            for variant in 0..2 {
                let index = products.len() as u64;
                let price = if variant == 0 {
                    price
                } else {
                    (price * of.step_up).round()
                };
                let price = (price * 100.0).round() as i64 - 5;
                let spread = 0.9 + 0.2 * crate::draw::salted(seed, 101, index);
                products.push(Product {
                    id: format!("P{}", 1001 + index),
                    name: format!("{name}, {}", of.variants[variant]),
                    line,
                    brand: BRANDS[(line * 5 + thing * 3 + variant) % BRANDS.len()],
                    price,
                    cost: (price as f64 * of.cost_share * spread).round() as i64,
                    quality: 3.4 + 1.4 * crate::draw::salted(seed, 102, index),
                });
            }
        }
    }
    products
}

/// Factor of a product line in a month (0..12).
pub fn season(line: usize, month: usize) -> f64 {
    PRODUCT_LINES[line].seasons[(month + 1) % 12 / 3]
}
