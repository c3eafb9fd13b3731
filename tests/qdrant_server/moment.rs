//! Moments, as payloads write them: RFC 3339, or a date alone.

/// Seconds since 1970 in UTC, and nanoseconds within the second. Without an offset the text is UTC.
pub(super) fn parse(text: &str) -> Option<(i64, i32)> {
    let date = text.get(..10)?;
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let midnight = days(year, month, day) * 86_400;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some((midnight, 0));
    };
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let (time, offset) = offset(time)?;
    let (whole, nanos) = match time.split_once('.') {
        None => (time, 0),
        Some((whole, fraction)) => (whole, format!("{fraction:0<9}").get(..9)?.parse().ok()?),
    };
    let mut parts = whole.split(':').map(str::parse::<i64>);
    let (hour, minute) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let second = parts.next().unwrap_or(Ok(0)).ok()?;
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    valid.then_some((midnight + hour * 3600 + minute * 60 + second - offset, nanos))
}

/// A time without its offset, and the offset in seconds.
fn offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = time.split_at_checked(at)?;
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    Some((time, sign * (hours * 3600 + minutes * 60)))
}

/// Days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that a leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
