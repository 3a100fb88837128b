//! How the axes of charts write their numbers in the reader's language.

use crate::format::Format;
use crate::i18n::Lang;
use crate::t;
use types::chart::{NumberFormat, Words};

/// Amounts, shortened on ticks: `€ 240 k`, `¥24 万`.
pub fn money(format: &Format) -> NumberFormat {
    let symbol = format.symbol();
    match format.lang {
        Lang::En => NumberFormat::decimals(1)
            .prefix(format!("{symbol}\u{202f}"))
            .short_english(),
        Lang::ZhCn => NumberFormat::decimals(1).prefix(symbol).short_chinese(),
    }
}

pub fn count() -> NumberFormat {
    NumberFormat::whole()
}

pub fn share(format: &Format) -> NumberFormat {
    match format.lang {
        Lang::En => NumberFormat::percent(1),
        Lang::ZhCn => NumberFormat::percent(1).suffix("%"),
    }
}

/// ROI and other ratios.
pub fn ratio() -> NumberFormat {
    NumberFormat::decimals(2)
}

pub fn words(lang: Lang) -> Words {
    Words {
        empty: t!(lang, "chart-empty"),
        low: t!(lang, "chart-low"),
        high: t!(lang, "chart-high"),
    }
}
