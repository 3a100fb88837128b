//! Pictures of each kind in both languages, as snapshots; what must hold for all of them; and PNG.


use crate::{Shade, Theme, draw, png};

mod samples;

use samples::samples;

#[test]
fn pictures_are_as_they_were_seen() {
    for (name, spec) in samples() {
        insta::assert_snapshot!(name, draw(&spec, Theme::Page).svg.replace("><", ">\n<"));
    }
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
            std::fs::write(
                folder.join(format!("{name}-{word}.png")),
                png(&svg, 2.0).unwrap(),
            )
            .unwrap();
            std::fs::write(folder.join(format!("{name}-{word}.svg")), svg).unwrap();
        }
    }
}
