//! What a document says of itself, each with the place where it says so.

pub(crate) mod dates;

use crate::block::Layout;
use sufficit_evidence::Facts;

pub(crate) fn read(_layout: &Layout, _properties: &[(String, String)]) -> Facts {
    Facts::default()
}

pub(crate) fn is_label(_cell: &str) -> bool {
    false
}
