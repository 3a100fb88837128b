//! Writes what plotters draws as SVG. Its own writer knows neither CSS variables nor titles, weights and round corners, and
//! adds attributes that the page's content security policy or its size budget does not want.

use std::convert::Infallible;
use std::fmt::Write as _;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use crate::theme::{Finish, Theme, resolve};

/// Units of the drawing per unit of the view box. Plotters counts in whole units; a quarter is finer than anybody sees.
pub(crate) const FINE: i32 = 4;

/// Divides a text that was cut from the whole of it, which becomes its title.
pub(crate) const WHOLE: char = '\0';

type Written = Result<(), DrawingErrorKind<Infallible>>;

pub(crate) struct Canvas<'a> {
    out: &'a mut String,
    size: (u32, u32),
    theme: Theme,
}

impl<'a> Canvas<'a> {
    /// Appends shapes to `out`; the surrounding element is the caller's. `size` is in units of the view box.
    pub fn new(out: &'a mut String, size: (f64, f64), theme: Theme) -> Self {
        let fine = |v: f64| (v * f64::from(FINE)).ceil() as u32;
        Self {
            out,
            size: (fine(size.0), fine(size.1)),
            theme,
        }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn attribute(&mut self, name: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, " {name}=\"{value}\"");
    }

    fn length(&mut self, name: &str, fine: i32) {
        self.attribute(name, &length(fine));
    }

    fn paint(&mut self, name: &str, colour: BackendColor) -> Finish {
        let (text, finish) = resolve(colour.rgb, self.theme);
        self.attribute(name, &text);
        if colour.alpha < 1.0 {
            self.attribute(&format!("{name}-opacity"), &format!("{:.2}", colour.alpha));
        }
        finish
    }

    fn stroke<S: BackendStyle>(&mut self, style: &S) {
        let finish = self.paint("stroke", style.color());
        let width = i32::try_from(style.stroke_width()).unwrap_or(FINE);
        if width != FINE {
            self.length("stroke-width", width);
        }
        match finish {
            Finish::Dashed => self.attribute("stroke-dasharray", "5 4"),
            Finish::Dotted => self.attribute("stroke-dasharray", "2 3"),
            _ => {}
        }
    }

    fn points(&mut self, path: impl IntoIterator<Item = BackendCoord>, close: bool) {
        self.put(" d=\"");
        for (place, (x, y)) in path.into_iter().enumerate() {
            let _ = write!(
                self.out,
                "{}{} {}",
                if place == 0 { 'M' } else { 'L' },
                length(x),
                length(y)
            );
        }
        self.put(if close { "Z\"" } else { "\"" });
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Written {
        Ok(())
    }

    fn present(&mut self) -> Written {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Written {
        self.draw_rect((x, y), (x.saturating_add(1), y.saturating_add(1)), &colour, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Written {
        self.put("<line");
        for (name, value) in [("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)] {
            self.length(name, value);
        }
        self.stroke(style);
        // A hairline between two rows of pixels would be grey over both.
        if from.0 == to.0 || from.1 == to.1 {
            self.attribute("shape-rendering", "crispEdges");
        }
        self.put("/>");
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, a: BackendCoord, b: BackendCoord, style: &S, fill: bool) -> Written {
        let (left, right) = (a.0.min(b.0), a.0.max(b.0));
        let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
        self.put("<rect");
        for (name, value) in [
            ("x", left),
            ("y", top),
            ("width", right.saturating_sub(left)),
            ("height", bottom.saturating_sub(top)),
        ] {
            self.length(name, value);
        }
        if fill {
            if self.paint("fill", style.color()) == Finish::Round {
                let radius = (3 * FINE)
                    .min(right.saturating_sub(left) / 2)
                    .min(bottom.saturating_sub(top) / 2);
                self.length("rx", radius);
            }
        } else {
            self.attribute("fill", "none");
            self.stroke(style);
        }
        self.put("/>");
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Written {
        self.put("<path");
        self.points(path, false);
        self.attribute("fill", "none");
        self.stroke(style);
        self.attribute("stroke-linejoin", "round");
        self.put("/>");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, fill: bool) -> Written {
        self.put("<circle");
        for (name, value) in [("cx", at.0), ("cy", at.1), ("r", i32::try_from(radius).unwrap_or(FINE))] {
            self.length(name, value);
        }
        if fill {
            self.paint("fill", style.color());
        } else {
            self.attribute("fill", "none");
            self.stroke(style);
        }
        self.put("/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Written {
        self.put("<path");
        self.points(path, true);
        self.paint("fill", style.color());
        self.put("/>");
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Written {
        let size = style.size() / f64::from(FINE);
        // The height of a capital is seven tenths of the size, in Inter and in Chinese faces near enough.
        let down = match style.anchor().v_pos {
            VPos::Top => 0.8,
            VPos::Center => 0.36,
            VPos::Bottom => -0.2,
        };
        self.put("<text");
        self.length("x", x);
        self.length("y", y.saturating_add((down * style.size()).round() as i32));
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => self.attribute("text-anchor", "middle"),
            HPos::Right => self.attribute("text-anchor", "end"),
        }
        self.attribute("font-size", &format!("{size}"));
        match self.paint("fill", style.color()) {
            Finish::Strong => self.attribute("font-weight", "600"),
            Finish::Edged => {
                let (surface, _) = resolve(crate::theme::SURFACE, self.theme);
                self.attribute("paint-order", "stroke");
                self.attribute("stroke", &surface);
                self.attribute("stroke-width", "3");
                self.attribute("stroke-linejoin", "round");
            }
            _ => {}
        }
        self.put(">");
        let (shown, whole) = text.split_once(WHOLE).unwrap_or((text, ""));
        self.put(&escape(shown));
        if !whole.is_empty() {
            self.put("<title>");
            self.put(&escape(whole));
            self.put("</title>");
        }
        self.put("</text>");
        Ok(())
    }
}

/// Fine units as a number of the view box, without needless digits.
fn length(fine: i32) -> String {
    let (sign, size) = (if fine < 0 { "-" } else { "" }, fine.unsigned_abs());
    let quarter = ["", ".25", ".5", ".75"][(size % 4) as usize];
    format!("{sign}{}{quarter}", size / 4)
}

/// Text for an element or an attribute. Characters that XML does not allow are left out, and a narrow space that the fonts
/// lack becomes the thin one that they have.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\u{202f}' => out.push('\u{2009}'),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
