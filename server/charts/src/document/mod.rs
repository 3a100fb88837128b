//! A report on paper: a title, figures, charts and tables on pages of A4, as PDF. Texts come ready from the caller, charts are the
//! pictures of the screen. Knows no metric and no language; the same document always gives the same bytes.

mod layout;
mod pages;
mod table;
#[cfg(test)]
mod tests;

use krilla::geom::{Size, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

use crate::ChartSpec;
use crate::typeset;
use pages::{HEIGHT, WIDTH};

/// What is printed, in reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    pub title: String,
    pub lead: String,
    pub blocks: Vec<Block>,
    /// On every page: what the figures are based on.
    pub foot: String,
    /// Of the texts, as in HTML: `zh-CN`.
    pub language: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The most important numbers, side by side.
    Figures(Vec<Figure>),
    Chart(Box<ChartSpec>),
    Table(Table),
    /// A heading and sentences.
    Text {
        title: String,
        sentences: Vec<String>,
    },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    pub name: String,
    pub value: String,
    pub note: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub title: String,
    /// What the numbers are of.
    pub subtitle: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// A last row that adds up the others.
    pub sum: Option<Vec<Cell>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub name: String,
    /// Numbers stand on the right.
    pub number: bool,
}

impl Column {
    pub fn text(name: impl Into<String>) -> Column {
        Column {
            name: name.into(),
            number: false,
        }
    }

    pub fn number(name: impl Into<String>) -> Column {
        Column {
            name: name.into(),
            number: true,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    pub text: String,
    /// A smaller line below.
    pub below: String,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            below: String::new(),
        }
    }

    pub fn two(text: impl Into<String>, below: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            below: below.into(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("a picture of the document is not valid SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a page of {0} x {1} points cannot be made")]
    Size(f64, f64),
    #[error("the document could not be written as PDF: {0}")]
    Writing(String),
}

/// The document as PDF, with text that can be selected and searched.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PdfError> {
    let pages = layout::set(document);
    let mut paper = krilla::Document::new();
    paper.set_metadata(
        Metadata::new()
            .title(document.title.clone())
            .language(document.language.clone())
            .creator("Silhouette".to_owned()),
    );
    for page in &pages {
        let settings = PageSettings::from_wh(WIDTH as f32, HEIGHT as f32).ok_or(PdfError::Size(WIDTH, HEIGHT))?;
        let mut sheet = paper.start_page_with(settings);
        let mut surface = sheet.surface();
        for picture in page.pictures() {
            let tree = typeset::read(&picture.svg)?;
            let size = Size::from_wh(picture.width as f32, picture.height as f32)
                .ok_or(PdfError::Size(picture.width, picture.height))?;
            surface.push_transform(&Transform::from_translate(picture.x as f32, picture.y as f32));
            surface.draw_svg(&tree, size, SvgSettings::default());
            surface.pop();
        }
        surface.finish();
        sheet.finish();
    }
    paper.finish().map_err(|error| PdfError::Writing(format!("{error:?}")))
}
