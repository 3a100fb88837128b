//! The faces that pictures are set in, carried along so that every machine draws the same. Licence and origin: `fonts/`.

use std::sync::LazyLock;

use ab_glyph::{Font as _, FontRef};

pub(crate) const INTER: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
pub(crate) const INTER_STRONG: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");
pub(crate) const HAN: &[u8] = include_bytes!("../fonts/NotoSansSC-Regular.otf");
pub(crate) const HAN_STRONG: &[u8] = include_bytes!("../fonts/NotoSansSC-Bold.otf");

/// In the order in which a reader's machine is asked for them.
pub(crate) const FAMILIES: &str =
    "Inter, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/// `None` only if a file of the build were broken; widths are then guessed.
static LATIN_WIDTHS: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(INTER).ok());
static LATIN_STRONG_WIDTHS: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(INTER_STRONG).ok());
static HAN_WIDTHS: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| FontRef::try_from_slice(HAN).ok());

/// The width of a character in parts of the font size. A character that no face has is as wide as it is high, which is true
/// of Chinese and of most symbols.
pub(crate) fn advance(c: char, strong: bool) -> f64 {
    let latin = if strong { &LATIN_STRONG_WIDTHS } else { &LATIN_WIDTHS };
    [latin, &HAN_WIDTHS]
        .into_iter()
        .find_map(|font| advance_in(font.as_ref()?, c))
        .unwrap_or(1.0)
}

fn advance_in(font: &FontRef<'static>, c: char) -> Option<f64> {
    let glyph = font.glyph_id(c);
    let units = font.units_per_em().filter(|units| *units > 0.0)?;
    (glyph.0 != 0).then(|| f64::from(font.h_advance_unscaled(glyph) / units))
}
