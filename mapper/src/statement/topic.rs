use super::clause::Clause;
use crate::likeness::plain_title;
use crate::pattern::pattern;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sufficit_evidence::Aspect;

/// Content words by which a clause is known, at least and at most: fewer tell nothing, more are never the same twice.
const WORDS: std::ops::RangeInclusive<usize> = 2..=7;

/// What a statement is of: stems of content words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Topic {
    stems: BTreeSet<String>,
    /// Who does it, where the clause says so: stems in order of the alphabet.
    pub(super) by: Option<String>,
}

impl Topic {
    /// What a clause in lower case is of, its figure taken out; `None` where it cannot be told. `title` is what
    /// "this policy" stands for.
    pub(super) fn of_clause(clause: &str, aspect: Aspect, title: Option<&str>) -> Option<Self> {
        let clause = Clause::read(clause, title)?;
        let mut topic = Self::of_words(clause.said.iter().map(String::as_str), aspect)?;
        let by: BTreeSet<String> = clause
            .by
            .iter()
            .filter(|word| !ANYBODY.contains(&word.as_str()))
            .filter_map(|word| stem(word, aspect))
            .collect();
        topic.by = (!by.is_empty()).then(|| joined(&by));
        Some(topic)
    }

    /// What a label such as "review cycle" is of; of the document itself where it names nothing else.
    pub(super) fn of_label(label: &str, aspect: Aspect, title: Option<&str>) -> Option<Self> {
        let words = |text: &str| -> Vec<String> {
            let split = text.split(|c: char| !c.is_alphanumeric());
            split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let own = words(label);
        let stems: BTreeSet<String> = own.iter().filter_map(|word| stem(word, aspect)).collect();
        let names_more = stems.iter().any(|stem| !is_action(stem) && !is_document(stem));
        let all: Vec<String> = if names_more {
            own
        } else {
            own.into_iter().chain(words(&plain_title(title?)?)).collect()
        };
        Self::of_words(all.iter().map(String::as_str), aspect)
    }

    fn of_words<'w>(words: impl IntoIterator<Item = &'w str>, aspect: Aspect) -> Option<Self> {
        let mut stems = BTreeSet::new();
        for word in words {
            if POINTS_AWAY.contains(&word) {
                return None;
            }
            stems.extend(stem(word, aspect));
        }
        let acts = stems.iter().any(|stem| is_action(stem));
        let names = stems.iter().any(|stem| !is_action(stem) && !ANY.contains(&stem.as_str()));
        (acts && names && WORDS.contains(&stems.len())).then_some(Self { stems, by: None })
    }

    /// The stems in order of the alphabet.
    pub(super) fn name(&self) -> String {
        joined(&self.stems)
    }
}

fn joined(stems: &BTreeSet<String>) -> String {
    stems.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Words for whoever it may be.
const ANYBODY: [&str; 10] = [
    "we",
    "everyone",
    "everybody",
    "staff",
    "employees",
    "employee",
    "person",
    "people",
    "responsible",
    "appropriate",
];
/// Words that stand for something said elsewhere.
const POINTS_AWAY: [&str; 23] = [
    "it", "they", "them", "these", "those", "this", "such", "same", "latter", "former", "others",
    "other", "above", "he", "she", "him", "us", "you", "your", "who", "what", "where", "one",
];
/// Words that tell nothing of what a clause is of.
const EMPTY: &str = "\
    a an the of on in at to for from with and or as is are be been being was were has have had do does \
    done must shall will should may can that which its their our we his her all any each every both \
    least most once again then also always carried out performed conducted undertaken made make take \
    takes taken place run happens happen occurs ensure ensures required formal formally full fully \
    regular regularly planned periodic periodically complete company organisation organization own \
    minimum maximum interval intervals frequency cycle period periods basis time routine calendar due up";
/// Stems of what is done, as against what it is done to; without one nobody knows what an interval is of.
const ACTIONS: [&str; 33] = [
    "review",
    "test",
    "audit",
    "check",
    "inspect",
    "inspection",
    "monitor",
    "scan",
    "patch",
    "updat",
    "assess",
    "evaluat",
    "notify",
    "report",
    "retain",
    "revok",
    "approv",
    "verify",
    "confirm",
    "own",
    "rotat",
    "renew",
    "train",
    "restor",
    "exercis",
    "drill",
    "calibrat",
    "meet",
    "respond",
    "answer",
    "acknowledg",
    "correct",
    "clos",
];
/// Stems of things that every document has its own of: "the list" may be any.
const ANY: [&str; 11] = [
    "list", "file", "book", "folder", "copy", "record", "result", "entry", "number", "sheet",
    "form",
];
/// Stems by which a document names itself.
const DOCUMENTS: [&str; 7] =
    ["policy", "procedur", "document", "standard", "plan", "guidelin", "next"];

fn is_action(stem: &str) -> bool {
    ACTIONS.contains(&stem)
}

fn is_document(stem: &str) -> bool {
    DOCUMENTS.contains(&stem)
}

/// A content word's stem, one for words that mean the same in such statements; `None` for a word without content.
fn stem(word: &str, aspect: Aspect) -> Option<String> {
    let word = word.trim_matches('\'');
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.len() < 2 || EMPTY.split(' ').any(|empty| empty == word) {
        return None;
    }
    let same = match word {
        "report" | "reports" | "reported" | "reporting" | "notification" | "notifications"
        | "notified" | "notifies" | "notify" | "inform" | "informs" | "informed" | "tell"
        | "tells" | "told"
            if aspect == Aspect::Deadline =>
        {
            Some("notify")
        }
        "remove" | "removes" | "removed" | "removal" | "withdraw" | "withdraws" | "withdrawn"
        | "revocation" | "disable" | "disabled" | "disables" | "deactivated"
            if aspect == Aspect::Deadline =>
        {
            Some("revok")
        }
        _ if aspect == Aspect::Retention && (keeps(word) || deletes(word)) => Some("retain"),
        "held" | "hold" | "holds" => return None,
        "assessment" | "assessments" => Some("assess"),
        "reassess" | "reassessed" | "reassesses" => Some("assess"),
        "approval" | "approvals" => Some("approv"),
        "owner" | "owners" if aspect == Aspect::Owner => Some("own"),
        "backups" | "backup" => Some("backup"),
        _ => None,
    };
    Some(same.map_or_else(|| cut(word), str::to_owned))
}

/// Endings off: `policies` and `policy`, `reviewed` and `reviews`.
fn cut(word: &str) -> String {
    let base = if let Some(base) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")) {
        return format!("{base}y");
    } else if word.len() > 5 && word.ends_with("ing") || word.len() > 4 && word.ends_with("ed") {
        word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")).unwrap_or(word)
    } else if word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending))
    {
        word.strip_suffix('s').unwrap_or(word)
    } else {
        word
    };
    base.strip_suffix('e').filter(|cut| cut.len() > 3).unwrap_or(base).to_owned()
}

static KEEPS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(keep|keeps|kept|retain|retains|retained|retention|store|stores|stored|held|archived?|preserved)\b",
    )
});
static DELETES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(deleted?|deletes|deletion|erased?|destroyed|purged|overwritten|disposed)\b")
});

/// Whether a text in lower case speaks of keeping something.
pub(super) fn keeps(text: &str) -> bool {
    KEEPS.is_match(text)
}

/// Whether a text in lower case speaks of deleting something.
pub(super) fn deletes(text: &str) -> bool {
    DELETES.is_match(text)
}
