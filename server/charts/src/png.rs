//! A picture of pixels from a picture in SVG: for programs that cannot take SVG. Works on files; a page's SVG has no colours of
//! its own.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FallbackSelectionFn, FontResolver, Options, Tree};

use crate::fonts::{HAN, HAN_STRONG, INTER, INTER_STRONG};

#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("the picture is not valid SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a picture of {width} x {height} pixels is too large")]
    Size { width: f32, height: f32 },
    #[error("the picture could not be written as PNG: {0}")]
    Encoding(String),
}

/// More pixels than this on a side help nobody and would take a gigabyte.
const LARGEST_SIDE: f32 = 16_384.0;

static BUNDLED: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [INTER, INTER_STRONG, HAN, HAN_STRONG] {
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    fonts.set_sans_serif_family("Inter");
    fonts.set_serif_family("Inter");
    Arc::new(fonts)
});

/// Draws an SVG made for a file, at `scale` pixels per unit of its view box. The same SVG gives the same bytes as long as the
/// bundled fonts have all its characters; others come from the system's fonts.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let options = Options {
        fontdb: Arc::clone(&BUNDLED),
        font_family: "Inter".to_owned(),
        font_resolver: FontResolver {
            select_fallback: fallback(),
            ..FontResolver::default()
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let (width, height) = (
        (size.width() * scale).ceil(),
        (size.height() * scale).ceil(),
    );
    let too_large = || PngError::Size { width, height };
    let fits = |side: f32| (1.0..=LARGEST_SIDE).contains(&side);
    if !fits(width) || !fits(height) {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| PngError::Encoding(error.to_string()))
}

/// Finds a font for a character that the chosen one lacks: the bundled Chinese one of the same weight, then any bundled one,
/// then the system's, which are only looked through when a text needs it.
fn fallback() -> FallbackSelectionFn<'static> {
    let find = FontResolver::default_fallback_selector();
    Box::new(move |c, tried: &[ID], fonts: &mut Arc<Database>| {
        let weight = |fonts: &Database, id: &ID| fonts.face(*id).map(|face| face.weight.0);
        let wanted = tried
            .first()
            .and_then(|id| weight(fonts, id))
            .unwrap_or(400);
        let strong = |weight: u16| weight >= 600;
        let mut same_weight = tried.to_vec();
        same_weight.extend(
            fonts
                .faces()
                .filter(|face| strong(face.weight.0) != strong(wanted))
                .map(|face| face.id),
        );
        if let Some(id) = find(c, &same_weight, fonts).or_else(|| find(c, tried, fonts)) {
            return Some(id);
        }
        if fonts.len() == BUNDLED.len() {
            Arc::make_mut(fonts).load_system_fonts();
        }
        find(c, tried, fonts)
    })
}
