use crate::failure::Failure;
use std::path::Path;
use sufficit_evidence::{DocumentId, FileOutcome};
use sufficit_review::Store;

/// The document that was read from the file that lies at `path` from here, with its path in the record.
pub(super) async fn given_path(
    store: &Store,
    path: &str,
) -> Result<Option<(String, DocumentId)>, Failure> {
    let Ok(whole) = Path::new(path).canonicalize() else { return Ok(None) };
    for root in store.roots().await? {
        let Ok(within) = whole.strip_prefix(&root) else { continue };
        let within = within.to_string_lossy();
        let mut files = store.files(&root).await?.into_iter().map(|known| known.record);
        // A file that was given by itself is its own root.
        let found = files.find(|file| file.path == within || within.is_empty());
        if let Some(file) = found {
            return Ok(file.document.map(|document| (file.path, document)));
        }
    }
    Ok(None)
}

/// Why nothing can be shown for `path`: it was not read, or it was never met.
pub(super) async fn unknown(store: &Store, path: &str) -> Result<Failure, Failure> {
    let files = store.status().await?;
    let known: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    Ok(match files.into_iter().find(|file| file.path == path) {
        Some(file) if file.outcome == FileOutcome::Read => Failure::usage(
            format!("{path} is an archive, and no document itself"),
            "Show one of its members; `sufficit status` lists them.",
        ),
        Some(file) => Failure::usage(format!("{path} was not read"), file.reason),
        None => Failure::usage(
            format!("no requirement and no document is called {path}"),
            match alike(&known, path) {
                Some(other) => format!("Did you mean {other}? `sufficit status` lists the documents."),
                None => "`sufficit frameworks show iso42001` and `sufficit frameworks show iso27001` list requirements, `sufficit status` the documents.".to_owned(),
            },
        ),
    })
}

/// The one path, of those known, that ends as `path` does, the mark of what was cut off before it left out, or has its file name.
fn alike<'a>(known: &'a [String], path: &str) -> Option<&'a str> {
    let end = path.trim_start_matches('…');
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = name(end);
    let only = |is_like: &dyn Fn(&str) -> bool| {
        let mut found = known.iter().map(String::as_str).filter(|known| is_like(known));
        found.next().filter(|_| found.next().is_none())
    };
    only(&|known| known.ends_with(end)).or_else(|| only(&|known| name(known) == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_alike_is_named_and_of_several_none() {
        let known = ["a/policy.md", "b/policy.md", "b/Log.csv"].map(str::to_owned);
        assert_eq!(alike(&known, "…/log.csv"), Some("b/Log.csv"));
        assert_eq!(alike(&known, "…a/policy.md"), Some("a/policy.md"));
        assert_eq!(alike(&known, "policy.md"), None);
        assert_eq!(alike(&known, "b/"), None);
    }
}
