//! Reads a part of an OpenDocument sheet.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sufficit_fuzz::part(bytes, "ods"));
