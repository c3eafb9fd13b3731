use crate::failure::Failure;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The file that says which bytes were fetched, in the form that `sha256sum --check` reads.
const NAME: &str = "SHA256SUMS";
/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 16;

/// The SHA-256 of a fetched model's files, by their paths in its folder. What was fetched once may not change unseen.
#[derive(Debug)]
pub(super) struct Sums {
    folder: PathBuf,
    by_file: BTreeMap<String, String>,
}

impl Sums {
    /// What is recorded in `folder`; nothing where nothing was fetched into it.
    pub(super) fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join(NAME)).unwrap_or_default();
        let entry = |line: &str| {
            let (sum, file) = line.split_once("  ")?;
            Some((file.to_owned(), sum.to_owned()))
        };
        Self { folder: folder.to_owned(), by_file: text.lines().filter_map(entry).collect() }
    }

    /// Whether `file` was fetched.
    pub(super) fn has(&self, file: &str) -> bool {
        self.by_file.contains_key(file) && self.folder.join(file).is_file()
    }

    /// Records the sum of a file that was fetched.
    #[cfg(feature = "download")]
    pub(super) fn record(&mut self, file: &str, sum: &str) -> io::Result<()> {
        self.by_file.insert(file.to_owned(), sum.to_owned());
        let mut text = String::new();
        for (file, sum) in &self.by_file {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{sum}  {file}");
        }
        let beside = self.folder.join(format!("{NAME}.part"));
        fs::write(&beside, text)?;
        fs::rename(&beside, self.folder.join(NAME))
    }

    /// Refuses a folder whose files are not what was fetched.
    pub(super) fn check(&self) -> Result<(), Failure> {
        for (file, recorded) in &self.by_file {
            let path = self.folder.join(file);
            let found = sum_of(&path).map_err(|error| {
                Failure::usage(
                    format!("{}: {error}", path.display()),
                    format!("Delete {} to have the model fetched anew.", self.folder.display()),
                )
            })?;
            if found != *recorded {
                return Err(Failure::usage(
                    format!(
                        "{} is not what was fetched: its SHA-256 is {found}, recorded is {recorded}",
                        path.display()
                    ),
                    format!(
                        "Find out who changed it; delete {} to have the model fetched anew.",
                        self.folder.display()
                    ),
                ));
            }
        }
        Ok(())
    }
}

/// The file's SHA-256.
fn sum_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(hex(digest));
        }
        digest.update(&piece[..read]);
    }
}

/// A digest as it is written.
pub(super) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_file_that_changed_since_is_refused_with_both_sums() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("model.onnx"), "").expect("is writable");
        assert!(Sums::read(folder.path()).check().is_ok(), "nothing is recorded");
        fs::write(folder.path().join(NAME), format!("{EMPTY}  model.onnx\n")).expect("is writable");
        let sums = Sums::read(folder.path());
        assert!(sums.has("model.onnx") && !sums.has("tokenizer.json"));
        assert!(sums.check().is_ok());
        fs::write(folder.path().join("model.onnx"), "x").expect("is writable");
        let what = sums.check().expect_err("is refused").what().to_owned();
        assert!(
            what.contains("model.onnx is not what was fetched") && what.contains(EMPTY),
            "{what}"
        );
    }
}
