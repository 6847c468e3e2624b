//! Money and time against oracles that share nothing with them: decimal strings, and the civil calendar as arithmetic.

#![allow(clippy::arithmetic_side_effects, reason = "an overflow fails the test")]
#![allow(clippy::expect_used, reason = "a helper that fails fails its test")]

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq, prop_assume, sample};
use sepay::{NotVnd, VietnamTime, Vnd, query};

const MAX: i64 = 9_007_199_254_740_991;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_reads_what_it_writes(dong in amount()) {
        let money = Vnd::new(dong).unwrap();
        prop_assert_eq!(Vnd::parse(&money.to_string()), Ok(money));
        prop_assert_eq!(serde_json::to_string(&money).unwrap(), dong.to_string());
    }

    #[test]
    fn zeros_change_no_amount(dong in amount(), leading in 0_usize..40, trailing in 0_usize..40) {
        let sign = if dong < 0 { "-" } else { "" };
        let mut text = format!("{sign}{}{}", "0".repeat(leading), dong.unsigned_abs());
        if trailing > 0 {
            text = format!("{text}.{}", "0".repeat(trailing));
        }
        prop_assert_eq!(Vnd::parse(&text).map(Vnd::get), Ok(dong), "{}", text);
    }

    #[test]
    fn an_exponent_moves_the_point(dong in amount(), shift in -30_i32..=30, upper in any::<bool>()) {
        let (sign, digits) = (if dong < 0 { "-" } else { "" }, dong.unsigned_abs().to_string());
        let written = if shift >= 0 {
            // 1234 is 0.001234 with the point moved: more digits behind the point, a larger exponent.
            let wide = format!("{digits:0>width$}", width = shift.unsigned_abs() as usize + 1);
            let (whole, fraction) = wide.split_at(wide.len() - shift.unsigned_abs() as usize);
            if fraction.is_empty() { wide } else { format!("{whole}.{fraction}") }
        } else {
            format!("{digits}{}", "0".repeat(shift.unsigned_abs() as usize))
        };
        let e = if upper { 'E' } else { 'e' };
        let plus = if upper && shift >= 0 { "+" } else { "" };
        let text = format!("{sign}{written}{e}{plus}{shift}");
        prop_assert_eq!(Vnd::parse(&text).map(Vnd::get), Ok(dong), "{}", text);
    }

    #[test]
    fn any_fraction_is_an_error(dong in 0..=MAX / 10, zeros in 0_usize..30, digit in 1_u8..=9, tail in "[0-9]{0,10}") {
        let text = format!("{dong}.{}{digit}{tail}", "0".repeat(zeros));
        prop_assert_eq!(Vnd::parse(&text), Err(NotVnd::Fraction), "{}", text);
        prop_assert_eq!(Vnd::parse(&format!("-{text}")), Err(NotVnd::Fraction), "{}", text);
        prop_assert!(Vnd::parse(&format!("{text}e{zeros}")).is_err(), "{}", text);
    }

    #[test]
    fn anything_larger_is_an_overflow(above in 1_i64..=i64::MAX - MAX, zeros in 0_usize..300, minus in any::<bool>()) {
        let (sign, dong) = (if minus { "-" } else { "" }, MAX + above);
        prop_assert_eq!(Vnd::new(if minus { -dong } else { dong }), Err(NotVnd::Overflow));
        for text in [
            format!("{sign}{dong}"),
            format!("{sign}{dong}.00"),
            format!("{sign}{dong}{}", "0".repeat(zeros)),
            format!("{sign}{dong}e{zeros}"),
        ] {
            prop_assert_eq!(Vnd::parse(&text), Err(NotVnd::Overflow), "{}", text);
        }
    }

    #[test]
    fn text_that_looks_like_money_is_read_as_the_oracle_reads_it(
        text in "-?[0-9]{0,18}(\\.[0-9]{0,8})?([eE][+-]?[0-9]{0,2})?",
    ) {
        prop_assert_eq!(Vnd::parse(&text).ok().map(Vnd::get), oracle_vnd(&text), "{}", text);
    }

    #[test]
    fn arbitrary_text_is_money_only_when_the_oracle_agrees(
        text in prop_oneof![any::<String>(), "[-+0-9.eE ,_]{0,24}", "\\PC{0,8}[0-9]{1,6}\\PC{0,8}"],
    ) {
        prop_assert_eq!(Vnd::parse(&text).ok().map(Vnd::get), oracle_vnd(&text), "{:?}", text);
        if let Ok(money) = query::positive_amount("amount", &text) {
            prop_assert!(money >= Vnd::ZERO);
        }
    }

    #[test]
    fn every_second_is_read_and_written_in_both_forms(second in seconds()) {
        let (day, clock) = civil(second);
        let sepay = format!("{day} {clock}");
        let time = VietnamTime::from_sepay(&sepay).unwrap();
        prop_assert_eq!(time.to_sepay(), sepay.clone());
        prop_assert_eq!(time.to_string(), format!("{day}T{clock}+07:00"));
        prop_assert_eq!(time.unix_ms(), (second - 7 * 3_600) * 1_000);
        prop_assert_eq!(serde_json::to_string(&time).unwrap(), format!("\"{time}\""));
        for text in [sepay, format!("{day}T{clock}"), time.to_string()] {
            prop_assert_eq!(VietnamTime::first_of(&text), Ok(time), "{}", text);
            prop_assert_eq!(VietnamTime::last_of(&text), Ok(time), "{}", text);
        }
        let midnight = VietnamTime::from_sepay(&format!("{day} 00:00:00"));
        prop_assert_eq!(VietnamTime::first_of(&day), midnight);
        prop_assert_eq!(VietnamTime::last_of(&day), VietnamTime::from_sepay(&format!("{day} 23:59:59")));
    }

    #[test]
    fn every_offset_is_converted_to_vietnam_time(
        second in seconds(),
        minutes in -23 * 60_i64 - 59..=23 * 60 + 59,
        fraction in "(\\.[0-9]{1,9})?",
    ) {
        let there = second + (minutes - 7 * 60) * 60;
        prop_assume!((FIRST_SECOND..=LAST_SECOND - 1).contains(&there) && second < LAST_SECOND);
        let (day, clock) = civil(there);
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let text = format!("{day}T{clock}{fraction}{sign}{hours:02}:{rest:02}");
        let up = i64::from(fraction.bytes().any(|byte| matches!(byte, b'1'..=b'9')));
        prop_assert_eq!(VietnamTime::last_of(&text).map(unix_secs), Ok(second - 7 * 3_600), "{}", text);
        prop_assert_eq!(VietnamTime::first_of(&text).map(unix_secs), Ok(second + up - 7 * 3_600), "{}", text);
        if minutes == 0 {
            let zulu = text.replace("+00:00", "Z");
            prop_assert_eq!(VietnamTime::last_of(&zulu), VietnamTime::last_of(&text), "{}", zulu);
        }
    }

    #[test]
    fn times_are_ordered_as_their_seconds(one in seconds(), other in seconds()) {
        prop_assert_eq!(time_of(one).cmp(&time_of(other)), one.cmp(&other));
    }

    #[test]
    fn a_day_or_time_that_does_not_exist_is_an_error(
        year in 1900_i64..=9999, month in 0_i64..=13, day in 0_i64..=32,
        hour in 0_i64..=25, minute in 0_i64..=61, second in 0_i64..=61,
    ) {
        let exists = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        let date = format!("{year:04}-{month:02}-{day:02}");
        prop_assert_eq!(VietnamTime::first_of(&date).is_ok(), exists, "{}", date);
        let ticks = hour < 24 && minute < 60 && second < 60;
        let text = format!("{date} {hour:02}:{minute:02}:{second:02}");
        prop_assert_eq!(VietnamTime::from_sepay(&text).is_ok(), exists && ticks, "{}", text);
        prop_assert_eq!(VietnamTime::last_of(&text).is_ok(), exists && ticks, "{}", text);
    }

    #[test]
    fn the_first_second_is_not_after_the_last(text in time_text()) {
        let (first, last) = (VietnamTime::first_of(&text), VietnamTime::last_of(&text));
        if let (Ok(first), Ok(last)) = (first, last) {
            // A fraction is rounded inwards: between two whole seconds lies none.
            let inwards_secs = i64::from(text.contains('.'));
            prop_assert!(unix_secs(first) <= unix_secs(last) + inwards_secs, "{}", text);
        }
    }

    #[test]
    fn arbitrary_text_is_a_time_only_when_it_is_written_back(
        text in prop_oneof![any::<String>(), time_text(), "[0-9TZ:+ -]{8,26}"],
    ) {
        let _results = (VietnamTime::first_of(&text), VietnamTime::last_of(&text));
        if let Ok(time) = VietnamTime::from_sepay(&text) {
            prop_assert_eq!(time.to_sepay(), text);
        }
    }
}

#[test]
fn the_civil_calendar_of_this_test_agrees_with_known_days() {
    for (second, day) in [
        (0, "1970-01-01"),
        (FIRST_SECOND, "1900-01-01"),
        (LAST_SECOND, "9999-12-31"),
        (951_782_400, "2000-02-29"),
        (1_709_164_800, "2024-02-29"),
        (4_107_542_400, "2100-03-01"),
    ] {
        assert_eq!(civil(second).0, day);
    }
}

#[test]
fn the_years_before_1900_are_refused_and_the_last_second_of_9999_is_not() {
    for text in ["1899-12-31", "1899-12-31 23:59:59", "0000-00-00", "0001-01-01", "10000-01-01"] {
        assert!(VietnamTime::first_of(text).is_err(), "{text}");
    }
    assert!(VietnamTime::first_of("1900-01-01").is_ok());
    assert!(VietnamTime::last_of("9999-12-31").is_ok());
    assert!(VietnamTime::last_of("9999-12-31T23:59:59Z").is_err(), "year 10000 in Vietnam");
    assert!(VietnamTime::first_of("9999-12-31T23:59:59.5+07:00").is_err(), "rounds up beyond it");
}

/// A `+` that a URL did not encode arrives as a space.
#[test]
fn a_plus_that_arrived_as_a_space_is_still_an_offset() {
    for text in ["2026-11-01T08:00:00 07:00", "2026-11-01 08:00:00 07:00"] {
        let time = VietnamTime::first_of(text).map(VietnamTime::to_sepay);
        assert_eq!(time.as_deref(), Ok("2026-11-01 08:00:00"), "{text}");
    }
}

/// 1900-01-01 00:00:00 and 9999-12-31 23:59:59 on a calendar without zone, in seconds from 1970-01-01 00:00:00.
const FIRST_SECOND: i64 = -2_208_988_800;
const LAST_SECOND: i64 = 253_402_300_799;

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![-MAX..=MAX, -10_000_i64..=10_000, Just(MAX), Just(-MAX), Just(0)]
}

fn seconds() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => FIRST_SECOND..=LAST_SECOND,
        2 => 1_600_000_000_i64..1_900_000_000,
        1 => sample::select(vec![FIRST_SECOND, LAST_SECOND, 951_782_399, 951_868_800]),
    ]
}

fn time_text() -> &'static str {
    "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,11})?(Z|[-+ ][0-2][0-9]:[0-5][0-9])?)?"
}

/// An amount by moving characters, then one 128-bit number: none for whatever is no whole amount in range.
fn oracle_vnd(text: &str) -> Option<i64> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (number, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !(digits(whole) && digits(fraction) && digits(unsigned)) || unsigned.len() > 3 {
        return None;
    }
    let shift: usize = unsigned.parse().ok()?;
    let value = if exponent.starts_with('-') {
        let wide = format!("{}{whole}", "0".repeat(shift));
        let (kept, moved) = wide.split_at(wide.len() - shift);
        join(kept, &format!("{moved}{fraction}"))?
    } else {
        let wide = format!("{fraction}{}", "0".repeat(shift));
        let (moved, kept) = wide.split_at(shift);
        join(&format!("{whole}{moved}"), kept)?
    };
    let signed = i64::try_from(if negative { -value } else { value }).ok()?;
    (-MAX..=MAX).contains(&signed).then_some(signed)
}

fn join(whole: &str, fraction: &str) -> Option<i128> {
    let significant = whole.trim_start_matches('0');
    if fraction.contains(|c| c != '0') || significant.len() > 30 {
        return None;
    }
    if significant.is_empty() { Some(0) } else { significant.parse().ok() }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The date and the time of day, so many seconds from 1970-01-01 00:00:00: whole years and months taken off one by one.
fn civil(second: i64) -> (String, String) {
    let (mut days, rest) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let length = |year: i64| 337 + days_in(year, 2);
    let mut year = 1970;
    while days < 0 {
        year -= 1;
        days += length(year);
    }
    while days >= length(year) {
        days -= length(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_in(year, month) {
        days -= days_in(year, month);
        month += 1;
    }
    let day = format!("{year:04}-{month:02}-{:02}", days + 1);
    (day, format!("{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60))
}

fn time_of(second: i64) -> VietnamTime {
    let (day, clock) = civil(second);
    VietnamTime::from_sepay(&format!("{day} {clock}")).expect("a time that exists")
}

fn unix_secs(time: VietnamTime) -> i64 {
    time.unix_ms() / 1_000
}

#[test]
fn the_days_in_vietnam_begin_seven_hours_before_those_of_utc() {
    let at = |ms| VietnamTime::from_unix_ms(ms).expect("a time");
    assert_eq!(at(0).to_string(), "1970-01-01T07:00:00+07:00");
    assert_eq!(at(-1).to_string(), "1970-01-01T06:59:59+07:00");
    for ms in [0, 1_793_750_399_000, 1_793_725_200_000, -2_208_988_800_000] {
        assert_eq!(at(ms).unix_ms(), ms);
    }
    let evening = VietnamTime::first_of("2026-11-20T16:59:59Z").expect("a time");
    let day = |days| evening.day_before(days).map(VietnamTime::to_sepay);
    assert_eq!(day(0).as_deref(), Some("2026-11-20 00:00:00"));
    assert_eq!(day(20).as_deref(), Some("2026-10-31 00:00:00"));
    let night = VietnamTime::first_of("2026-11-20T17:00:00Z").expect("a time");
    assert_eq!(
        night.day_before(0).map(VietnamTime::to_sepay).as_deref(),
        Some("2026-11-21 00:00:00")
    );
    assert_eq!(evening.day_before(u32::MAX), None);
    assert_eq!(VietnamTime::from_unix_ms(i64::MIN), None);
    assert_eq!(VietnamTime::from_unix_ms(i64::MAX), None);
}
