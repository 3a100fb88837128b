//! Reads an SVG with the faces that pictures are set in. The same for pictures of pixels and for pages of paper.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, FaceInfo, ID, Source};
use resvg::usvg::{Error, FallbackSelectionFn, FontResolver, Options, Tree};

use crate::fonts::{HAN, HAN_STRONG, INTER, INTER_STRONG};

static BUNDLED: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [INTER, INTER_STRONG, HAN, HAN_STRONG] {
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    fonts.set_sans_serif_family("Inter");
    fonts.set_serif_family("Inter");
    Arc::new(fonts)
});

/// An SVG made for a file. Characters that the bundled faces lack come from the system's.
pub(crate) fn read(svg: &str) -> Result<Tree, Error> {
    let options = Options {
        fontdb: Arc::clone(&BUNDLED),
        font_family: "Inter".to_owned(),
        font_resolver: FontResolver {
            select_fallback: fallback(),
            ..FontResolver::default()
        },
        ..Options::default()
    };
    Tree::from_str(svg, &options)
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
