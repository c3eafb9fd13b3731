//! What is known, in the form that others take it in.

mod decisions;
mod matches;

pub(crate) use decisions::decisions;
pub(crate) use matches::{csv, matches};
