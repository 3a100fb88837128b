//! Pictures of each kind in both languages, as snapshots; what must hold for all of them; and PNG.

mod rules;
pub(crate) mod samples;

use resvg::tiny_skia::Pixmap;
use types::chart::{ChartSpec, Width};

use crate::{Shade, Theme, draw, png};
use samples::{Language, samples};

#[test]
fn pictures_are_as_they_were_seen() {
    for (name, spec) in samples() {
        insta::assert_snapshot!(name, draw(&spec, Theme::Page).svg.replace("><", ">\n<"));
    }
}

#[test]
fn a_file_shows_heading_and_notes_in_its_own_colours() {
    let spec = samples::campaigns(Language::English);
    insta::assert_snapshot!(
        "campaigns-file-dark",
        draw(&spec, Theme::File(Shade::Dark)).svg.replace("><", ">\n<")
    );
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    for (_, spec) in samples() {
        for theme in [Theme::Page, Theme::File(Shade::Light)] {
            assert_eq!(draw(&spec, theme), draw(&spec, theme));
        }
    }
    let svg = draw(&samples::hours(Language::Chinese), Theme::File(Shade::Light)).svg;
    assert_eq!(png(&svg, 2.0).unwrap(), png(&svg, 2.0).unwrap());
}

/// How much of the title's line is inked, left of `right` and in units of the picture.
fn title_ink(title: &str, from: f64, to: f64) -> usize {
    let spec = ChartSpec {
        title: title.to_owned(),
        width: Width::Narrow,
        ..ChartSpec::default()
    };
    let svg = draw(&spec, Theme::File(Shade::Light)).svg;
    let pixels = Pixmap::decode_png(&png(&svg, 2.0).unwrap()).unwrap();
    let mut inked = 0;
    for y in 2 * 24..2 * 46 {
        for x in (2.0 * from) as u32..(2.0 * to) as u32 {
            inked += usize::from(pixels.pixel(x, y).unwrap().red() < 128);
        }
    }
    inked
}

#[test]
fn chinese_characters_have_ink_where_they_stand() {
    // The title is 16 high and starts at 24.
    let (first, second) = (title_ink("汉字", 24.0, 40.0), title_ink("汉字", 40.0, 56.0));
    assert!(first > 100 && second > 100, "{first} {second}");
    assert_eq!(title_ink("汉字", 56.0, 200.0), 0);
    assert_eq!(title_ink("\u{3000}\u{3000}", 24.0, 200.0), 0);
    // Boxes for missing characters would all be alike.
    assert_ne!(title_ink("一", 24.0, 40.0), title_ink("龙", 24.0, 40.0));
}

#[test]
fn what_is_not_a_picture_is_refused() {
    assert!(png("<p>", 1.0).is_err());
    let svg = draw(&samples::arms(Language::English), Theme::File(Shade::Light)).svg;
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e6] {
        assert!(png(&svg, scale).is_err());
    }
}

/// Above a level that only a mistake would reach: a page holds several pictures and has 50 ms.
#[test]
fn pictures_are_drawn_quickly() {
    let spec = samples::revenue(Language::Chinese);
    draw(&spec, Theme::Page);
    let start = std::time::Instant::now();
    for _ in 0..20 {
        draw(&spec, Theme::Page);
    }
    assert!(start.elapsed().as_millis() < 20 * 20, "{:?}", start.elapsed() / 20);
}

/// Writes all pictures where a person can look at them: `cargo test -p charts -- --ignored`.
#[test]
#[ignore = "for looking, not for checking"]
fn pictures_to_look_at() {
    let folder = std::env::temp_dir().join("charts");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, spec) in samples() {
        for (shade, word) in [(Shade::Light, "light"), (Shade::Dark, "dark")] {
            let svg = draw(&spec, Theme::File(shade)).svg;
            std::fs::write(folder.join(format!("{name}-{word}.png")), png(&svg, 2.0).unwrap()).unwrap();
        }
        std::fs::write(folder.join(format!("{name}.svg")), draw(&spec, Theme::Page).svg).unwrap();
    }
}
