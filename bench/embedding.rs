//! Passages embedded per second: the model that ships against one that ONNX Runtime runs, in one run, on the same texts and
//! threads, tokenising included; by the clock and by processor time. docs/bench.md tells how it is called.
//!
//! usage: embedding FOLDER [--file NAME] [--texts N] [--threads N] [--batch N] [--rounds N] [--floor TIMES]

#![allow(clippy::print_stdout, reason = "what it measured is its result")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;
use sufficit_index::{ModelFolder, OnnxModel, OnnxOptions, StaticModel};

/// Longer texts are left out: the ONNX model cuts them at 512 tokens, the static one reads all, and a word is hardly more
/// than two tokens.
const MOST_WORDS: usize = 240;

struct Asked {
    folder: PathBuf,
    file: String,
    texts: usize,
    threads: usize,
    batch: usize,
    rounds: usize,
    floor: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let asked = asked()?;
    rayon::ThreadPoolBuilder::new().num_threads(asked.threads).build_global()?;
    let texts = texts(asked.texts)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let kept = std::env::temp_dir().join("sufficit-bench");
    let folder = ModelFolder {
        name: "onnx".into(),
        folder: asked.folder.clone(),
        file: asked.file.clone(),
        prefixes: Default::default(),
    };
    let options = OnnxOptions { batch: asked.batch, threads: asked.threads, kept };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut tokens = 0;
    for _ in 0..asked.rounds {
        // Both are made anew, so that neither remembers a text or a part of one.
        let model = static_model()?;
        let began = Moment::now();
        let vectors = model.embed_batch(&texts);
        ours.push(began.elapsed());
        assert_eq!(vectors.len(), texts.len());
        let model = OnnxModel::load(&folder, None, &options)?;
        let began = Moment::now();
        let vectors = model.embed_passages(&texts)?;
        theirs.push(began.elapsed());
        assert_eq!(vectors.len(), texts.len());
        tokens = model.count_tokens(&texts)?;
    }
    let mean = tokens as f64 / texts.len() as f64;
    println!("texts           {} of {mean:.0} tokens on average, none cut", texts.len());
    println!("threads, batch  {}, {}", asked.threads, asked.batch);
    println!("median of {}     passages/s  passages/s of processor time", asked.rounds);
    let rates = |took: &[Took]| {
        let rate =
            |seconds: fn(&Took) -> f64| texts.len() as f64 / median(took.iter().map(seconds));
        (rate(|took| took.wall), rate(|took| took.cpu))
    };
    let (ours, theirs) = (rates(&ours), rates(&theirs));
    let times = (ours.0 / theirs.0, ours.1 / theirs.1);
    println!("static          {:>10.0}  {:>10.0}", ours.0, ours.1);
    println!("ONNX            {:>10.1}  {:>10.1}", theirs.0, theirs.1);
    println!("static / ONNX   {:>10.0}  {:>10.0}", times.0, times.1);
    if times.0.min(times.1) < asked.floor {
        return Err(format!("below the floor of {} times", asked.floor).into());
    }
    Ok(())
}

/// Seconds that something took.
struct Took {
    wall: f64,
    cpu: f64,
}

/// A point in time, by the clock and by the processor time of this process.
struct Moment {
    wall: Instant,
    cpu: f64,
}

impl Moment {
    fn now() -> Self {
        Self { cpu: processor_time(), wall: Instant::now() }
    }

    fn elapsed(&self) -> Took {
        Took { wall: self.wall.elapsed().as_secs_f64(), cpu: processor_time() - self.cpu }
    }
}

/// Processor time of all threads so far, in seconds, as Linux counts it, a hundredth at a time; NaN elsewhere.
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: Option<Vec<f64>> = fields.skip(11).take(2).map(|field| field.parse().ok()).collect();
    ticks
        .filter(|ticks| ticks.len() == 2)
        .map_or(f64::NAN, |ticks| ticks.iter().sum::<f64>() / 100.0)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn asked() -> Result<Asked, Box<dyn Error>> {
    let cores = std::thread::available_parallelism()?.get();
    let mut asked = Asked {
        folder: PathBuf::new(),
        file: String::new(),
        texts: 1000,
        threads: cores,
        batch: 32,
        rounds: 3,
        floor: 0.0,
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut value = || given.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--file" => asked.file = value()?,
            "--texts" => asked.texts = value()?.parse()?,
            "--threads" => asked.threads = value()?.parse()?,
            "--batch" => asked.batch = value()?.parse()?,
            "--rounds" => asked.rounds = value()?.parse()?,
            "--floor" => asked.floor = value()?.parse()?,
            folder => asked.folder = folder.into(),
        }
    }
    if asked.folder.as_os_str().is_empty() {
        return Err("name the folder with the ONNX model".into());
    }
    Ok(asked)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn static_model() -> Result<StaticModel, Box<dyn Error>> {
    Ok(StaticModel::from_folder(&root().join("models/static-en"))?)
}

/// The first `most` passages of the training set, an equal share of each file, each text once.
fn texts(most: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("models/training"))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    let mut texts = Vec::new();
    for file in &files {
        let content = std::fs::read_to_string(file)?;
        let own = content.lines().map(|line| {
            let entry: serde_json::Value = serde_json::from_str(line)?;
            Ok(entry["text"].as_str().unwrap_or_default().to_owned())
        });
        let own: Vec<String> = own.collect::<Result<_, serde_json::Error>>()?;
        let fitting = own.into_iter().filter(|text| text.split_whitespace().count() <= MOST_WORDS);
        texts.extend(fitting.take(most.div_ceil(files.len().max(1))));
    }
    texts.sort();
    texts.dedup();
    texts.truncate(most);
    Ok(texts)
}
