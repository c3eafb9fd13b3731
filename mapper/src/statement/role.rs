use super::Said;
use super::topic::Topic;
use crate::pattern::pattern;
use regex::Regex;
use std::sync::LazyLock;
use sufficit_evidence::{Aspect, StatedValue};

static PASSIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?P<of>.+?) (?:is|are|must be|shall be|will be|has to be|have to be) (?:formally )?(?P<act>approved|owned|signed off) by (?:the )?(?P<role>[^,:()]+)$",
    )
});
static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:the )?(?P<role>[^,:()]+?) (?P<act>approves|owns|signs off|is accountable for) (?P<of>.+)$",
    )
});
static OWNER_OF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^the (?P<act>owner) of (?P<of>.+?) is (?:the )?(?P<role>[^,:()]+)$")
});
/// What makes words the name of a role or body rather than of a person.
static ROLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(head|officer|director|board|committee|chief|executive|council|partner|dpo|ciso|cio|cto|ceo|cfo|coo)\b",
    )
});
/// Words after which more is said than who.
static MORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(and|or|after|before|when|if|in|within|at|every|on|once|unless|for|with|who|which|that|owner|any|each|either|relevant|respective|responsible|delegate|deputy)\b|/",
    )
});

/// Who approves or owns something, where a clause in lower case says just that.
pub(super) fn said(clause: &str, title: Option<&str>) -> Option<Said> {
    let captures =
        [&OWNER_OF, &PASSIVE, &ACTIVE].into_iter().find_map(|form| form.captures(clause))?;
    let text = |name: &str| captures.name(name).map(|group| group.as_str().trim());
    let (role, act, of) = (text("role")?, text("act")?, text("of")?);
    let aspect = if matches!(act, "approved" | "approves" | "signed off" | "signs off") {
        Aspect::Approver
    } else {
        Aspect::Owner
    };
    let is_role = ROLE.is_match(role) && !MORE.is_match(role) && role.split(' ').count() <= 6;
    if !is_role || of.contains(['(', ':']) {
        return None;
    }
    let action = if aspect == Aspect::Approver { "approval" } else { "owner" };
    let about = Topic::of_clause(&format!("{of} {action}"), aspect, title)?;
    Some(Said { aspect, about: about.name(), by: None, value: StatedValue::Role(role.to_owned()) })
}
