//! The three forms of a time.

#[allow(dead_code, reason = "the clock itself is not under test")]
#[path = "../src/clock.rs"]
mod clock;

use clock::{beijing, http_date, parse_http_date, parse_utc};

#[test]
fn dates_survive_the_round_trip() {
    for unix in [0, 951_782_399, 951_782_400, 1_773_302_950, 4_102_444_799, 1_709_164_800] {
        assert_eq!(parse_http_date(&http_date(unix)), Some(unix));
    }
    assert_eq!(http_date(1_773_302_950), "Thu, 12 Mar 2026 08:09:10 GMT");
    assert_eq!(beijing(1_773_302_950), "2026-03-12T16:09:10+08:00");
    assert_eq!(parse_utc("2026-03-12T08:09:10Z"), Some(1_773_302_950));
}

#[test]
fn other_spellings_are_refused() {
    for text in [
        "Fri, 12 Mar 2026 08:09:10 GMT",
        "Thu, 12 Mar 2026 8:09:10 GMT",
        "Thu, 12 Mar 2026 08:09:10 +0000",
        "Mon, 31 Feb 2026 08:09:10 GMT",
        "",
    ] {
        assert_eq!(parse_http_date(text), None, "{text}");
    }
    for text in ["2026-03-12T08:09:10+00:00", "2026-3-12T08:09:10Z", "2026-02-30T00:00:00Z"] {
        assert_eq!(parse_utc(text), None, "{text}");
    }
}
