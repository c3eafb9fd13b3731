use super::pattern;
use regex::{Match, Regex};
use std::sync::LazyLock;

/// What is written or kept where a requirement is met; that it is missing is a gap, as that a fault is missing is none.
const EVIDENCE: &str = "(polic(y|ies)|procedures?|process(es)?|rules?|plans?|lists?|registers?|inventor(y|ies)|records?|methods?|methodology|reviews?|audits?|tests?|scans?|checks?|analys[ie]s|assessments?|evaluations?|reports?|contracts?|agreements?|clauses?|training|courses?|evidence|owners?|officers?|stewards?|documentation|documents?|papers?|standards?|guidelines?|guides?|manuals?|logs?|budget|objectives?|goals?|targets?|indicators?|metrics?|kpis?|thresholds?|minutes|approvals?|sign-?offs?|signatures?|forms?|templates?|mandate|backups?|drills?|exercises?|playbooks?|runbooks?|controls?|criteria|classification|channels?|responsib\\w+|measures?|monitoring|programmes?|programs?|schedules?|trail|inspection|consent|proof|certificates?|regulations?|directives?|instructions?|sops?|decisions?|scope|committee|lock|hash)";
/// What is done where a requirement is met.
const DONE: &str = "(defined|documented|recorded|assigned|tested|monitored|reviewed|in place|available|established|implemented|kept|tracked|checked|logged|done|carried out|performed|conducted|made|written|set|prepared|drawn up|measured|trained|assessed|evaluated|appointed|named|nominated|practi[sc]ed|rehearsed|exercised|verified|validated|signed|audited|updated|maintained|scanned|patched|labelled|classified|encrypted|backed up|communicated|investigated|followed|enforced|registered|adopted|issued|looked at|mentioned|covered|addressed|taken|framed|described|specified|sorted|counted|compared|traced|collected|produced|generated|exported|archived|escalated|reconciled)";

/// Says that something is not there, or was not done.
static ABSENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(there('s| is| are| was| were| has been| have been| exists?| existed) (currently |at present |presently |still |as yet |also )?(no|not a|not any|none|neither|nothing|nobody|never)\b|
        there (isn't|aren't|wasn't|weren't|hasn't been|haven't been|never (is|was|were|has been|have been))\b|
        (we|they|the (company|organi[sz]ation|team|firm)) (currently |still )?(have|has|had) (currently )?(no|nobody|none)\b|
        (has|have|had|holds?|held|keeps?|kept|possess(es)?|contains?|gives?|gave|receives?|received|got) (currently |absolutely )?(no|neither|none of) ([\w'-]+ ){{0,3}}{EVIDENCE}\b|
        (haven't|hasn't|hadn't|have not|has not|had not) (got )?(any|a|an|one)\b|
        (has|have|had)( not|n't) (yet |so far |ever )?(been|done|had|made|tested|reviewed|started|asked|looked|written|defined|checked|assessed|trained|practi[sc]ed|set)\b|
        (has|have|had|was|were) never (yet |once )?\w+|never (yet )?(has|have|was|were|did|had|been)\b|
        never (looked|asked|received|made|got|wrote|tested|checked|reviewed|measured|assessed|thought|considered|signed|trained|done|written)\b|
        not yet\b|
        (do|does|did)( not|n't) (yet |currently |ever |even )?(have|exist|keep|maintain|define|document|record|cover|address|include|check|test|review|measure|monitor|assess|verify|train|receive|carry|perform|mention|name|state|specify|describe)\b|
        (is|are|was|were)( not|n't| never) (currently |yet |formally |ever |even |being )?{DONE}\b|
        (is|are) (missing|lacking|absent|outstanding)\b|
        nothing (is|was|has been|have been|had been) (written|recorded|defined|agreed|documented|done|signed|tested|planned|laid down|set down|filed|kept)\b|
        (say|says|said|contains?|states?) nothing (on|about|of)\b|(is|are|was|were) silent (on|about)\b|
        lacks? (a|an|any)\b|not implemented\b|non-existent\b|
        (was|were|has been|have been) ([\w'-]+ ){{1,3}}without (the|a|an|any|its|their) ([\w-]+ ){{0,2}}({EVIDENCE}|tickets?|permission|authori[sz]ation)\b|without any (record|rule|procedure|approval|review|test|contract)\b|
        (cannot|can't|can not|could not|couldn't) (yet |currently |at present |really )?((say|tell|show|prove|demonstrate) (that|whether|which|what|who|how|why|when|where)|contest|appeal|object|complain)\b|
        exists? neither\b|none (was|were|has been|have been) {DONE}\b|none (exists?|existed)\b)"
    ))
});

/// Says so of what is named after the "no"; the same words begin a rule: "no record is deleted before".
static NONE_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"\b(no (formal|documented|defined|agreed|written|dedicated|specific|named|such|established|regular|official)\b[^.;]{{0,60}}\b(exists?|in place|yet|available|has been|have been|is|are|was|were)\b|
        no ([\w'-]+ ){{0,4}}{EVIDENCE}\b[^.;:,]{{0,50}}\b(exists?|existed|in place|yet|available|has (ever )?been|have (ever )?been|had been|was|were|is|are)\b|
        no ([\w'-]+ ){{0,2}}{EVIDENCE},?( and| or)? (no|nothing|nobody|neither) |
        (nobody|no one|no-one|none of (us|them))('s)?( here| there| at present| ever| else| has| has ever| had)* (has|have|had|knew|knows|verif(y|ies|ied)|checks?|checked|measures?d?|looks?|looked|watch(es|ed)?|keeps?|kept|reviews?|reviewed|owns?|monitors?|monitored|records?|recorded|asks?|asked|can say|could (say|tell|show|name)|considered|proposed|wrote|writes?|drew|begun|began|started|evaluates?d?|compares?d?|tested|trained|assessed|authorises|assigns|was (asked|appointed|named|responsible|trained|in charge|assigned|accountable)|is (responsible|accountable|assigned|named|in charge|appointed)|in charge)\b)"
    ))
});

/// What stands under a condition or in a relative clause is a rule, not a gap: "a model that has not been tested must not be released".
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(if|unless|until|where|when|whenever|in case|provided|before|once|should)\b|\b(that|which|who|whose|any|each|every|those|whoever|what)( \w+)?\s*$",
    )
});
/// "It was found that": no relative clause.
static SAID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(stated|states|said|says|found|established|informed|observed|reports?|reported|confirmed|noted|notes|shows?|showed|told|revealed|is|was|fact) that\s*$",
    )
});
/// "Never trained on": of data that are kept apart, which is no gap.
static APART: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ on\s*([|,.;)]|$)"));
/// Of data on people it is no gap that nobody gathers them or gives them away: `health data are not collected`.
static SPARED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b((personal|health|biometric|genetic|special)( [\w'-]+){0,3} (data|information)|cookies|faces|voices) (is|are|was|were)( not|n't| never) (being |ever |even )?(collected|exported)$",
    )
});
/// Ends what a sentence grants before it carves something out: `secrecy covers all that is marked, and does not cover what is public`.
static GRANTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(covers?|includes?|applies|lasts?|holds?|binds?)\b.*\b(and|but)\s*$")
});
/// Before a "without" makes both a rule that is kept: "no model was released without an approval".
static NEGATES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(no|none|not|never|nothing|nobody|neither)\b"));
/// What follows a "no" that forbids.
static EXCEPT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[^,;]*\b(without|unless|until|except|other than|unauthori[sz]ed)\b")
});
static FORBIDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[^,;]*\b(before|outside|but|may|must|shall|allowed|permitted|because)\b")
});

/// Whether the sentence says that something is not there.
pub(super) fn denies(sentence: &str) -> bool {
    let sentence = sentence.replace('’', "'");
    let is_stated = |found: &Match<'_>| {
        let before = &sentence[..found.start()];
        !CONDITION.is_match(before) || SAID.is_match(before)
    };
    let keeps_apart = |found: &Match<'_>| {
        found.as_str().ends_with("trained") && APART.is_match(&sentence[found.end()..])
    };
    let is_spared = |found: &Match<'_>| SPARED.is_match(&sentence[..found.end()]);
    let is_twice = |found: &Match<'_>| {
        found.as_str().contains("without") && NEGATES.is_match(&sentence[..found.start()])
    };
    let is_carved_out = |found: &Match<'_>| {
        let verb = found.as_str();
        (verb.ends_with("cover") || verb.ends_with("include"))
            && GRANTED.is_match(&sentence[..found.start()])
    };
    let is_absent = |found: Match<'_>| {
        is_stated(&found)
            && !is_carved_out(&found)
            && !keeps_apart(&found)
            && !is_twice(&found)
            && !is_spared(&found)
            && !EXCEPT.is_match(&sentence[found.end()..])
    };
    let is_none = |found: Match<'_>| {
        let whole = &sentence[found.start()..];
        is_stated(&found) && !EXCEPT.is_match(whole) && !FORBIDS.is_match(whole)
    };
    ABSENT.find_iter(&sentence).any(is_absent) || NONE_OF.find_iter(&sentence).any(is_none)
}

/// Says outright that what its own text lays down is not there. `Actions not yet closed` and `had not been reviewed` do not.
static ADMITS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(\b(so far|at present|currently|until now|to date|as yet)\b[^.;]{{0,60}}\b(not|none|nobody|nothing|never|no ([\w'-]+ ){{0,3}}{EVIDENCE})\b|
        \b(not|none|nobody|nothing|never|no ([\w'-]+ ){{0,3}}{EVIDENCE})\b[^.;]{{0,60}}\b(so far|at present|until now|to date|as yet|yet)\s*([.;,]|$)|
        \b(is|are|was|were|has|have|do|does|did) not yet\b|n't yet\b|
        \bthere (is|are|was|were) (currently |at present |still |as yet )?(nobody|nothing|none|no ([\w'-]+ ){{0,3}}{EVIDENCE})\b|
        \b(nobody|no one|no-one) (has|have|had)\b)"
    ))
});

/// Words before a denial that make it one part of a rule.
static RULED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(that|which|who|whose|whom)\b|^\W*no [\w'-]+ (goes|is|are|may|can|leaves|enters)\b")
});

/// Whether a sentence admits that what its text lays down is not there: narrower than [`denies`], for it takes back what stands
/// beside it.
pub(crate) fn admits(sentence: &str) -> bool {
    // `Models that the board has not yet released`, `No model goes live whose ...`: a rule on what is not there.
    let is_main = |found: Match<'_>| !RULED.is_match(&sentence[..found.start()]);
    ADMITS.find_iter(sentence).any(is_main) && denies(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_denied_in_many_words() {
        for sentence in [
            "For ZahnWerk no assessment of the impact on patients was ever done.",
            "The mod tools repo has never been scanned.",
            "We haven't any, nor does anybody ever look at the hinges.",
            "Restores are not tested.",
            "Reports are not generated from the register.",
            "It was established that there is no plan and no mandate.",
            "Nobody verifies whether the rules are followed.",
            "The contract is silent on escrow.",
            "The interpreters’ agency has no contract whatever, and the desk doesn’t check.",
            "No sheet for it, no list, no rule about desks either.",
            "The Leeds office has never issued or received a briefing.",
            "Calls about the chat assistant are not counted apart, so nobody can tell how often it erred.",
            "We cannot prove which version answered that day.",
            "A driver can not object to the rating.",
            "We have nobody who looks at the meters.",
            "A tracker of all gates (nobody has begun one)",
            "The change was made without the change ticket that the procedure requires.",
        ] {
            assert!(denies(sentence), "{sentence}");
        }
    }

    #[test]
    fn a_rule_with_a_no_in_it_denies_nothing() {
        for sentence in [
            "No record is deleted before its retention has ended.",
            "No backup is restored to production without the owner's consent.",
            "Nobody is allowed to push to production.",
            "No exceptions were found and no incident occurred.",
            "Passwords are never shared.",
            "AI is not used for emotion recognition.",
            "Where no owner has been named, the CIO decides.",
            "Data that are not encrypted must not leave the house.",
            "No approval is given until the test has been passed.",
            "If a supplier cannot show its certificate, the order waits.",
            "The portal cannot show another customer's data.",
            "A record that cannot be traced is discarded.",
            "9,600 pictures of the harvest, never trained on",
            "A change that was made without a ticket is rolled back.",
            "No model was released without an approval.",
            "Special categories of personal data are not collected.",
            "Personal data are not exported to another country.",
            "The duty of secrecy covers all that is marked, lasts five years, and does not cover what is public.",
        ] {
            assert!(!denies(sentence), "{sentence}");
        }
    }
}
