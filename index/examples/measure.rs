#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]
use rayon::prelude::*;
use serde_json::Value;
use std::{fs, path::Path, sync::Arc, time::Instant};
use sufficit_evidence::*;
use sufficit_index::*;
fn passages(texts: &[String]) -> Vec<Passage> {
    let mut start = 0;
    (0..).zip(texts).map(|(ordinal, t)| { let span = Span::new(start, start + t.chars().count()); start = span.end + 1;
        let shape = if t.lines().all(|l| l.contains('|')) { PassageShape::Table } else { PassageShape::Prose };
        Passage { ordinal, span, page: None, heading: vec![], context: None, shape, text: t.clone() } }).collect()
}
fn cut(t: &str) -> Vec<String> {
    let mut out: Vec<String> = vec![]; let mut cur = String::new();
    for para in t.split("\n\n") { for line in para.split_inclusive('\n') {
        if cur.len() + line.len() > 900 && !cur.is_empty() { out.push(std::mem::take(&mut cur)); } cur.push_str(line); }
        if cur.len() > 300 { out.push(std::mem::take(&mut cur)); } else if !cur.is_empty() { cur.push('\n'); } }
    if !cur.trim().is_empty() { out.push(cur); } out
}
fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/static-en");
    let t = Instant::now();
    let model = Arc::new(StaticModel::from_folder(&root).unwrap());
    let reference = ReferenceFrequencies::parse(&fs::read_to_string(root.join("df.tsv")).unwrap()).unwrap();
    println!("load {:?}", t.elapsed());
    let raw: Vec<Value> = serde_json::from_str(&fs::read_to_string("/tmp/index/probes.json").unwrap()).unwrap();
    let probes: Vec<Probe> = raw.iter().map(|p| Probe { framework: p["f"].as_str().unwrap().into(), requirement: p["r"].as_str().unwrap().into(),
        kind: if p["k"] == "s" { ProbeKind::Subject } else { ProbeKind::Check(CheckId::new("x")) }, text: p["t"].as_str().unwrap().into() }).collect();
    let base = Fusion { lexical_weight: 1.0, semantic_weight: 1.0, semantic_floor: 0.5, semantic_ceiling: 6.0, heading_weight: 0.5, passages_per_probe: 3 };
    let t = Instant::now();
    let m = Matcher::new(model.clone(), &reference, &probes, base);
    println!("probes {} {:?}", probes.len(), t.elapsed());
    let mode = std::env::args().nth(1).unwrap_or_default();
    if mode.contains('s') {
        let corpus = fs::read_to_string("/tmp/index/corpus.txt").unwrap();
        let lines: Vec<&str> = corpus.lines().collect();
        let docs: Vec<Vec<Passage>> = lines.chunks(4).map(|c| c.join(" ")).collect::<Vec<_>>().chunks(80).map(passages).collect();
        let n: usize = docs.iter().map(Vec::len).sum();
        let t = Instant::now();
        let v: f32 = docs.par_iter().map(|d| d.iter().map(|p| model.embed(&p.text)[0]).sum::<f32>()).sum();
        println!("embed {n} passages {:?} {v}", t.elapsed());
        for r in 0..2 { let t = Instant::now();
            let c: usize = docs.par_iter().map(|d| m.candidates(d, None).len()).sum();
            println!("candidates {r}: {n} passages {:?}, {c} candidates", t.elapsed()); }
        let one: Vec<Passage> = { let all: Vec<String> = docs.iter().flatten().map(|p| p.text.clone()).collect(); passages(&all) };
        let t = Instant::now(); println!("one document: {} {:?}", m.candidates(&one, None).len(), t.elapsed());
    }
    if mode.contains('m') {
        let sets: Value = serde_json::from_str(&fs::read_to_string("/tmp/index/sets.json").unwrap()).unwrap();
        for (name, f) in [("both", base), ("lex", Fusion { semantic_weight: 0.0, ..base }), ("sem", Fusion { lexical_weight: 0.0, ..base }),
            ("both w.5", Fusion { lexical_weight: 0.5, ..base }), ("sem floor1.5", Fusion{semantic_floor:1.5,lexical_weight:0.0,..base})] {
            let m = Matcher::new(model.clone(), &reference, &probes, f);
            let mut macro_ = 0.0; let mut line = String::new();
            let sets = sets.as_object().unwrap();
            for (_, items) in sets {
                let items = items.as_array().unwrap();
                let aps: f64 = items.par_iter().map(|it| {
                    let fw = it["framework"].as_str().unwrap();
                    let want: Vec<&str> = it["requirements"].as_array().unwrap().iter().map(|x| x.as_str().unwrap()).collect();
                    let c = m.candidates(&passages(&cut(it["text"].as_str().unwrap())), None);
                    let mut score: std::collections::BTreeMap<&str, (f32, Vec<f32>)> = Default::default();
                    for p in &probes { if p.framework.as_str() == fw && p.requirement.as_str().starts_with('A') { score.entry(p.requirement.as_str()).or_default(); } }
                    let mut done = std::collections::HashSet::new();
                    for x in &c { let p = &probes[x.probe as usize];
                        if !done.insert(x.probe) { continue; }
                        let Some(e) = score.get_mut(p.requirement.as_str()).filter(|_| p.framework.as_str() == fw) else { continue };
                        if p.kind == ProbeKind::Subject { e.0 = x.score } else { e.1.push(x.score) } }
                    let mut rank: Vec<(f32, &str)> = score.into_iter().map(|(r, (s, mut cs))| { cs.sort_by(|a, b| b.total_cmp(a));
                        (s + 0.5 * (cs.first().unwrap_or(&0.0) + cs.get(1).unwrap_or(&0.0)), r) }).collect();
                    rank.sort_by(|a, b| b.0.total_cmp(&a.0));
                    let (mut hit, mut sum) = (0.0, 0.0);
                    for (i, (_, r)) in rank.iter().enumerate() { if want.contains(r) { hit += 1.0; sum += hit / (i + 1) as f64; } }
                    sum / want.len() as f64 }).sum();
                let map = aps / items.len() as f64; macro_ += map / sets.len() as f64; line += &format!(" {map:.3}");
            }
            println!("{name:14} {macro_:.3} |{line}");
        }
    }
    if mode.contains('i') {
        let dir = std::path::PathBuf::from("/tmp/index/ix"); let _ = fs::remove_dir_all(&dir);
        let corpus = fs::read_to_string("/tmp/index/corpus.txt").unwrap();
        let lines: Vec<String> = corpus.lines().map(str::to_owned).collect();
        let docs: Vec<Document> = lines.chunks(80).enumerate().map(|(i, c)| Document { id: DocumentId::new(format!("{i:064}")), media_type: String::new(), bytes: 0, text: String::new(), pages: vec![], language: Language::Unknown, facts: Facts::default(), passages: passages(c) }).collect();
        let ix = EmbeddedIndex::open(&dir, model.clone()).unwrap();
        let t = Instant::now(); for b in docs.chunks(100) { ix.upsert(b).unwrap(); } println!("upsert {} {:?}", lines.len(), t.elapsed());
        let t = Instant::now(); ix.commit(1).unwrap(); println!("commit {:?}", t.elapsed());
        drop(ix); let t = Instant::now(); let ix = EmbeddedIndex::open(&dir, model.clone()).unwrap(); println!("open {:?}", t.elapsed());
        let mut times: Vec<_> = probes.iter().take(300).map(|p| { let t = Instant::now(); ix.search(&p.text, 10).unwrap(); t.elapsed() }).collect();
        times.sort(); println!("search p50 {:?} p99 {:?}", times[150], times[297]);
        for h in ix.search("who approves the AI policy", 3).unwrap() { println!("{:?} {}", h, &docs[h.document.as_str().parse::<usize>().unwrap()].passages[h.passage as usize].text); }
    }
}
