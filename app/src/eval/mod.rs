//! Accuracy on labelled sets: what a set says, what the mapper says, and the measures that compare the two.

mod bootstrap;
mod calibration;
mod compare;
mod floor;
mod judged;
mod markdown;
mod measures;
mod report;
mod set;

pub(crate) use bootstrap::{Interval, interval};
pub(crate) use calibration::Calibration;
pub(crate) use compare::{Changes, changes, read_run};
pub(crate) use floor::{Bound, broken};
pub(crate) use judged::{Judged, judge_set};
pub(crate) use markdown::{figure as figure_text, interval as interval_text, markdown, spoken};
pub(crate) use report::{GradeReport, NoEvidence, Report, SetReport, report};
pub(crate) use set::{LabelledSet, Labels, read_sets};
