//! A picture of pixels from a picture in SVG: for programs that cannot take SVG. Works on files; a page's SVG has no colours of
//! its own.

use resvg::tiny_skia::{Pixmap, Transform};

use crate::typeset;

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

/// Draws an SVG made for a file, at `scale` pixels per unit of its view box. The same SVG gives the same bytes as long as the
/// bundled fonts have all its characters; others come from the system's fonts.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let tree = typeset::read(svg)?;
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
