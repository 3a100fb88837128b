//! Which colour does each part of a picture have? Parts are drawn in stand-in colours that only name their role; the writer
//! asks here for what a role is called on a page or looks like in a file.

use plotters::style::RGBColor;
use types::chart::Tone;

/// Where the picture will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Inside a page: colours are its CSS variables and follow its theme.
    Page,
    /// By itself, with its own colours.
    File(Shade),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    Light,
    Dark,
}

/// The role of a line, a shape or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Text,
    TextSoft,
    TextQuiet,
    Hairline,
    HairlineStrong,
    Surface,
    /// Text on a filled shape of the first tone.
    OnFirst,
    Tone(Tone),
}

/// How a shape is finished beyond its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Finish {
    #[default]
    Plain,
    /// Corners of a rectangle.
    Round,
    Dashed,
    Dotted,
    /// Weight of a text.
    Strong,
    /// Text with an edge in the colour of the surface, to stay readable on lines.
    Edged,
}

struct Role {
    ink: Ink,
    variable: &'static str,
    light: &'static str,
    dark: &'static str,
}

const fn role(ink: Ink, variable: &'static str, light: &'static str, dark: &'static str) -> Role {
    Role {
        ink,
        variable,
        light,
        dark,
    }
}

/// The same values as the tokens of the style sheet.
const ROLES: [Role; 17] = [
    role(Ink::Text, "--ink", "#1c1b1f", "#f1eff5"),
    role(Ink::TextSoft, "--ink-2", "#55525c", "#b4b0bf"),
    role(Ink::TextQuiet, "--ink-3", "#6d6975", "#9692a1"),
    role(Ink::Hairline, "--line", "#e6e2da", "#2e2c35"),
    role(Ink::HairlineStrong, "--line-strong", "#cfc9be", "#45424f"),
    role(Ink::Surface, "--surface", "#ffffff", "#1b1a20"),
    role(Ink::OnFirst, "--accent-ink", "#ffffff", "#14121f"),
    role(Ink::Tone(Tone::First), "--d1", "#4b3fd1", "#9a91ff"),
    role(Ink::Tone(Tone::Second), "--d2", "#e07b39", "#f0a068"),
    role(Ink::Tone(Tone::Third), "--d3", "#16876a", "#4fc3a1"),
    role(Ink::Tone(Tone::Fourth), "--d4", "#c2447d", "#ec86b2"),
    role(Ink::Tone(Tone::Fifth), "--d5", "#2c83c4", "#71b7ec"),
    role(Ink::Tone(Tone::Sixth), "--d6", "#a68a00", "#d8bf3c"),
    role(Ink::Tone(Tone::Seventh), "--d7", "#7a5c46", "#bfa28c"),
    role(Ink::Tone(Tone::Base), "--d0", "#b9b4ab", "#6c6874"),
    role(Ink::Tone(Tone::Good), "--good", "#14704e", "#58c79b"),
    role(Ink::Tone(Tone::Bad), "--bad", "#b1343a", "#f08a8d"),
];

const FINISHES: [Finish; 6] = [
    Finish::Plain,
    Finish::Round,
    Finish::Dashed,
    Finish::Dotted,
    Finish::Strong,
    Finish::Edged,
];

/// The stand-in colour of a role and a finish: their places in the tables above, which is all that plotters carries along.
pub(crate) fn stand_in(ink: Ink, finish: Finish) -> RGBColor {
    let place = |found: Option<usize>| found.and_then(|p| u8::try_from(p).ok()).unwrap_or(0);
    RGBColor(
        place(ROLES.iter().position(|role| role.ink == ink)),
        place(FINISHES.iter().position(|f| *f == finish)),
        0,
    )
}

/// What a stand-in colour is written as, and its finish. A colour that is none is that of text.
pub(crate) fn resolve((role, finish, _): (u8, u8, u8), theme: Theme) -> (String, Finish) {
    let role = ROLES.get(usize::from(role)).unwrap_or(&ROLES[0]);
    let finish = FINISHES.get(usize::from(finish)).copied().unwrap_or_default();
    let colour = match theme {
        Theme::Page => format!("var({})", role.variable),
        Theme::File(Shade::Light) => role.light.to_owned(),
        Theme::File(Shade::Dark) => role.dark.to_owned(),
    };
    (colour, finish)
}

/// The stand-in colour of the surface.
pub(crate) const SURFACE: (u8, u8, u8) = (5, 0, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_and_finish_comes_back_from_its_stand_in() {
        for role in &ROLES {
            for finish in FINISHES {
                let RGBColor(r, g, b) = stand_in(role.ink, finish);
                assert_eq!(
                    resolve((r, g, b), Theme::Page),
                    (format!("var({})", role.variable), finish)
                );
                assert_eq!(resolve((r, g, b), Theme::File(Shade::Dark)).0, role.dark);
            }
        }
        assert_eq!(resolve(SURFACE, Theme::Page).0, "var(--surface)");
    }
}
