//! Reads a part of OpenDocument slides.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sufficit_fuzz::part(bytes, "odp"));
