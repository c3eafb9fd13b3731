//! How results look: tables for people, JSON and CSV for programs, progress on a terminal.

mod coverage;
mod print;
mod progress;
mod table;
mod view;

pub(crate) use coverage::{Coverage, coverage};
pub(crate) use print::{csv_rows, json, json_lines, line, out, wants_colour};
pub(crate) use progress::{Bar, Progress};
pub(crate) use table::{dots, fit, fit_path, width, wrapped};
pub(crate) use view::{MatchView, match_views};
