use super::*;
use crate::cli::Cli;
use crate::commands::document_of_text;
use clap::Parser;
use sufficit_config::Settings;
use sufficit_ingest::Limits;
use sufficit_mapper::{Barred, Met};

const POLICY: &str = "\
# AI policy

Owner: M. Okafor, Head of Data. Version 2.0. Approved by the Board on 4 May 2026. Next review: 4 May 2027.

## Commitment

The board approves this AI policy and communicates it to all staff who develop or use AI systems.
The AI policy is reviewed each year and whenever the law or the use of AI changes.
Every AI system has a named owner who answers for it. Impacts on people are assessed before an AI system is used.
";
const DRAFT: &str = "\
# AI policy

Status: Draft 0.3

The board approves this AI policy and communicates it to all staff who develop or use AI systems.
The AI policy is reviewed each year. We plan to write down how AI systems are validated.
";
const DENIAL: &str = "\
# Note on AI

There is no process for reporting concerns about our AI systems. Nobody reviews the AI policy.
There is no documented impact assessment for any AI system. AI incidents have not been recorded so far.
";
const FORM: &str = "\
# AI system impact assessment

System | [AI system name]
Assessed by | TBD
Date | <date>

The impact of the AI system on individuals is: ____________. Approved by: ____________.
";
const SOUP: &str = "# Onion soup\n\nSlice two onions. Fry them slowly in butter, add stock, and serve the soup hot.\n";

fn judge() -> Judge {
    let cli = Cli::parse_from(["sufficit", "--as-of", "2026-11-20", "map"]);
    let settings = Settings::load(None).expect("is built in");
    let workspace = Workspace { folder: "nowhere".into(), settings, settings_file: None };
    Judge::new(&workspace, &cli.common, true).expect("everything is built in")
}

#[test]
fn a_working_ends_where_the_match_does() {
    let judge = judge();
    let names: Vec<RequirementRef> = judge
        .rules
        .catalogue()
        .requirements()
        .map(|(framework, requirement)| framework.reference(requirement))
        .collect();
    let mut barred: Vec<Barred> = Vec::new();
    for text in [POLICY, DRAFT, DENIAL, FORM, SOUP] {
        let document = document_of_text(text, &Limits::default()).expect("has text");
        let (matches, _) = judge.explain(&document).expect("the model gives vectors");
        let workings = judge.workings(&document, &names).expect("the model gives vectors");
        assert_eq!(workings.len(), names.len());
        for (name, why) in names.iter().zip(&workings) {
            let found = matches.iter().find(|found| found.name() == *name);
            assert_eq!(found.is_none(), why.barred.is_some(), "{name} of {text}");
            barred.extend(why.barred);
            let Some(found) = found else { continue };
            assert_eq!(found.sufficiency, why.grade.sufficiency, "{name} of {text}");
            assert_eq!(found.relevance, why.relevance.relevance, "{name} of {text}");
            assert_eq!(found.confidence, why.confidence.confidence, "{name} of {text}");
            let met = why.checks.iter().filter(|check| check.met >= Met::Defined).count();
            assert_eq!(met, why.tally.counts.met, "{name} of {text}");
        }
    }
    assert!(barred.contains(&Barred::Improbable));
}

#[test]
fn the_vectors_of_the_checks_are_in_step_with_the_catalogue() {
    let model = model::compiled_in().expect("the model that ships");
    let catalogue = load_catalogue(&[], &[]).expect("the catalogue that ships");
    let stale: Vec<&str> = catalogue
        .probes()
        .iter()
        .map(|probe| probe.text.as_str())
        .filter(|text| !model.knows_probe(text))
        .collect();
    assert!(stale.is_empty(), "make the model again (models/README.md): {stale:#?}");
}
