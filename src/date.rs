//! Dates as the wire writes them, to and from seconds since 1970-01-01 UTC. No clock is read here.

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY: i64 = 86_400;

/// `Fri, 02 Jan 2026 03:04:05 GMT` (RFC 9110).
pub fn http_date(unix: i64) -> String {
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
pub fn iso_8601(unix: i64) -> String {
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

/// Reads what [`http_date`] writes.
pub fn parse_http_date(text: &str) -> Option<i64> {
    let mut parts = text.split_once(", ")?.1.split(' ');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let year = parts.next()?.parse().ok()?;
    let seconds = seconds_of(parts.next()?)?;
    Some(days_since_1970(year, month, day)? * DAY + seconds)
}

/// RFC 3339 with any offset, in milliseconds: `2026-01-02T11:04:05.678+08:00`.
pub fn parse_rfc_3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(str::parse);
    let mut next = || parts.next()?.ok();
    let days = days_since_1970(next()?, next()?, next()?)?;
    let at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at(at);
    let offset = match zone.as_bytes() {
        b"Z" | b"z" => 0,
        [sign, ..] => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        [] => return None,
    };
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let millis = format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
    Some((days * DAY + seconds_of(whole)? - offset * 60) * 1000 + millis)
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
        assert_eq!(iso_8601(1_709_164_800), "2024-02-29T00:00:00Z");
        assert_eq!(parse_rfc_3339("2026-01-02T11:04:05+08:00"), Some(1_767_323_045_000));
        assert_eq!(parse_rfc_3339("2026-01-02T03:04:05.67Z"), Some(1_767_323_045_670));
        assert_eq!(parse_rfc_3339("2026-01-01T22:04:05-05:00"), Some(1_767_323_045_000));
    }

    #[test]
    fn dates_survive_the_way_there_and_back() {
        for unix in (-1_000_000_000..4_000_000_000).step_by(7_654_321) {
            assert_eq!(parse_http_date(&http_date(unix)), Some(unix));
            assert_eq!(parse_rfc_3339(&iso_8601(unix)), Some(unix * 1000));
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
            assert_eq!(parse_rfc_3339(text), None, "{text}");
        }
    }
}
