//! Accuracy on labelled sets: what a set says, what the mapper says, and the measures that compare the two.

mod bootstrap;
mod judged;
mod measures;
mod set;

pub(crate) use bootstrap::{Interval, interval};
pub(crate) use judged::{Judged, judge_set};
pub(crate) use measures::{
    Pair, average_precision, confusion, kappa, mean_absolute_error, recall_at, reciprocal_rank,
};
pub(crate) use set::{LabelledSet, Labels, read_set};
