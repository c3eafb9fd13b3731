//! The `sufficit` binary.
fn main() {}
