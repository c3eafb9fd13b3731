//! The path under which an upload is kept: relative, plain, and valid on every system that a workspace may be carried to.

/// Bytes that a path may have.
const PATH: usize = 1024;
/// Bytes that a name in it may have; more than this few file systems take.
const NAME: usize = 255;
/// Names in it.
const DEPTH: usize = 32;
/// Names that mean a device on Windows, whatever follows after a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The path under the folder of uploads that a sender's `path` comes to, with `/` between its parts; or why there is none, as
/// a sentence. Names are kept as they are, never mended: two paths that differ must not become one.
pub(crate) fn upload_path(path: &str) -> Result<String, String> {
    if path.len() > PATH {
        return Err(format!("The path is longer than {PATH} bytes; shorten the names in it."));
    }
    let path = path.replace('\\', "/");
    if path.starts_with('/') {
        return Err(format!("{path} does not begin in the folder that is uploaded."));
    }
    let names: Vec<&str> =
        path.split('/').filter(|name| !name.is_empty() && *name != ".").collect();
    if names.is_empty() {
        return Err("The file has no name.".to_owned());
    }
    if names.len() > DEPTH {
        return Err(format!("{path} lies more than {DEPTH} folders deep; move it up."));
    }
    match names.iter().find_map(|name| fault(name)) {
        Some(fault) => Err(fault),
        None => Ok(names.join("/")),
    }
}

/// Why a name cannot be kept.
fn fault(name: &str) -> Option<String> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    let why = if name == ".." {
        "leads out of the folder that is uploaded"
    } else if name.len() > NAME {
        "is too long a name; shorten it"
    } else if name.chars().any(|c| c.is_control() || "<>:\"|?*".contains(c)) {
        "has characters that not every system takes in a name; rename it"
    } else if name.ends_with('!') {
        // What is in an archive is listed as `archive.zip!/name`.
        "ends in an exclamation mark, as the inside of an archive is called; rename it"
    } else if name.ends_with(['.', ' ']) {
        "ends in a dot or a space, which not every system keeps; rename it"
    } else if DEVICES.contains(&stem.as_str()) {
        "is the name of a device on Windows; rename it"
    } else if name.starts_with('.') {
        "is hidden, since its name begins with a dot, and hidden files are not read; rename it"
    } else {
        return None;
    };
    Some(format!("`{shown}` {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_paths_are_kept_as_they_are() {
        for path in ["a.pdf", "Policies 2026/AI-Richtlinie (final).docx", "x/y..z", "控制/方针.md"]
        {
            assert_eq!(upload_path(path).as_deref(), Ok(path));
        }
        assert_eq!(upload_path("./a//b\\c.txt").as_deref(), Ok("a/b/c.txt"));
    }

    #[test]
    fn what_leads_elsewhere_or_is_no_name_everywhere_is_refused() {
        for path in [
            "",
            "/",
            ".",
            "..",
            "../a",
            "a/../b",
            "a\\..\\b",
            "/etc/passwd",
            "\\\\host\\share",
            "C:\\a",
            "a/con",
            "NUL.txt",
            "com1.tar.gz",
            "a. ",
            "a.",
            "a\0b",
            "a\nb",
            "a:b",
            "what?",
            ".env",
            "a/.git/config",
        ] {
            assert!(upload_path(path).is_err(), "{path:?}");
        }
        assert!(upload_path(&"a".repeat(256)).is_err());
        assert!(upload_path(&"a/".repeat(600)).is_err());
        assert!(upload_path(&vec!["a"; 33].join("/")).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_stays_below_the_folder(path in any::<String>()) {
            if let Ok(kept) = upload_path(&path) {
                let joined = std::path::Path::new("/uploads").join(&kept);
                let plain = joined.components().skip(2).all(|part| {
                    matches!(part, std::path::Component::Normal(_))
                });
                prop_assert!(plain && joined.starts_with("/uploads"));
                prop_assert_eq!(upload_path(&kept), Ok(kept));
            }
        }
    }
}
