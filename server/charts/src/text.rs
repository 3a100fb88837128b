//! How wide is a text, and what of it fits? Widths come from the fonts of files; the browser's faces are close to them.

use crate::canvas::WHOLE;
use crate::fonts::advance;

/// Sizes of text in units of the view box.
pub(crate) const TICK: f64 = 12.0;
pub(crate) const LABEL: f64 = 13.0;
pub(crate) const TITLE: f64 = 16.0;

/// The width of one line; of a cut one, of what is shown.
pub(crate) fn width(text: &str, size: f64, strong: bool) -> f64 {
    text.chars()
        .take_while(|c| *c != WHOLE)
        .map(|c| advance(if c == '\u{202f}' { '\u{2009}' } else { c }, strong))
        .sum::<f64>()
        * size
}

/// The widest of several lines; 0 without any.
pub(crate) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, size: f64, strong: bool) -> f64 {
    texts
        .into_iter()
        .map(|text| width(text, size, strong))
        .fold(0.0, f64::max)
}

/// The text itself when it fits into `room`; else its beginning with an ellipsis, and the whole of it for the title.
pub(crate) fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size, false) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size, false);
    let mut shown = String::new();
    for c in text.chars() {
        left -= advance(c, false) * size;
        if left < 0.0 {
            break;
        }
        shown.push(c);
    }
    format!("{}…{WHOLE}{text}", shown.trim_end())
}

/// Lines no wider than `room`, broken at spaces and between Chinese characters; a single longer word stays whole.
pub(crate) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    lines(text, size, room)
        .into_iter()
        .map(|line| line.trim().to_owned())
        .collect()
}

/// At most `most` lines, the last of them cut when the text has more.
pub(crate) fn fold(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let lines = lines(text, size, room);
    let mut folded = Vec::new();
    let mut rest = text;
    for line in &lines {
        let last = folded.len() + 1 == most && lines.len() > most;
        if last || width(line.trim(), size, false) > room {
            let shown = cut(rest.trim(), size, room);
            // The title of a cut line is the whole text and not only what was left of it.
            folded.push(
                shown
                    .split_once(WHOLE)
                    .map_or(shown.clone(), |(shown, _)| format!("{shown}{WHOLE}{text}")),
            );
            break;
        }
        folded.push(line.trim().to_owned());
        rest = rest.get(line.len()..).unwrap_or_default();
    }
    folded
}

/// The text in consecutive pieces, one for each line.
fn lines(text: &str, size: f64, room: f64) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut from, mut to) = (0, 0);
    for word in words(text) {
        let longer = &text[from..to + word.len()];
        if to > from && width(longer.trim(), size, false) > room {
            lines.push(&text[from..to]);
            from = to;
        }
        to += word.len();
    }
    lines.push(&text[from..]);
    lines.retain(|line| !line.trim().is_empty());
    lines
}

/// Pieces between which a line may break. Chinese punctuation stays with the character before it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_han = |c: char| ('\u{2e80}'..='\u{9fff}').contains(&c) || ('\u{f900}'..='\u{faff}').contains(&c);
    let closes = |c: char| "，。、；：！？）》」』”’…％".contains(c);
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices().peekable();
        while let Some((_, c)) = chars.next() {
            let Some((next_at, next)) = chars.peek().copied() else {
                break;
            };
            let after_space = c == ' ' && next != ' ';
            let around_han = (is_han(c) || is_han(next) || closes(c)) && !closes(next) && next != ' ';
            if after_space || around_han {
                let (word, more) = rest.split_at(next_at);
                rest = more;
                return Some(word);
            }
        }
        (!rest.is_empty()).then(|| std::mem::take(&mut rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_both_scripts() {
        assert!((width("汉字", 10.0, false) - 20.0).abs() < 1e-9);
        let latin = width("Golden Week", 10.0, false);
        assert!(latin > 50.0 && latin < 70.0, "{latin}");
        assert!(width("Golden Week", 10.0, true) > latin);
    }

    #[test]
    fn cuts_to_the_room_and_keeps_the_whole() {
        assert_eq!(cut("short", 12.0, 100.0), "short");
        let long = "国庆节会员日短信唤醒活动第二轮";
        let short = cut(long, 12.0, 80.0);
        let (shown, whole) = short.split_once(WHOLE).unwrap();
        assert!(shown.ends_with('…') && width(shown, 12.0, false) <= 80.0);
        assert_eq!(whole, long);
    }

    #[test]
    fn wraps_at_spaces_and_between_chinese_characters() {
        assert_eq!(wrap("one two three", 12.0, 50.0), ["one two", "three"]);
        let lines = wrap("灰色：未被证实。线：百分之九十五区间。", 12.0, 100.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| !line.starts_with(['。', '：'])));
        assert_eq!(wrap("", 12.0, 50.0), Vec::<String>::new());
        assert_eq!(wrap("unbreakable", 12.0, 5.0), ["unbreakable"]);
    }

    #[test]
    fn folds_into_few_lines_and_keeps_the_whole() {
        assert_eq!(fold("one two", 12.0, 200.0, 2), ["one two"]);
        let lines = fold("one two three four five six", 12.0, 50.0, 2);
        assert_eq!(lines[0], "one two");
        let (shown, whole) = lines[1].split_once(WHOLE).unwrap();
        assert!(shown.starts_with("three") && shown.ends_with('…') && width(shown, 12.0, false) <= 50.0);
        assert_eq!(whole, "one two three four five six");
        assert_eq!(fold("不可分割unbreakable", 12.0, 40.0, 2).len(), 2);
        assert!(fold("unbreakable", 12.0, 40.0, 2)[0].contains('…'));
    }
}
