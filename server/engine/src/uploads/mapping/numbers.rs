//! Numbers as people write them: `1,234.50`, `1.234,50`, `€ 12`, `(3.5)`, `１２`, `12 %`, `1.2E+3`, `3.5万`.

use types::uploads::DecimalMark;

/// Digits that `numeric(18, …)` holds.
const LIMIT: i128 = 1_000_000_000_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    NotANumber,
    TooLarge,
}

/// The value times ten to the power of `scale`, further digits rounded half away from zero.
pub fn decimal(cell: &[u8], mark: DecimalMark, scale: u32) -> Result<i64, NumberFault> {
    match plain(cell, mark, scale) {
        Some(value) => Ok(value),
        None => written(
            std::str::from_utf8(cell).map_err(|_| NumberFault::NotANumber)?,
            mark,
            scale,
        ),
    }
}

/// A whole number, zero or more; `3.0` is whole.
pub fn whole(cell: &[u8], mark: DecimalMark) -> Result<i64, NumberFault> {
    let value = decimal(cell, mark, 6)?;
    if value < 0 || value % 1_000_000 != 0 {
        Err(NumberFault::NotANumber)
    } else {
        Ok(value / 1_000_000)
    }
}

/// The common case: an optional minus, digits, the mark, digits.
fn plain(cell: &[u8], mark: DecimalMark, scale: u32) -> Option<i64> {
    let (negative, digits) = match cell.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, cell),
    };
    if digits.is_empty() || digits.len() > 17 {
        return None;
    }
    let point = if mark == DecimalMark::Point { b'.' } else { b',' };
    let (mut value, mut fraction, mut after) = (0i64, 0u32, false);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            value = value * 10 + i64::from(digit);
            fraction += u32::from(after);
        } else if *byte == point && !after && digits.len() > 1 {
            after = true;
        } else {
            return None;
        }
    }
    if fraction > scale {
        return None;
    }
    let value = value.checked_mul(10i64.pow(scale - fraction))?;
    if i128::from(value) >= LIMIT {
        return None;
    }
    Some(if negative { -value } else { value })
}

/// Everything else.
fn written(text: &str, mark: DecimalMark, scale: u32) -> Result<i64, NumberFault> {
    let mut text: String = text.trim().chars().map(narrow).collect();
    let mut negative = false;
    let mut shift = 0i32;
    if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        text = inner.trim().to_owned();
        negative = true;
    }
    text = without_currency(&text).to_owned();
    if let Some(inner) = text.strip_suffix('%') {
        text = inner.trim().to_owned();
        shift = -2;
    }
    for (word, zeros) in [('万', 4), ('亿', 8)] {
        if let Some(inner) = text.strip_suffix(word) {
            text = inner.trim().to_owned();
            shift = zeros;
        }
    }
    for _ in 0..2 {
        if let Some(inner) = text.strip_prefix('-') {
            if negative {
                return Err(NumberFault::NotANumber);
            }
            text = inner.trim().to_owned();
            negative = true;
        } else if let Some(inner) = text.strip_prefix('+') {
            text = inner.trim().to_owned();
        }
        text = without_currency(&text).to_owned();
    }
    if !negative && text.len() > 1 && text.ends_with('-') {
        text.pop();
        negative = true;
    }
    let (number, exponent) = match text.find(['e', 'E']) {
        Some(at) => (
            text[..at].to_owned(),
            text[at + 1..].parse::<i32>().map_err(|_| NumberFault::NotANumber)?,
        ),
        None => (text, 0),
    };
    let (digits, fraction) = digits_of(&number, mark).ok_or(NumberFault::NotANumber)?;
    let value = scaled(&digits, exponent + shift - fraction + scale as i32)?;
    Ok(if negative { -value } else { value })
}

/// Full-width digits and signs as the plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (c as u32 - 0xff10) as u8),
        '\u{ff0e}' => '.',
        '\u{ff0c}' => ',',
        '\u{ff05}' => '%',
        '\u{ff0b}' => '+',
        '\u{ff08}' => '(',
        '\u{ff09}' => ')',
        '\u{ff0d}' | '\u{2212}' | '\u{2013}' => '-',
        other => other,
    }
}

/// Currencies that are written as letters in front of a number, longest first.
const LETTERS: [&str; 9] = ["HK$", "NT$", "US$", "Rs.", "Rs", "A$", "C$", "R$", "S$"];

fn without_currency(text: &str) -> &str {
    let sign = |c: char| {
        matches!(
            c,
            '€' | '$' | '£' | '¥' | '￥' | '₹' | '₽' | '₩' | '₺' | '₫' | '元' | '圆' | '円'
        )
    };
    let text = text.trim();
    let text = LETTERS
        .iter()
        .find_map(|letters| text.strip_prefix(letters))
        .unwrap_or(text);
    let mut text = text.trim_matches(sign).trim();
    let code = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_uppercase());
    if text.len() > 3 && text.is_char_boundary(3) && code(&text[..3]) {
        text = text[3..].trim_start();
    }
    let tail = text.len().saturating_sub(3);
    if tail > 0 && text.is_char_boundary(tail) && code(&text[tail..]) {
        text = text[..tail].trim_end();
    }
    text
}

/// Digits without marks, and how many stand after the decimal mark.
fn digits_of(number: &str, mark: DecimalMark) -> Option<(String, i32)> {
    let (point, comma) = if mark == DecimalMark::Point {
        ('.', ',')
    } else {
        (',', '.')
    };
    let (whole, fraction) = match number.split_once(point) {
        Some((whole, fraction)) => (whole, fraction),
        None => (number, ""),
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let separator =
        |c: char| c == comma || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' | '_');
    let groups: Vec<&str> = whole.split(separator).collect();
    if groups.iter().any(|group| !group.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    if let [first, middle @ .., last] = &groups[..]
        && (first.is_empty()
            || last.len() != 3
            || middle.iter().any(|group| !(2..=3).contains(&group.len()))
            || first.len() > 3)
    {
        return None;
    }
    let digits = groups.concat() + fraction;
    if digits.is_empty() || digits.len() > 60 {
        None
    } else {
        Some((digits, fraction.len() as i32))
    }
}

/// The digits times ten to the power of `power`, rounded half away from zero.
fn scaled(digits: &str, power: i32) -> Result<i64, NumberFault> {
    let digits = digits.trim_start_matches('0');
    let kept = digits.len() as i64 + i64::from(power);
    if digits.is_empty() || kept < 0 {
        return Ok(0);
    }
    if kept > 18 {
        return Err(NumberFault::TooLarge);
    }
    let kept = kept as usize;
    let mut value: i128 = 0;
    for place in 0..kept {
        let digit = digits.as_bytes().get(place).map_or(0, |b| i128::from(b - b'0'));
        value = value * 10 + digit;
    }
    if digits.as_bytes().get(kept).is_some_and(|b| *b >= b'5') {
        value += 1;
    }
    if value >= LIMIT {
        Err(NumberFault::TooLarge)
    } else {
        i64::try_from(value).map_err(|_| NumberFault::TooLarge)
    }
}

/// What a cell says about the decimal mark of its column, if anything.
pub fn evidence(cell: &str) -> Option<DecimalMark> {
    let text: String = cell.chars().map(narrow).collect();
    let text = without_currency(&text);
    let (comma, point) = (text.rfind(','), text.rfind('.'));
    let digits_after = |at: usize| text[at + 1..].chars().take_while(char::is_ascii_digit).count();
    let alone = |at: usize, mark: char| digits_after(at) != 3 && text.matches(mark).count() == 1;
    match (comma, point) {
        (Some(c), Some(p)) => Some(if c > p { DecimalMark::Comma } else { DecimalMark::Point }),
        (Some(c), None) if alone(c, ',') => Some(DecimalMark::Comma),
        (None, Some(p)) if alone(p, '.') => Some(DecimalMark::Point),
        (None, Some(_)) if text.matches('.').count() > 1 => Some(DecimalMark::Comma),
        (Some(_), None) if text.matches(',').count() > 1 => Some(DecimalMark::Point),
        _ => None,
    }
}
