//! What the fuzz targets share: bytes become a file, the file is read, and what comes of it has to be accounted for.
//!
//! A container's checksums would turn every changed byte away, so the targets of office files change one part and pack it with the
//! others of a small file.

#[path = "../../tests/account.rs"]
mod account;
#[path = "../../tests/fixtures/mod.rs"]
mod fixtures;

use fixtures::{Fixture, zipped};

/// Reads `bytes` as a file with this extension.
pub fn whole(bytes: &[u8], extension: &str) {
    let name = format!("file.{extension}");
    let fault = account::unlisted(&account::read(bytes, &name), &name);
    assert!(fault.is_none(), "{fault:?}");
}

/// Reads an office file of which one part is replaced: the first byte says which, the rest is its content.
pub fn part(bytes: &[u8], extension: &str) {
    let Some((place, content)) = bytes.split_first() else { return };
    let Some(mut parts) = parts(extension) else { return };
    let place = usize::from(*place) % parts.len();
    if let Some((_, part)) = parts.get_mut(place) {
        *part = content.to_vec();
    }
    whole(&zipped::stored(&parts), extension);
}

fn parts(extension: &str) -> Option<zipped::Parts> {
    fixtures::all().into_iter().find_map(|(own, fixture)| match fixture {
        Fixture::Zipped(parts) if own == extension => Some(parts),
        _ => None,
    })
}

/// What each target begins with: the target's name and an input.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = Vec::new();
    for (extension, fixture) in fixtures::all() {
        let target = match extension {
            "md" => "markdown",
            "txt" => "text",
            "zip" | "tar" => "archive",
            other => other,
        };
        match fixture {
            Fixture::Zipped(parts) if target != "archive" => {
                for (place, (_, content)) in parts.into_iter().enumerate() {
                    seeds.push((target, [vec![place as u8], content].concat()));
                }
            }
            whole => seeds.push((target, whole.bytes())),
        }
    }
    seeds
}
