use crate::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A date as far as its document settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateValue {
    /// The document says which day it is.
    Day(Date),
    /// Only year and month are given; the value is the month's first day.
    Month(Date),
    /// `03/04/2026`, and nothing in the document says which way round.
    Ambiguous {
        /// Read as day, month, year.
        day_first: Date,
        /// Read as month, day, year.
        month_first: Date,
    },
}

impl DateValue {
    /// The earliest day that the date can mean.
    pub fn earliest(self) -> Date {
        match self {
            Self::Day(date) | Self::Month(date) => date,
            Self::Ambiguous { day_first, month_first } => day_first.min(month_first),
        }
    }

    /// The latest day that the date can mean.
    pub fn latest(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month(date) => date.last_of_month(),
            Self::Ambiguous { day_first, month_first } => day_first.max(month_first),
        }
    }

    /// Whether the document leaves open which day is meant.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::Ambiguous { .. })
    }
}

impl fmt::Display for DateValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Month(date) => write!(f, "{}", date.strftime("%Y-%m")),
            Self::Ambiguous { day_first, month_first } => {
                write!(f, "{day_first} or {month_first} (ambiguous)")
            }
        }
    }
}
