use super::Content;
use crate::{Limits, fault::Fault};

pub(crate) fn read(_bytes: &[u8], _limits: &Limits) -> Result<Content, Fault> {
    Err(Fault::Nothing("text"))
}
