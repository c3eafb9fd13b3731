//! Reads HTML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| sufficit_fuzz::whole(bytes, "html"));
