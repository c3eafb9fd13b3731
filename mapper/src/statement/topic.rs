use crate::likeness::plain_title;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use sufficit_evidence::Aspect;

/// Content words by which a clause is known, at least and at most: fewer tell nothing, more are never the same twice.
const WORDS: std::ops::RangeInclusive<usize> = 2..=7;

/// What a statement is of: stems of content words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Topic(BTreeSet<String>);

impl Topic {
    /// What a clause in lower case is of, its figure taken out; `None` where it cannot be told. `title` is what
    /// "this policy" stands for.
    pub(super) fn of_clause(clause: &str, aspect: Aspect, title: Option<&str>) -> Option<Self> {
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
        let elided = words.first().is_none_or(|first| *first == "kept" || first.ends_with("ed"));
        let named = without_actor(&without_agent(&words)?);
        if elided { None } else { Self::of_words(named, aspect) }
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
        (acts && names && WORDS.contains(&stems.len())).then_some(Self(stems))
    }

    /// The stems in order of the alphabet.
    pub(super) fn name(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

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

fn pattern(text: &str) -> Regex {
    match Regex::new(text) {
        Ok(regex) => regex,
        Err(error) => unreachable!("a pattern of this file is malformed: {error}"),
    }
}

/// Whether a text in lower case speaks of keeping something.
pub(super) fn keeps(text: &str) -> bool {
    KEEPS.is_match(text)
}

/// Whether a text in lower case speaks of deleting something.
pub(super) fn deletes(text: &str) -> bool {
    DELETES.is_match(text)
}

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
fn without_agent<'w>(words: &[&'w str]) -> Option<Vec<&'w str>> {
    let mut kept = Vec::new();
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
        }
    }
    Some(kept)
}

/// Without who does it, in front of a verb that says what is done; a condition before the last comma stays.
fn without_actor<'w>(words: &[&'w str]) -> Vec<&'w str> {
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
    let Some(verb) = (0..words.len()).find(|place| is_verb(*place)) else { return words.to_vec() };
    let before = words.get(..verb).unwrap_or_default();
    let condition = before.iter().rposition(|word| *word == ",").unwrap_or(0);
    let kept = before.iter().take(condition).chain(words.iter().skip(verb));
    kept.copied().filter(|word| *word != ",").collect()
}
