use crate::likeness::plain_title;
use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// The words of a clause, parted into what is done to what, and who does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) said: Vec<String>,
    pub(super) by: Vec<String>,
}

/// Words kept and words taken out.
type Parted<'w> = (Vec<&'w str>, Vec<&'w str>);

/// Parties outside the company: what is their duty is another thing than what is ours.
const OUTSIDE: [&str; 22] = [
    "supplier",
    "suppliers",
    "vendor",
    "vendors",
    "provider",
    "providers",
    "processor",
    "processors",
    "contractor",
    "contractors",
    "subcontractor",
    "subcontractors",
    "customer",
    "customers",
    "client",
    "clients",
    "partner",
    "partners",
    "party",
    "parties",
    "manufacturer",
    "agency",
];

impl Clause {
    /// Reads a clause in lower case, its figure taken out; `None` where it leaves out what it is of, or says more of who
    /// than who. `title` is what "this policy" stands for.
    pub(super) fn read(clause: &str, title: Option<&str>) -> Option<Self> {
        let clause = TRIGGER.replace_all(clause, " ");
        let clause = resolve(&clause, title)?;
        let words: Vec<&str> = clause
            .split(|c: char| !c.is_alphanumeric() && c != ',' && c != '\'')
            .flat_map(|word| {
                let (word, comma) = word.strip_suffix(',').map_or((word, ""), |word| (word, ","));
                [word, comma]
            })
            .filter(|word| !word.is_empty())
            .collect();
        if words.first().is_none_or(|first| *first == "kept" || first.ends_with("ed")) {
            return None;
        }
        let (named, agent) = without_agent(&words)?;
        let (said, actor) = without_actor(&named);
        let by: Vec<&str> = agent.into_iter().chain(actor).collect();
        let outside = by.iter().filter(|word| OUTSIDE.contains(word));
        let said = said.iter().chain(outside).filter(|word| **word != ",");
        let owned = |word: &&str| (*word).to_owned();
        Some(Self { said: said.map(owned).collect(), by: by.iter().map(owned).collect() })
    }
}

/// What a deadline runs from, said in many ways and always meant.
static TRIGGER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(of|after|from|upon|following) (first )?(becoming aware|being aware|discovery|discovering|detection|detecting|learning|knowledge|having become aware)( of (it|them|the (incident|breach|event)))?\b",
    )
});
static SELF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bthis (policy|procedure|document|standard|plan|guideline|instruction|process|charter)\b|^the (policy|procedure|document|standard|plan|guideline) (?P<verb>is|shall|must|will|has)\b",
    )
});
static AGENT_ENDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(,|at|every|within|once|in|on|after|before|when|if|unless|from|to|under|using|against)$",
    )
});
static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(reviews|tests|audits|checks|inspects|monitors|scans|patches|updates|assesses|reassesses|reports|notifies|informs|tells|deletes|erases|removes|revokes|withdraws|disables|retains|keeps|stores|approves|verifies|confirms|rotates|renews)$",
    )
});
static ACTIVE_BASE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(review|test|audit|check|inspect|monitor|scan|patch|update|assess|reassess|report|notify|inform|tell|delete|erase|remove|revoke|withdraw|disable|retain|keep|store|approve|verify|confirm|rotate|renew)$",
    )
});

/// The clause with the document's title where it speaks of itself; `None` where it has no title to go by.
fn resolve(clause: &str, title: Option<&str>) -> Option<String> {
    if !SELF.is_match(clause) {
        return Some(clause.to_owned());
    }
    let title = plain_title(&title?.to_lowercase().replace("artificial intelligence", "ai"))?;
    let named = |captures: &regex::Captures<'_>| {
        let verb = captures.name("verb").map_or("", |verb| verb.as_str());
        format!("{title} {verb}")
    };
    Some(SELF.replace_all(clause, named).into_owned())
}

/// Without "by the head of IT"; `None` where more is said there than who.
fn without_agent<'w>(words: &[&'w str]) -> Option<Parted<'w>> {
    let (mut kept, mut agent) = (Vec::new(), Vec::new());
    let mut inside = false;
    for word in words {
        if *word == "by" {
            inside = true;
        } else if inside && AGENT_ENDS.is_match(word) {
            inside = false;
        } else if inside && word.ends_with("ed") {
            return None;
        }
        if !inside {
            kept.push(*word);
        } else if *word != "by" {
            agent.push(*word);
        }
    }
    Some((kept, agent))
}

/// Without who does it, in front of a verb that says what is done; a condition before the last comma stays.
fn without_actor<'w>(words: &[&'w str]) -> Parted<'w> {
    let is_verb = |place: usize| {
        let (Some(word), next) = (words.get(place), words.get(place + 1)) else { return false };
        let noun =
            ["are", "is", "must", "shall", "will", "should", "take", "happen", "of", "have", ","];
        let modal = place > 0
            && words.get(place - 1).is_some_and(|before| {
                ["must", "shall", "will", "should"].contains(before) || before.ends_with("ly")
            });
        ACTIVE.is_match(word) && next.is_some_and(|next| !noun.contains(next))
            || modal && ACTIVE_BASE.is_match(word)
    };
    let Some(verb) = (0..words.len()).find(|place| is_verb(*place)) else {
        return (words.to_vec(), Vec::new());
    };
    let before = words.get(..verb).unwrap_or_default();
    let condition = before.iter().rposition(|word| *word == ",").unwrap_or(0);
    let kept = before.iter().take(condition).chain(words.iter().skip(verb)).copied().collect();
    (kept, before.iter().skip(condition).copied().collect())
}
