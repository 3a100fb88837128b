//! A picture of pixels from a picture in SVG: for programs that cannot take SVG. Works on files; a page's SVG has no colours of
//! its own.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, FaceInfo, ID, Source};
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
    let (width, height) = ((size.width() * scale).ceil(), (size.height() * scale).ceil());
    let too_large = || PngError::Size { width, height };
    let fits = |side: f32| (1.0..=LARGEST_SIDE).contains(&side);
    if !fits(width) || !fits(height) {
        return Err(too_large());
    }
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels
        .encode_png()
        .map_err(|error| PngError::Encoding(error.to_string()))
}

/// Finds a font for a character that the chosen one lacks: one like ours and of the same weight, then one like ours, then any;
/// and the system's only when a text needs them, since looking through them takes a while.
fn fallback() -> FallbackSelectionFn<'static> {
    let find = FontResolver::default_fallback_selector();
    Box::new(move |c, tried: &[ID], fonts: &mut Arc<Database>| {
        if let Some(id) = nearest(&find, c, tried, fonts) {
            return Some(id);
        }
        if fonts.len() == BUNDLED.len() {
            Arc::make_mut(fonts).load_system_fonts();
        }
        nearest(&find, c, tried, fonts).or_else(|| find(c, tried, fonts))
    })
}

fn nearest(find: &FallbackSelectionFn<'_>, c: char, tried: &[ID], fonts: &mut Arc<Database>) -> Option<ID> {
    let strong = |face: &FaceInfo| face.weight.0 >= 600;
    let wanted = tried.first().and_then(|id| fonts.face(*id)).is_some_and(strong);
    let alike = |face: &&FaceInfo| {
        !face
            .families
            .iter()
            .any(|(name, _)| name.contains("Serif") || name.contains("Mono"))
    };
    let except = |left_out: &dyn Fn(&&FaceInfo) -> bool| {
        let others = fonts.faces().filter(left_out).map(|face| face.id);
        tried.iter().copied().chain(others).collect::<Vec<ID>>()
    };
    let same_weight = except(&|face| !alike(face) || strong(face) != wanted);
    let any_weight = except(&|face| !alike(face));
    find(c, &same_weight, fonts).or_else(|| find(c, &any_weight, fonts))
}
