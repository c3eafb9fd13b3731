//! How fast an index takes passages in, holds them against all checks of both frameworks, and answers a search, and how
//! many bytes a passage takes, as the number of passages grows. docs/bench.md tells how it is called.
//!
//! usage: index [PASSAGES...] [--folder FOLDER] [--limits]
//!
//! Where it was built with the feature `qdrant` and `QDRANT_URL` is set, that server is measured too. `--limits` ends with
//! status 1 where the embedded index misses what it is to keep.

#![allow(clippy::print_stdout, reason = "what it measured is its result")]

mod measured;
mod texts;

use measured::Measured;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sufficit_evidence::{FrameworkId, Probe};
use sufficit_index::{EmbeddedIndex, Embedder, StaticModel};
use texts::Texts;

/// Seconds that all probes may take, milliseconds that 99 of 100 searches may take, bytes of a passage's vectors.
const LIMITS: (f64, f64, f64) = (10.0, 50.0, 450.0);

struct Asked {
    sizes: Vec<usize>,
    folder: PathBuf,
    limits: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let asked = asked()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let texts = Texts::read(&root.join("models/training"))?;
    let probes = probes()?;
    println!("{} probes, {} threads\n", probes.len(), rayon::current_num_threads());
    println!("{}", Measured::HEAD);
    let mut missed = Vec::new();
    for passages in asked.sizes {
        let folder = asked.folder.join(format!("{passages}"));
        let _ = fs::remove_dir_all(&folder);
        let model =
            Arc::new(Embedder::Static(StaticModel::from_folder(&root.join("models/static-en"))?));
        let open = || EmbeddedIndex::open(&folder, Arc::clone(&model));
        let filled = measured::fill(&open()?, &texts, passages)?;
        // As another process would find it.
        let mut measured = measured::ask(&open()?, filled, &texts, &probes)?;
        measured.vectors = Some(bytes(&folder, &|name| name == "vectors") as f64);
        measured.words = Some(bytes(&folder, &|name| name != "vectors") as f64);
        println!("{}", measured.row("embedded"));
        let (seconds, milliseconds, bytes) = LIMITS;
        if measured.probes > seconds
            || measured.search.1 > milliseconds
            || measured.bytes(measured.vectors) > bytes
        {
            missed.push(passages.to_string());
        }
        fs::remove_dir_all(&folder)?;
        #[cfg(feature = "qdrant")]
        if let Ok(url) = std::env::var("QDRANT_URL") {
            let options = sufficit_index::QdrantOptions {
                url,
                api_key: std::env::var("QDRANT_API_KEY").ok(),
                prefix: "sufficit-bench".into(),
                ..Default::default()
            };
            // It begins empty, whatever an earlier run left there.
            let index = sufficit_index::QdrantIndex::open_anew(&options, "bench", model)?;
            let filled = measured::fill(&index, &texts, passages)?;
            println!("{}", measured::ask(&index, filled, &texts, &probes)?.row("Qdrant"));
        }
    }
    if asked.limits && !missed.is_empty() {
        return Err(format!("a limit is missed at {} passages", missed.join(", ")).into());
    }
    Ok(())
}

/// The checks of both frameworks, and their requirements.
fn probes() -> Result<Vec<Probe>, Box<dyn Error>> {
    let catalogue = sufficit_config::load_catalogue(&[], &[])?;
    let known = ["iso42001", "iso27001"].map(FrameworkId::from);
    Ok(catalogue
        .probes()
        .iter()
        .filter(|probe| known.contains(&probe.framework))
        .cloned()
        .collect())
}

/// Bytes of the files in a folder whose names are wanted.
fn bytes(folder: &Path, wanted: &dyn Fn(&str) -> bool) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes(&entry.path(), wanted),
            Ok(metadata) if wanted(&entry.file_name().to_string_lossy()) => metadata.len(),
            _ => 0,
        })
        .sum()
}

fn asked() -> Result<Asked, Box<dyn Error>> {
    let mut asked = Asked {
        sizes: Vec::new(),
        folder: std::env::temp_dir().join("sufficit-bench-index"),
        limits: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--folder" => asked.folder = given.next().ok_or("--folder needs a value")?.into(),
            "--limits" => asked.limits = true,
            passages => asked.sizes.push(passages.parse()?),
        }
    }
    if asked.sizes.is_empty() {
        asked.sizes = vec![10_000, 100_000, 1_000_000];
    }
    Ok(asked)
}
