use memmap2::Mmap;
use std::fs::File;

/// Maps the first `length` bytes of `file` into memory, for reading.
///
/// Bytes once committed are never changed and never cut off: the file only grows behind them, or is replaced as a
/// whole by renaming another over it, which leaves this mapping on the old one.
#[expect(unsafe_code, reason = "a memory map holds only while nobody changes the file; see below")]
pub(super) fn map(file: &File, length: usize) -> std::io::Result<Mmap> {
    // SAFETY: as said above, no process of ours changes or cuts off bytes within `length`; one that is not ours and
    // does so breaks its own index.
    unsafe { memmap2::MmapOptions::new().len(length).map(file) }
}
