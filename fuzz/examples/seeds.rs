//! Writes the inputs that fuzzing begins with into `fuzz/corpus/TARGET/`: the fixtures of the tests, and the files of the
//! example company.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

fn main() -> io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (number, (target, bytes)) in sufficit_fuzz::seeds().into_iter().enumerate() {
        write(fuzz, target, &format!("fixture-{number}"), &bytes)?;
    }
    let mut folders = vec![fuzz.join("../examples/vellmoor-coldchain")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let target = match path.extension().and_then(OsStr::to_str) {
                Some("md") => "markdown",
                Some("txt" | "yaml") => "text",
                Some(same @ ("pdf" | "html" | "csv" | "json")) => same,
                _ => continue,
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            write(fuzz, target, &name, &fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn write(fuzz: &Path, target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = fuzz.join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}
