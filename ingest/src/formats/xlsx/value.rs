//! How a cell shows its value.

use calamine::{Data, Style};

/// What a cell's style says of its value, and of its place in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) is_bold: bool,
    form: Form,
}

/// The form of numbers and dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Plain,
    /// With as many digits after the point.
    Percent(usize),
    /// A date without its day.
    Month,
    Year,
}

/// Digits after the point of a percentage at most.
const MOST_DIGITS: usize = 6;

impl Look {
    pub(super) fn of(style: &Style) -> Self {
        let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
        Self {
            is_bold: style.font.as_ref().is_some_and(calamine::Font::is_bold),
            form: Form::of(code),
        }
    }
}

impl Form {
    /// From a format code such as `0.0%` or `mmm-yy`; of several sections the first, which is for positive numbers.
    fn of(code: &str) -> Self {
        let mut bare = String::new();
        let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
        for c in code.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' | '_' | '*' => escaped = true,
                '"' => quoted = !quoted,
                '[' if !quoted => bracketed = true,
                ']' if !quoted => bracketed = false,
                ';' if !quoted => break,
                c if !quoted && !bracketed => bare.push(c.to_ascii_lowercase()),
                _ => {}
            }
        }
        let has = |c: char| bare.contains(c);
        if has('%') {
            let digits = bare.split_once('.').map_or(0, |(_, after)| {
                after.chars().take_while(|c| matches!(c, '0' | '#' | '?')).count()
            });
            return Self::Percent(digits.min(MOST_DIGITS));
        }
        match (has('y'), has('m'), has('d') || has('h') || has('s')) {
            (true, true, false) => Self::Month,
            (true, false, false) => Self::Year,
            _ => Self::Plain,
        }
    }
}

/// A cell as its reader would write it down: dates as ISO dates, percentages as shown, whole numbers without a fraction.
pub(super) fn shown(value: &Data, look: Look) -> String {
    match value {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => match look.form {
            Form::Percent(_) => number_shown(*number as f64, look.form),
            _ => number.to_string(),
        },
        Data::Float(number) => number_shown(*number, look.form),
        Data::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        Data::Error(error) => error.to_string(),
        Data::DateTime(moment) if moment.is_duration() => {
            let minutes = (moment.as_f64() * 24.0 * 60.0).round() as i64;
            format!("{}:{:02}", minutes / 60, minutes % 60)
        }
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
            match (look.form, moment.as_f64() < 1.0, hour, minute) {
                (Form::Year, ..) => format!("{year:04}"),
                (Form::Month, ..) => format!("{year:04}-{month:02}"),
                (_, true, ..) => format!("{hour:02}:{minute:02}"),
                (_, false, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
            }
        }
    }
}

fn number_shown(number: f64, form: Form) -> String {
    if let Form::Percent(digits) = form {
        // Halves away from zero, as spreadsheets round.
        let scale = 10_f64.powi(digits as i32);
        return format!("{:.digits$}%", (number * 100.0 * scale).round() / scale);
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    fn look(code: &str) -> Look {
        Look { is_bold: false, form: Form::of(code) }
    }

    #[test]
    fn numbers_are_shown_as_written() {
        let plain = [3.0, 0.25, -1.5e3].map(|number| shown(&Data::Float(number), Look::default()));
        assert_eq!(plain, ["3", "0.25", "-1500"]);
        let percent =
            ["0%", "0.0%;-0.0%", "#,##0.00 %"].map(|code| shown(&Data::Float(0.8552), look(code)));
        assert_eq!(percent, ["86%", "85.5%", "85.52%"]);
        assert_eq!(shown(&Data::Float(2.0), look("0.0\"%\"")), "2");
        assert_eq!(shown(&Data::Int(1), look("0%")), "100%");
        assert_eq!(shown(&Data::Float(0.025), look("0%")), "3%");
    }

    #[test]
    fn dates_are_as_exact_as_they_are_shown() {
        let moment = |days: f64, in_1904: bool| {
            Data::DateTime(ExcelDateTime::new(days, ExcelDateTimeType::DateTime, in_1904))
        };
        for (code, days, expected) in [
            ("dd/mm/yyyy", 46_093.0, "2026-03-12"),
            ("[$-409]d-mmm-yy;@", 46_093.0, "2026-03-12"),
            ("mmm-yy", 46_093.0, "2026-03"),
            ("yyyy", 46_093.0, "2026"),
            ("m/d/yy h:mm", 46_093.5, "2026-03-12 12:00"),
            ("h:mm", 0.75, "18:00"),
        ] {
            assert_eq!(shown(&moment(days, false), look(code)), expected, "{code}");
        }
        assert_eq!(shown(&moment(44_631.0, true), look("d.m.yyyy")), "2026-03-12");
    }
}
