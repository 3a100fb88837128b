//! Reads what `copy … to stdout (format binary)` sends. Knows the wire format of PostgreSQL's types and nothing of tables.

#[cfg(test)]
use crate::schema::Kind;

/// The first bytes of every binary copy.
const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// 2000-01-01 in days since 1970-01-01, and in microseconds.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// A problem in words; the caller knows table and column.
pub(crate) type Decoded<T> = Result<T, String>;

/// Where the fields of one row lie in a buffer; `None` is null. Kept between rows so that nothing is allocated.
pub(crate) type Fields = Vec<Option<(usize, usize)>>;

/// What stands next in the buffer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A row whose fields were noted; it ends at this place.
    Row(usize),
    /// The buffer ends before the row does.
    More,
    /// The end of the copy.
    End(usize),
}

/// The length of the header at the start of `buffer`; `None` while it is not all there.
pub(crate) fn header(buffer: &[u8]) -> Decoded<Option<usize>> {
    let known = buffer.len().min(SIGNATURE.len());
    if buffer[..known] != SIGNATURE[..known] {
        return Err("not the binary copy format".to_owned());
    }
    let Some(extension) = buffer.get(15..19) else {
        return Ok(None);
    };
    let length = 19 + read_u32(extension) as usize;
    Ok((buffer.len() >= length).then_some(length))
}

/// Finds the next row in `buffer` from `start`.
pub(crate) fn next(buffer: &[u8], start: usize, fields: &mut Fields) -> Decoded<Next> {
    let Some(count) = buffer.get(start..start + 2) else {
        return Ok(Next::More);
    };
    let count = i16::from_be_bytes([count[0], count[1]]);
    let mut place = start + 2;
    if count == -1 {
        return Ok(Next::End(place));
    }
    fields.clear();
    for _ in 0..count {
        let Some(length) = buffer.get(place..place + 4) else {
            return Ok(Next::More);
        };
        let length = read_u32(length).cast_signed();
        place += 4;
        if length == -1 {
            fields.push(None);
            continue;
        }
        let length = usize::try_from(length).map_err(|_| "a field of negative length".to_owned())?;
        if buffer.len() < place + length {
            return Ok(Next::More);
        }
        fields.push(Some((place, place + length)));
        place += length;
    }
    Ok(Next::Row(place))
}

fn read_u32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn exact<const N: usize>(bytes: &[u8]) -> Decoded<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| format!("{} bytes where {N} belong", bytes.len()))
}

pub(crate) fn int4(bytes: &[u8]) -> Decoded<i32> {
    exact(bytes).map(i32::from_be_bytes)
}

/// `integer` or `bigint`.
pub(crate) fn int8(bytes: &[u8]) -> Decoded<i64> {
    if bytes.len() == 4 {
        int4(bytes).map(i64::from)
    } else {
        exact(bytes).map(i64::from_be_bytes)
    }
}

pub(crate) fn boolean(bytes: &[u8]) -> Decoded<bool> {
    exact::<1>(bytes).map(|[byte]| byte != 0)
}

/// Days since 1970-01-01.
pub(crate) fn date(bytes: &[u8]) -> Decoded<i32> {
    match int4(bytes)? {
        i32::MAX | i32::MIN => Err("an infinite date".to_owned()),
        days => days
            .checked_add(EPOCH_DAYS)
            .ok_or_else(|| "a date out of range".to_owned()),
    }
}

/// Microseconds since 1970-01-01 UTC.
pub(crate) fn instant(bytes: &[u8]) -> Decoded<i64> {
    match exact(bytes).map(i64::from_be_bytes)? {
        i64::MAX | i64::MIN => Err("an infinite time".to_owned()),
        micros => micros
            .checked_add(EPOCH_MICROS)
            .ok_or_else(|| "a time out of range".to_owned()),
    }
}

pub(crate) fn text(bytes: &[u8]) -> Decoded<&str> {
    std::str::from_utf8(bytes).map_err(|_| "text that is not UTF-8".to_owned())
}

/// The text of a `jsonb`, whose first byte is the version of its own format.
pub(crate) fn json(bytes: &[u8]) -> Decoded<&str> {
    match bytes.split_first() {
        Some((1, rest)) => text(rest),
        _ => Err("jsonb of an unknown version".to_owned()),
    }
}

pub(crate) fn uuid(bytes: &[u8]) -> Decoded<String> {
    let hex = hex::encode(exact::<16>(bytes)?);
    Ok(format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    ))
}

/// A `numeric` as a whole number of units of the last place: 1.5 at scale 6 is 1 500 000. Refuses what would lose a digit.
pub(crate) fn numeric(bytes: &[u8], precision: u8, scale: i8) -> Decoded<i128> {
    let too_short = || "a number that breaks off".to_owned();
    let word = |at: usize| {
        bytes
            .get(at..at + 2)
            .map(|b| i16::from_be_bytes([b[0], b[1]]))
            .ok_or_else(too_short)
    };
    let (count, weight, sign) = (word(0)?, word(2)?, word(4)?.cast_unsigned());
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        _ => return Err("a number that is not finite".to_owned()),
    };
    let does_not_fit = || format!("a number that does not fit numeric({precision},{scale})");
    let mut value: i128 = 0;
    for digit in 0..usize::from(count.cast_unsigned()) {
        let digit = i128::from(word(8 + 2 * digit)?);
        value = value
            .checked_mul(10_000)
            .and_then(|v| v.checked_add(digit))
            .ok_or_else(does_not_fit)?;
    }
    // The last digit read stands for 10000^(weight - count + 1).
    let exponent = 4 * (i32::from(weight) - i32::from(count) + 1) + i32::from(scale);
    let power = 10_i128.checked_pow(exponent.unsigned_abs());
    if value != 0 {
        let power = power.ok_or_else(does_not_fit)?;
        value = if exponent >= 0 {
            value.checked_mul(power).ok_or_else(does_not_fit)?
        } else if value % power == 0 {
            value / power
        } else {
            return Err(does_not_fit());
        };
    }
    let limit = 10_i128.checked_pow(u32::from(precision)).ok_or_else(does_not_fit)?;
    if value >= limit {
        return Err(does_not_fit());
    }
    Ok(if negative { -value } else { value })
}

/// The bytes of a field as PostgreSQL sends them; for tests, which have no server to ask.
#[cfg(test)]
pub(crate) mod write {
    use super::*;

    pub(crate) fn header() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 8]);
        bytes
    }

    pub(crate) fn row(part: i32, fields: &[Option<Vec<u8>>]) -> Vec<u8> {
        let mut bytes = i16::try_from(fields.len() + 1).unwrap().to_be_bytes().to_vec();
        bytes.extend(4_i32.to_be_bytes());
        bytes.extend(part.to_be_bytes());
        for field in fields {
            match field {
                None => bytes.extend((-1_i32).to_be_bytes()),
                Some(field) => {
                    bytes.extend(i32::try_from(field.len()).unwrap().to_be_bytes());
                    bytes.extend(field);
                }
            }
        }
        bytes
    }

    pub(crate) fn trailer() -> Vec<u8> {
        (-1_i16).to_be_bytes().to_vec()
    }

    pub(crate) fn numeric(units: i128, scale: i32) -> Vec<u8> {
        // Digits to base 10000, aligned so that the decimal point falls between two of them.
        let shift = (4 - scale % 4) % 4;
        let mut rest = units.unsigned_abs() * 10_u128.pow(shift.unsigned_abs());
        let mut digits = Vec::new();
        while rest > 0 {
            digits.push(i16::try_from(rest % 10_000).unwrap());
            rest /= 10_000;
        }
        digits.reverse();
        let weight = i32::try_from(digits.len()).unwrap() - (scale + shift) / 4 - 1;
        let mut bytes = i16::try_from(digits.len()).unwrap().to_be_bytes().to_vec();
        bytes.extend(i16::try_from(weight).unwrap().to_be_bytes());
        bytes.extend(if units < 0 { 0x4000_u16 } else { 0 }.to_be_bytes());
        bytes.extend(u16::try_from(scale).unwrap().to_be_bytes());
        bytes.extend(digits.iter().flat_map(|digit| digit.to_be_bytes()));
        bytes
    }

    pub(crate) fn instant(micros: i64) -> Vec<u8> {
        (micros - EPOCH_MICROS).to_be_bytes().to_vec()
    }

    pub(crate) fn date(days: i32) -> Vec<u8> {
        (days - EPOCH_DAYS).to_be_bytes().to_vec()
    }

    /// A value written down as text, as the kind of its column.
    pub(crate) fn value(kind: Kind, text: &str) -> Vec<u8> {
        match kind {
            Kind::Number | Kind::Int32 => text.parse::<i32>().unwrap().to_be_bytes().to_vec(),
            Kind::Int64 => text.parse::<i64>().unwrap().to_be_bytes().to_vec(),
            Kind::Text => text.as_bytes().to_vec(),
            Kind::Json => [&[1], text.as_bytes()].concat(),
            Kind::Uuid => hex::decode(text.replace('-', "")).unwrap(),
            Kind::Bool => vec![u8::from(text == "true")],
            Kind::Date => {
                let day: chrono::NaiveDate = text.parse().unwrap();
                date(i32::try_from((day - chrono::NaiveDate::default()).num_days()).unwrap())
            }
            Kind::Instant => {
                let at: chrono::DateTime<chrono::Utc> = text.parse().unwrap();
                instant(at.timestamp_micros())
            }
            Kind::Decimal { scale, .. } => {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
                let digits = format!("{whole}{fraction:0<width$}", width = usize::try_from(scale).unwrap());
                numeric(digits.parse().unwrap(), i32::from(scale))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        for (units, scale) in [
            (0, 6),
            (1, 6),
            (-1, 6),
            (1_500_000, 6),
            (123_456_789_012_345_678, 6),
            (12_345, 0),
            (999_900_000, 9),
        ] {
            let bytes = write::numeric(units, scale);
            assert_eq!(
                numeric(&bytes, 18, i8::try_from(scale).unwrap()),
                Ok(units),
                "{units} at {scale}"
            );
        }
        // 10000 as PostgreSQL sends it: one digit 1 of weight 1.
        assert_eq!(numeric(&[0, 1, 0, 1, 0, 0, 0, 0, 0, 1], 18, 6), Ok(10_000_000_000));
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert!(
            numeric(&write::numeric(1, 7), 18, 6).is_err(),
            "a seventh place would be lost"
        );
        assert!(
            numeric(&write::numeric(10_i128.pow(18), 6), 18, 6).is_err(),
            "19 digits"
        );
        assert!(numeric(&[0, 0, 0, 0, 0xc0, 0, 0, 0], 18, 6).is_err(), "not a number");
        assert!(numeric(&[0, 9, 0, 0], 18, 6).is_err(), "breaks off");
    }

    #[test]
    fn times_and_dates_count_from_1970() {
        assert_eq!(instant(&write::instant(0)), Ok(0));
        assert_eq!(date(&0_i32.to_be_bytes()), Ok(10_957));
        assert!(instant(&i64::MAX.to_be_bytes()).is_err());
        assert!(date(&i32::MIN.to_be_bytes()).is_err());
    }

    #[test]
    fn rows_are_found_only_when_they_are_complete() {
        let row = write::row(3, &[None, Some(b"x".to_vec())]);
        let mut fields = Fields::new();
        for end in 0..row.len() {
            assert_eq!(next(&row[..end], 0, &mut fields), Ok(Next::More));
        }
        assert_eq!(next(&row, 0, &mut fields), Ok(Next::Row(row.len())));
        assert_eq!(fields.len(), 3);
        assert_eq!(fields[1], None);
        assert_eq!(next(&write::trailer(), 0, &mut fields), Ok(Next::End(2)));
        assert_eq!(header(&write::header()), Ok(Some(19)));
        assert_eq!(header(&write::header()[..12]), Ok(None));
        assert!(header(b"order_id,total").is_err());
    }
}
