//! Dates as the wire writes them, to and from seconds since 1970-01-01 UTC. No clock is read here.

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY: i64 = 86_400;

/// `Fri, 02 Jan 2026 03:04:05 GMT` (RFC 9110).
pub(crate) fn http_date(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(DAY));
    let weekday = DAYS[unix.div_euclid(DAY).rem_euclid(7) as usize];
    let mut out = String::with_capacity(29);
    out.extend([weekday, ", "]);
    push_two(&mut out, day);
    out.extend([" ", MONTHS[month as usize - 1], " "]);
    push_year(&mut out, year);
    out.push(' ');
    push_clock(&mut out, unix);
    out.push_str(" GMT");
    out
}

/// `2026-01-02T03:04:05Z`.
pub(crate) fn iso_8601(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(DAY));
    let mut out = String::with_capacity(20);
    push_year(&mut out, year);
    for (mark, part) in [('-', month), ('-', day)] {
        out.push(mark);
        push_two(&mut out, part);
    }
    out.push('T');
    push_clock(&mut out, unix);
    out.push('Z');
    out
}

/// `2026-01-02T03:04:05.678Z`, from milliseconds.
pub(crate) fn rfc_3339_ms(unix_ms: i64) -> String {
    let mut out = iso_8601(unix_ms.div_euclid(1000));
    out.pop();
    out.push_str(&format!(".{:03}Z", unix_ms.rem_euclid(1000)));
    out
}

/// Reads what [`http_date`] writes.
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let year = parts.next()?.parse().ok()?;
    let seconds = seconds_of(parts.next()?)?;
    Some(days_since_1970(year, month, day)? * DAY + seconds)
}

/// A moment that a text tells, in milliseconds since 1970: it may be as long as the text leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Reads a date in the forms that the service was seen to write: RFC 3339 with or without seconds and
/// fractions of them, with a blank for the `T`, with an offset in either spelling or none (China's then).
pub(crate) fn parse_moment(text: &str) -> Option<Moment> {
    let (date, rest) = text.trim().split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(number);
    let mut next = || parts.next()?;
    let days = days_since_1970(next()?, next()?, next()?)?;
    let (time, zone) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let (whole, fraction) = time.trim_end().split_once('.').unwrap_or((time.trim_end(), "0"));
    let millis = number(format!("{fraction:0<3}").get(..3)?)?;
    let (seconds, open_ms) = match whole.bytes().filter(|b| *b == b':').count() {
        1 => (seconds_of(&format!("{whole}:00"))?, 59_999),
        _ => (seconds_of(whole)?, 0),
    };
    let from_ms = (days * DAY + seconds - offset_minutes(zone)? * 60) * 1000 + millis;
    Some(Moment { from_ms, to_ms: from_ms + open_ms })
}

/// Reads a date as RFC 3339 has it, with seconds and a zone: milliseconds since 1970.
pub(crate) fn parse_rfc_3339(text: &str) -> Option<i64> {
    let zone = match text.as_bytes() {
        [.., b'Z' | b'z'] => 1,
        [.., b'+' | b'-', _, _, b':', _, _] => 6,
        _ => return None,
    };
    let is_whole = text.get(..text.len() - zone)?.len() >= "2026-01-02T03:04:05".len();
    let has_mark = matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' '));
    let moment = parse_moment(text).filter(|_| is_whole && has_mark)?;
    (moment.from_ms == moment.to_ms).then_some(moment.from_ms)
}

/// Reads a date that is a number: seconds since 1970, or milliseconds.
pub(crate) fn parse_epoch(number: i64) -> Option<Moment> {
    const FIRST_THAT_IS_MILLISECONDS: i64 = 100_000_000_000;
    let ms = match number {
        ..0 => return None,
        0..FIRST_THAT_IS_MILLISECONDS => number * 1000,
        _ => number,
    };
    let open_ms = if ms == number { 0 } else { 999 };
    Some(Moment { from_ms: ms, to_ms: ms + open_ms })
}

/// `Z`, `+08:00`, `+0800`, or nothing, which is China's time.
fn offset_minutes(zone: &str) -> Option<i64> {
    const CHINA: i64 = 8 * 60;
    let (sign, digits) = match zone.as_bytes() {
        [] => return Some(CHINA),
        b"Z" | b"z" => return Some(0),
        [b'-', ..] => (-1, zone[1..].replace(':', "")),
        [_, ..] => (1, zone[1..].replace(':', "")),
    };
    let digits = Some(digits).filter(|digits| digits.len() == 4)?;
    Some(sign * (number(digits.get(..2)?)? * 60 + number(digits.get(2..)?)?))
}

/// Digits and nothing else.
fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

fn push_clock(out: &mut String, unix: i64) {
    let second = unix.rem_euclid(DAY);
    push_two(out, second / 3600);
    for part in [second / 60 % 60, second % 60] {
        out.push(':');
        push_two(out, part);
    }
}

/// Two digits; every call signs a date, and a formatter costs more than the date.
fn push_two(out: &mut String, number: i64) {
    out.extend([number / 10 % 10, number % 10].map(|digit| char::from(b'0' + digit as u8)));
}

fn push_year(out: &mut String, year: i64) {
    push_two(out, year / 100);
    push_two(out, year % 100);
}

fn seconds_of(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok().map(i64::from));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let sound = hour < 24 && minute < 60 && second <= 60 && parts.next().is_none();
    sound.then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 to year, month, day in the Gregorian calendar.
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".)
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// The way back; `None` for what no calendar holds.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(era * 146_097 + doe - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(1_767_323_045), "Fri, 02 Jan 2026 03:04:05 GMT");
        assert_eq!(iso_8601(1_767_323_045), "2026-01-02T03:04:05Z");
        assert_eq!(rfc_3339_ms(1_767_323_045_007), "2026-01-02T03:04:05.007Z");
        assert_eq!(iso_8601(1_709_164_800), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn every_form_of_a_date_that_was_seen_is_read() {
        let at = 1_767_323_045_000;
        for (text, from_ms, open_ms) in [
            ("2026-01-02T11:04:05+08:00", at, 0),
            ("2026-01-02T11:04:05+0800", at, 0),
            ("2026-01-02T11:04:05", at, 0),
            ("2026-01-02 11:04:05", at, 0),
            (" 2026-01-02 11:04:05 +0800 ", at, 0),
            ("2026-01-02T03:04:05.67Z", at + 670, 0),
            ("2026-01-02T03:04:05.678901Z", at + 678, 0),
            ("2026-01-01T22:04:05-05:00", at, 0),
            ("2026-01-02T03:04Z", at - 5_000, 59_999),
            ("2026-01-02T11:04+0800", at - 5_000, 59_999),
        ] {
            let moment = Moment { from_ms, to_ms: from_ms + open_ms };
            assert_eq!(parse_moment(text), Some(moment), "{text}");
        }
        assert_eq!(parse_epoch(at), Some(Moment { from_ms: at, to_ms: at }));
        assert_eq!(parse_epoch(at / 1000), Some(Moment { from_ms: at, to_ms: at + 999 }));
        assert_eq!(parse_epoch(-1), None);
    }

    #[test]
    fn what_rfc_3339_has_is_read_and_nothing_else() {
        let at = 1_767_323_045_000;
        for (text, ms) in [
            ("2026-01-02T03:04:05Z", at),
            ("2026-01-02t03:04:05.678z", at + 678),
            ("2026-01-02T11:04:05+08:00", at),
            ("2026-01-02 03:04:05-00:00", at),
        ] {
            assert_eq!(parse_rfc_3339(text), Some(ms), "{text}");
        }
        for text in [
            "",
            "Z",
            "yesterday",
            "2026-01-02",
            "2026-01-02T03:04Z",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:05+0800",
            "2026-13-02T03:04:05Z",
            "2026-01-02T03:04:05Zé",
            "2026-1-2T3:4:5.0000000Z",
            "1767323045",
        ] {
            assert_eq!(parse_rfc_3339(text), None, "{text}");
        }
        assert_eq!(parse_rfc_3339(&rfc_3339_ms(at + 7)), Some(at + 7));
    }

    #[test]
    fn dates_survive_the_way_there_and_back() {
        for unix in (-1_000_000_000..4_000_000_000).step_by(7_654_321) {
            assert_eq!(parse_http_date(&http_date(unix)), Some(unix));
            assert_eq!(parse_moment(&iso_8601(unix)).map(|m| m.from_ms), Some(unix * 1000));
        }
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in ["", "now", "Fri, 02 Xyz 2026 03:04:05 GMT", "Fri, 99 Jan 2026 03:04:05 GMT"] {
            assert_eq!(parse_http_date(text), None, "{text}");
        }
        for text in [
            "",
            "2026-01-02",
            "2026-13-02T03:04:05Z",
            "2026-01-02T25:04:05Z",
            "aT:Z",
            "2026-01-02T03:04:05+é",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
    }
}
