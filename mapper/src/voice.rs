mod denial;

pub(crate) use denial::admits;
use denial::denies;
use regex::Regex;
use serde::Serialize;
use std::sync::LazyLock;

/// How a sentence speaks of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// It says that something is so, or must be so.
    States,
    /// It says that something is not there: evidence of a gap.
    Denies,
    /// It says what is wished for or planned.
    Intends,
    /// It asks.
    Asks,
    /// It promotes a product.
    Promotes,
    /// It says what a standard asks for.
    Quotes,
}

static INTENDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b((plan|plans|planned|planning|intend|intends|intended|aim|aims|hope|hopes|aspire|aspires|want|wants|wish|wishes|propose|proposes|proposed) to\b|
        (is|are) (being )?(planned|envisaged|foreseen|under (consideration|discussion|evaluation|study))\b|
        under (discussion|consideration|conceptuali[sz]ation)\b|under process of\b|
        to be (defined|developed|agreed|determined|established|confirmed|decided|introduced|set up|drafted|written|discussed|examined|explored|scoped|announced|thought (about|through)|looked at|evaluated|created|kicked off|launched|built|investigated|considered)\b|
        (not yet|not|yet to be|still to be) decided\b|undecided\b|pencilled in\b|remains? to be\b|
        (perhaps|maybe|possibly) (next|in 20|20\d\d|later|q[1-4]|one day)\b|(20\d\d|h[12]|q[1-4]):? (maybe|perhaps|possibly)\b|
        (we|the company|the organi[sz]ation|the team|they) (will|shall|would|could|might) (soon |then |also |eventually )?(introduce|launch|establish|set up|build|explore|consider|look (at|into)|investigate|begin|start|adopt|create|roll out|work towards)\b|
        will (soon |eventually )?be (introduced|launched|established|set up|built|developed|explored|created|rolled out|drafted|written|defined|designed|announced)\b|
        (will|is to|are to) (follow|be chosen|be decided|be agreed)\b|(is|are) expected to\b|
        in (the )?(near |coming |medium |long )?(future|years)\b|next (fiscal |financial )?year\b|(at )?some (point|day)\b|someday\b|
        (should|could|might) (we )?(consider|explore|think about|look into|one day)\b|
        (would|it would) (be (good|nice|useful|helpful|great|desirable)|like)\b|when (there is|we have) (money|budget|time)\b|
        (idea|proposal) for\b|backlog|icebox|wish ?list|roadmap\b|unfunded\b)",
    )
});

static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(asked|asks|wondered|wonders|questioned|unclear|not clear) (how|whether|if|who|what|when|why|which)\b",
    )
});

static QUOTES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(iso(/iec)?( \d[\d:-]*)?|gdpr|(eu|european)( union)?( ai| data)? (act|law|regulation)|ai act|nis ?2|dora|the (new )?(norm|law|act)|
        annex [ivx]+|annex a|article \d+|art\. \d+|clause \d+[\d.]*|control a\.\d[\d.]*|the (ai |security |management-system |international )?standard|
        webinar|seminar|lead auditor|trainer|certifier|ministry)\b
        [^.;]{0,60}\b(requires?|asks? for|calls? for|expects?|demands?|stipulates?|wants?|recommends?)\b",
    )
});

/// The company's own standard, and what it does because a law asks for it.
static OWN_RULE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(this|our) (\w+ ){0,3}(standard|norm)\b|\b(as|because|since) [^,.;]{0,40}\b(requires?|demands?|wants?|asks?)\b",
    )
});

static PROMOTES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(industry[- ]leading|world[- ]class|cutting[- ]edge|best[- ]in[- ]class|state[- ]of[- ]the[- ]art|game[- ]chang\w+|
        seamless(ly)?|effortless(ly)?|unlock (the|your)|unleash|supercharge|empowers? (you|your)|
        book (a|your) demo|free trial|contact (our )?sales|sign up (today|now)|get started|learn more|
        our customers love|trusted by|why choose|pricing plans?|turbo-?charge|next[- ]generation|revolutioni[sz]\w+)\b",
    )
});

/// A pattern in any case, whose lines are one.
fn pattern(text: &str) -> Regex {
    let joined: String = text.lines().map(str::trim_start).collect();
    crate::pattern::pattern(&format!("(?i){joined}"))
}

/// How `sentence` speaks.
pub(crate) fn voice(sentence: &str) -> Voice {
    if sentence.trim_end().ends_with('?') || ASKS.is_match(sentence) {
        Voice::Asks
    } else if QUOTES.is_match(sentence) && !OWN_RULE.is_match(sentence) {
        Voice::Quotes
    } else if PROMOTES.is_match(sentence) {
        Voice::Promotes
    } else if denies(sentence) {
        Voice::Denies
    } else if INTENDS.is_match(sentence) {
        Voice::Intends
    } else {
        Voice::States
    }
}

/// Whether a whole text only asks: each of its lines is a question.
pub(crate) fn only_asks(text: &str) -> bool {
    let asks = |line: &str| line.trim_end().ends_with('?') && !line.contains(". ");
    !text.trim().is_empty() && text.lines().filter(|line| !line.trim().is_empty()).all(asks)
}

/// Phrases of a kind for every 1,000 characters from which they set the tone of a whole text, and how many at least.
const TONE_DENSITY: f32 = 1.2;
const TONE_PHRASES: usize = 2;

/// What a whole text is, beyond its single sentences: promotion, a plan, or (nearly always) neither.
pub(crate) fn tone(text: &str) -> Voice {
    let sets = |pattern: &Regex, density: f32| {
        let phrases = pattern.find_iter(text).count();
        phrases >= TONE_PHRASES && phrases as f32 * 1000.0 > density * text.chars().count() as f32
    };
    if sets(&PROMOTES, TONE_DENSITY) {
        Voice::Promotes
    } else if sets(&INTENDS, 2.0 * TONE_DENSITY) {
        Voice::Intends
    } else {
        Voice::States
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_questions_only_asks() {
        assert!(only_asks("Who reviews the rights?\nIs it reviewed, and by whom?"));
        for text in
            ["", "Who reviews them? Ann does.", "They are reviewed. By whom?", "Is it?\nYes."]
        {
            assert!(!only_asks(text), "{text}");
        }
    }

    #[test]
    fn a_denial_is_told_from_a_rule() {
        assert_eq!(voice("There is no process for reporting concerns about AI."), Voice::Denies);
        assert_eq!(voice("Restores have not been tested so far."), Voice::Denies);
        assert_eq!(voice("No formal procedure exists for this."), Voice::Denies);
        assert_eq!(
            voice("A model that has not been validated must not be released."),
            Voice::States
        );
        assert_eq!(
            voice("There is no procedure that says when an assessment is required."),
            Voice::Denies
        );
        assert_eq!(voice("Nobody is allowed to push to production."), Voice::States);
        assert_eq!(voice("If there is no reply in a day, the chair decides."), Voice::States);
        assert_eq!(voice("Clause 9.3 of ISO/IEC 42001 requires a yearly review."), Voice::Quotes);
        assert_eq!(voice("No model goes live without the owner's approval."), Voice::States);
    }

    #[test]
    fn a_whole_text_can_be_a_plan_or_a_promotion() {
        let plan = "We plan to appoint a board. We intend to publish a report. We aim to train everybody. It will be nice.";
        assert_eq!(tone(plan), Voice::Intends);
        let rules = "The owner reviews each model once a year. Changes are approved in writing. "
            .repeat(20);
        assert_eq!(tone(&format!("{rules} We plan to publish the results.")), Voice::States);
        let product =
            "Our industry-leading platform is seamless. Book a demo and unlock your data.";
        assert_eq!(tone(product), Voice::Promotes);
    }

    #[test]
    fn a_plan_is_told_from_a_duty() {
        assert_eq!(voice("We plan to introduce a review board."), Voice::Intends);
        assert_eq!(voice("An owner will be defined in the coming years."), Voice::Intends);
        assert_eq!(voice("The owner will review the log every Monday."), Voice::States);
        assert_eq!(voice("Who approves the model?"), Voice::Asks);
        assert_eq!(voice("The board asked how a customer would report harm."), Voice::Asks);
        assert_eq!(voice("Our industry-leading platform monitors every model."), Voice::Promotes);
    }
}
