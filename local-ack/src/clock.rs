//! The server's clock and the three ways it is written.

use std::time::{SystemTime, UNIX_EPOCH};

const DAY: i64 = 86_400;
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since 1970 on a clock that is `offset` seconds ahead of this machine's.
pub(crate) fn now_ms(offset: i64) -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    milliseconds.saturating_add(offset.saturating_mul(1000))
}

/// `Thu, 12 Mar 2026 08:09:10 GMT`
pub(crate) fn http_date(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(DAY));
    let name = DAYS[unix.div_euclid(DAY).rem_euclid(7) as usize];
    let month = MONTHS[month as usize - 1];
    format!("{name}, {day:02} {month} {year:04} {} GMT", time_of_day(unix))
}

/// `2026-03-12T16:09:10+08:00`
pub(crate) fn beijing(unix: i64) -> String {
    let local = unix + 8 * 3600;
    let (year, month, day) = civil(local.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}T{}+08:00", time_of_day(local))
}

/// Reads the form of [`http_date`], and no other.
pub(crate) fn parse_http_date(text: &str) -> Option<i64> {
    let mut words = text.split(' ');
    let (_, day, month) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let year = words.next()?.parse().ok()?;
    let time = words.next()?;
    let unix = seconds(year, month, day.parse().ok()?)?.checked_add(parse_time(time)?)?;
    // Writing it again rules out every other spelling, a wrong weekday included.
    (http_date(unix) == text).then_some(unix)
}

/// Reads `2026-03-12T08:09:10Z`, and no other form.
pub(crate) fn parse_utc(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let unix = seconds(year, month, day)?.checked_add(parse_time(time)?)?;
    let again = civil(unix.div_euclid(DAY));
    let again = format!("{:04}-{:02}-{:02}T{}Z", again.0, again.1, again.2, time_of_day(unix));
    (again == text).then_some(unix)
}

fn time_of_day(unix: i64) -> String {
    let second = unix.rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

fn parse_time(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    (valid && parts.next().is_none()).then_some(hour * 3600 + minute * 60 + second)
}

/// Midnight of a day as seconds since 1970, by the Gregorian calendar.
fn seconds(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March put the leap day last, so month lengths need no table.
    let shifted = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719_468;
    Some(days * DAY)
}

/// Year, month and day of a day counted from 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
