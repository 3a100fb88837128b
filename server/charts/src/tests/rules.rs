//! What holds for every picture: it can be heard, styled and pointed at, its words do not touch, and no data breaks it.

use resvg::usvg::roxmltree::{Document, Node};
use types::chart::*;

use super::samples::samples;
use crate::text;
use crate::{Drawing, Shade, Theme, draw};

const THEMES: [Theme; 3] = [Theme::Page, Theme::File(Shade::Light), Theme::File(Shade::Dark)];

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|v| v.parse().ok()).unwrap_or(0.0)
}

#[test]
fn pictures_are_named_and_described() {
    for (name, spec) in samples() {
        let svg = draw(&spec, Theme::Page).svg;
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            let told = document.descendants().find(|n| n.attribute("id") == Some(id)).unwrap();
            assert!(!told.text().unwrap_or_default().is_empty(), "{name}: {id}");
        }
    }
}

#[test]
fn pages_get_variables_and_nothing_that_their_policy_forbids() {
    for (name, spec) in samples() {
        let svg = draw(&spec, Theme::Page).svg;
        let document = Document::parse(&svg).unwrap();
        for node in document.descendants().filter(Node::is_element) {
            assert!(
                node.tag_name().name() != "script" && node.attribute("style").is_none(),
                "{name}"
            );
            for colour in [node.attribute("fill"), node.attribute("stroke")].into_iter().flatten() {
                assert!(colour == "none" || colour.starts_with("var(--"), "{name}: {colour}");
            }
        }
        assert!(!draw(&spec, Theme::File(Shade::Dark)).svg.contains("var("), "{name}");
    }
}

struct TextBox {
    words: String,
    x: (f64, f64),
    y: (f64, f64),
}

fn text_boxes(svg: &str) -> Vec<TextBox> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts
        .map(|node| {
            let words = node.text().unwrap_or_default().to_owned();
            let size = number(node, "font-size");
            assert!(size >= 12.0, "{words}");
            let wide = text::width(&words, size, node.attribute("font-weight").is_some());
            let x = number(node, "x");
            let left = match node.attribute("text-anchor") {
                Some("middle") => x - wide / 2.0,
                Some("end") => x - wide,
                _ => x,
            };
            let base = number(node, "y");
            // Capitals and Chinese characters; what hangs below the line may come close to the next.
            TextBox {
                words,
                x: (left, left + wide),
                y: (base - 0.75 * size, base),
            }
        })
        .collect()
}

#[test]
fn words_neither_touch_nor_leave_the_picture() {
    for (name, spec) in samples() {
        for width in [Width::Wide, Width::Half, Width::Narrow] {
            for theme in THEMES {
                let drawing = draw(&ChartSpec { width, ..spec.clone() }, theme);
                let boxes = text_boxes(&drawing.svg);
                for (place, a) in boxes.iter().enumerate() {
                    let inside = a.x.0 >= -0.5 && a.x.1 <= drawing.width + 0.5 && a.y.1 <= drawing.height;
                    assert!(inside, "{name} {width:?}: {} at {:?}", a.words, a.x);
                    for b in &boxes[place + 1..] {
                        let apart = a.x.1 <= b.x.0 || b.x.1 <= a.x.0 || a.y.1 <= b.y.0 || b.y.1 <= a.y.0;
                        assert!(apart, "{name} {width:?}: {} and {}", a.words, b.words);
                    }
                }
            }
        }
    }
}

/// Values of the picture. Points of a part in several sets are one value, and each set has its own.
fn known(spec: &ChartSpec) -> usize {
    if spec.kind == ChartKind::Upset {
        let parts = (0..spec.categories.len()).filter(|part| spec.part_size(*part).is_some());
        return parts.count() + spec.series.len();
    }
    let points = spec
        .series
        .iter()
        .flat_map(|s| s.points.iter().take(spec.categories.len()));
    points.filter(|p| p.value.is_some_and(f64::is_finite)).count()
}

#[test]
fn every_value_can_be_pointed_at() {
    for (name, spec) in samples() {
        for theme in THEMES {
            let drawing = draw(&spec, theme);
            assert_eq!(drawing.marks.len(), known(&spec), "{name}");
            for mark in &drawing.marks {
                assert!(
                    mark.x >= 0.0 && mark.x + mark.w <= drawing.width + 0.5,
                    "{name}: {mark:?}"
                );
                assert!(
                    mark.y >= 0.0 && mark.y + mark.h <= drawing.height + 0.5,
                    "{name}: {mark:?}"
                );
                assert!(
                    mark.w > 0.0 && mark.h > 0.0 && !mark.value.is_empty() && !mark.label.is_empty(),
                    "{name}"
                );
                assert!(
                    mark.at_x >= mark.x - 1.0 && mark.at_x <= mark.x + mark.w + 1.0,
                    "{name}: {mark:?}"
                );
            }
        }
    }
}

#[test]
fn gaps_are_not_drawn_as_zero() {
    let spec = super::samples::revenue(super::Language::English);
    let svg = draw(&spec, Theme::Page).svg;
    let document = Document::parse(&svg).unwrap();
    let lines = document
        .descendants()
        .filter(|n| n.attribute("stroke") == Some("var(--d1)") && n.has_tag_name("path"));
    // Three closed days divide the line into two.
    assert_eq!(lines.count(), 2);
}

#[test]
fn nothing_known_is_said_in_words() {
    let (_, spec) = samples().into_iter().find(|(name, _)| name == "empty-zh").unwrap();
    let drawing = draw(&spec, Theme::Page);
    assert!(drawing.svg.contains("这段时间没有订单</text>") && drawing.marks.is_empty());
}

fn all_kinds() -> Vec<ChartKind> {
    vec![
        ChartKind::Bar(Direction::Across),
        ChartKind::Bar(Direction::Up),
        ChartKind::StackedBar(Direction::Across),
        ChartKind::StackedBar(Direction::Up),
        ChartKind::Line,
        ChartKind::HeatMap,
        ChartKind::Sankey,
        ChartKind::Upset,
    ]
}

fn draw_all(spec: &ChartSpec) -> Vec<Drawing> {
    let mut drawings = Vec::new();
    for kind in all_kinds() {
        for width in [Width::Wide, Width::Half, Width::Narrow] {
            for theme in THEMES {
                let drawing = draw(
                    &ChartSpec {
                        kind,
                        width,
                        ..spec.clone()
                    },
                    theme,
                );
                assert!(Document::parse(&drawing.svg).is_ok(), "{}", drawing.svg);
                assert!(
                    !drawing.svg.contains("NaN") && !drawing.svg.contains("inf"),
                    "{}",
                    drawing.svg
                );
                assert!(
                    drawing
                        .marks
                        .iter()
                        .all(|m| { [m.x, m.y, m.w, m.h, m.at_x, m.at_y].iter().all(|v| v.is_finite()) })
                );
                drawings.push(drawing);
            }
        }
    }
    drawings
}

#[test]
fn no_numbers_break_a_picture() {
    let odd = [
        0.0,
        -0.0,
        1.0,
        -3.5,
        1e-310,
        1e300,
        f64::MAX,
        f64::MIN,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ];
    for (place, first) in odd.into_iter().enumerate() {
        for second in odd {
            let points = vec![
                Point::new(first).between(second, first),
                Point::new(None).between(first, second),
                Point::new(second).between(first, second),
            ];
            let spec = ChartSpec {
                // Fewer and more points than categories.
                categories: (0..2 + place % 3)
                    .map(|i| Category {
                        position: (place % 2 == 0).then_some(odd[i]),
                        ..Category::new("c")
                    })
                    .collect(),
                series: vec![
                    Series::new("a", Tone::First, points.clone()).line(LineStyle::Area),
                    Series::new("b", Tone::Base, points),
                ],
                value: ValueAxis {
                    from: Some(first),
                    to: Some(second),
                    origin: Some(second),
                    ..ValueAxis::default()
                },
                remarks: vec![
                    Remark {
                        at: Place::Value(second),
                        text: "v".into(),
                    },
                    Remark {
                        at: Place::Category(place),
                        text: "c".into(),
                    },
                ],
                ..ChartSpec::default()
            };
            draw_all(&spec);
        }
    }
}

#[test]
fn no_words_break_a_picture() {
    let odd = [
        "",
        " ",
        "<script>alert(1)</script>",
        "a & \"b\" 'c'",
        "\0\u{1}\u{b}\u{fffe}",
        "长".repeat(400).as_str(),
    ]
    .map(str::to_owned);
    for words in &odd {
        for n in [0, 1, 40] {
            let spec = ChartSpec {
                id: words.clone(),
                title: words.clone(),
                subtitle: words.clone(),
                category_label: words.clone(),
                categories: (0..n).map(|_| Category::new(words).tick(words).detail(words)).collect(),
                series: (0..9)
                    .map(|_| {
                        Series::new(
                            words,
                            Tone::Second,
                            (0..n).map(|i| Point::new(i as f64).text(words)).collect(),
                        )
                    })
                    .collect(),
                remarks: (0..9)
                    .map(|i| Remark {
                        at: Place::Category(i),
                        text: words.clone(),
                    })
                    .collect(),
                notes: vec![words.clone(); 2],
                words: Words {
                    empty: words.clone(),
                    low: words.clone(),
                    high: words.clone(),
                },
                ..ChartSpec::default()
            };
            for drawing in draw_all(&spec) {
                assert!(!drawing.svg.contains("<script"));
            }
            spec.table();
        }
    }
}
