//! Reads a part of a workbook.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sufficit_fuzz::part(bytes, "xlsx"));
