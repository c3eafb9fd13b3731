//! How results look: tables for people, JSON and CSV for programs, progress on a terminal.

mod citation;
mod coverage;
mod print;
mod progress;
mod systems;
mod table;
mod view;
mod working;

pub(crate) use citation::citation_lines;
pub(crate) use coverage::{Counts, Coverage, coverage};
pub(crate) use print::{csv_rows, json, json_lines, line, out, wants_colour};
pub(crate) use progress::{Bar, Progress};
pub(crate) use systems::system_lines;
pub(crate) use table::{dots, fit, fit_path, width, wrapped};
pub(crate) use view::{DecidedView, MatchView, best_first, match_views, unproposed_views};
pub(crate) use working::{assessment_working_lines, barred_text, working_lines};
