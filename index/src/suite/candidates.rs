//! What lies nearest to many probes at once.

use super::{Open, assert_alike, document, probes};
use crate::{Near, PassageIndex, Within};
use sufficit_evidence::Document;

fn filled(open: Open<'_>) -> Box<dyn PassageIndex> {
    let index = open();
    let texts = [
        "Bias review.",
        "Review is soup",
        "Fairness",
        "Soup is a review of bias and onion soup",
        "An incident is reviewed",
    ];
    let documents: Vec<Document> =
        (0..12).map(|id| document(&format!("d{id:02}"), &texts[id % 3..=2 + id % 3])).collect();
    for (marker, part) in (1..).zip(documents.chunks(5)) {
        index.upsert(part).expect("upsert");
        index.commit(marker).expect("commit");
    }
    index
}

const TEXTS: [&str; 9] = [
    "bias",
    "Fairness and bias are reviewed",
    "qqqq",
    "soup",
    "",
    "incident review, review of incidents",
    "bias",
    "onion",
    "the",
];

pub(super) fn are_those_of_single_searches(open: Open<'_>) {
    let index = filled(open);
    // As many as a search for ten takes into account.
    let near = index
        .candidates(&probes(&TEXTS), &Within::default(), Near::list_length(10))
        .expect("candidates");
    assert_eq!(near.len(), TEXTS.len());
    for (text, near) in TEXTS.iter().zip(&near) {
        let hits = index.search(text, &Within::default(), 10).expect("search");
        assert_alike(&near.fused(10), &hits, text);
        assert!(near.lexical.is_sorted_by(|a, b| a.score >= b.score), "{text}: best first");
        assert!(near.semantic.is_sorted_by(|a, b| a.score >= b.score), "{text}: best first");
        assert!(near.lexical.iter().all(|near| near.score > 0.0), "{text}");
        assert!(near.semantic.iter().all(|near| near.score >= 2.0), "{text}");
    }
}

pub(super) fn keep_their_limit(open: Open<'_>) {
    let index = filled(open);
    let asked = probes(&TEXTS);
    let all = index.candidates(&asked, &Within::default(), 1000).expect("candidates");
    assert!(all[0].lexical.len() > 3 && all[0].semantic.len() > 3);
    for limit in [0, 1, 3] {
        let some = index.candidates(&asked, &Within::default(), limit).expect("candidates");
        for (some, all) in some.iter().zip(&all) {
            for (some, all) in [(&some.lexical, &all.lexical), (&some.semantic, &all.semantic)] {
                assert_eq!(some.len(), limit.min(all.len()));
                // Equals may stand in another order where another implementation cuts them otherwise.
                for (some, all) in some.iter().zip(all) {
                    assert!((some.score - all.score).abs() <= 1e-3 * all.score.max(1.0));
                }
            }
        }
    }
}

pub(super) fn of_probes_that_say_nothing(open: Open<'_>) {
    let index = open();
    let none = |texts: &[&str]| {
        let near = index.candidates(&probes(texts), &Within::default(), 5).expect("candidates");
        assert_eq!(near, vec![Near::default(); texts.len()]);
    };
    none(&["bias", "soup"]);
    none(&[]);
    index.upsert(&[document("a", &["bias"])]).expect("upsert");
    index.commit(1).expect("commit");
    none(&["", "qqqq", "the"]);
    none(&[]);
}
