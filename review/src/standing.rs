use std::collections::HashSet;
use sufficit_evidence::{Action, Date, Decision, DocumentId, MatchStatus, Seen, Sufficiency};

/// What the decisions on one subject amount to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The verdict that holds; `None` where nobody decided, or it was taken back.
    pub holding: Option<Decision>,
    /// Who is to decide, and until when.
    pub assigned: Option<Assignment>,
    /// Every decision, oldest first.
    pub history: Vec<Decision>,
}

/// Who is to decide, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Who.
    pub to: String,
    /// Until when.
    pub due: Option<Date>,
}

impl Standing {
    /// The number of the last decision; 0 for none.
    pub fn last(&self) -> u64 {
        self.history.last().map_or(0, |decision| decision.number)
    }

    /// The status beside what is proposed now; `now` holds version and rationale of the present proposal.
    ///
    /// What was added, or does not apply, never stood on a proposal, so a later one leaves it as it is. A verdict that the
    /// document is no evidence needs no confirmation where nothing is proposed, nor given to this version: all say the same.
    pub fn status(&self, now: &Seen) -> MatchStatus {
        let Some(held) = &self.holding else { return MatchStatus::Proposed };
        let on_proposal = !matches!(held.action, Action::Add { .. } | Action::NotApplicable);
        let proposed_otherwise = held.seen.rationale != now.rationale;
        let is_nothing = now.rationale.is_none() && now.sufficiency.is_none();
        let given = || self.given_alone(now.document.as_ref()?);
        let agreed = is_nothing
            && held.sufficiency() == Some(Sufficiency::NONE)
            && given().unwrap_or_default() == Sufficiency::NONE;
        match held.action {
            _ if !agreed && held.seen.document != now.document => MatchStatus::ConfirmAgain,
            _ if !agreed && on_proposal && proposed_otherwise => MatchStatus::ConfirmAgain,
            Action::Override { .. } => MatchStatus::Overridden,
            Action::Reject => MatchStatus::Rejected,
            Action::Add { .. } => MatchStatus::Added,
            _ => MatchStatus::Accepted,
        }
    }
}

impl Standing {
    /// The sufficiency that counts beside what is proposed `now`; `None` where neither a person nor a run gives one.
    ///
    /// What was decided of another version, another rationale or another body of evidence waits to be confirmed: until then
    /// nobody has said more than the lower of what was decided and what is proposed, or was given to this very version without
    /// a proposal.
    pub fn counting(&self, now: &Seen) -> Option<Sufficiency> {
        let given = || self.given_alone(now.document.as_ref()?);
        let proposed = now.sufficiency.or_else(given);
        let Some(given) = self.holding.as_ref().and_then(|held| held.sufficiency()) else {
            return proposed;
        };
        if self.status(now) != MatchStatus::ConfirmAgain {
            return Some(given);
        }
        proposed.map(|proposed| proposed.min(given))
    }

    /// The sufficiency that a person gave that very version last while nothing was proposed of it: by adding the match, or
    /// later by an override. `None` where nobody did, it was taken back, or the version was rejected since.
    pub fn given_alone(&self, version: &DocumentId) -> Option<Sufficiency> {
        let undone = undone(&self.history);
        let bears = |one: &&Decision| {
            let bears = match one.action {
                Action::Add { .. } | Action::Override { .. } => one.seen.rationale.is_none(),
                // That the version is no evidence was said of whatever had been given before.
                Action::Reject => true,
                _ => false,
            };
            bears && one.seen.document.as_ref() == Some(version) && !undone.contains(&one.number)
        };
        let last = self.history.iter().rfind(bears)?;
        last.sufficiency().filter(|_| last.action != Action::Reject)
    }
}

/// The numbers of the decisions that were taken back.
fn undone(decisions: &[Decision]) -> HashSet<u64> {
    let number = |decision: &Decision| match decision.action {
        Action::Undo { number } => Some(number),
        _ => None,
    };
    decisions.iter().filter_map(number).collect()
}

/// What `decisions`, all on one subject and oldest first, amount to. A verdict follows on the one before it; an undo takes
/// back the one that it names, so that the one before holds again.
pub fn standing(decisions: &[Decision]) -> Standing {
    let undone = undone(decisions);
    let mut standing = Standing { history: decisions.to_vec(), ..Standing::default() };
    for decision in decisions {
        match &decision.action {
            Action::Assign { to, due } => {
                standing.assigned = to.clone().map(|to| Assignment { to, due: *due });
            }
            Action::Undo { .. } => {}
            action if action.is_verdict() && !undone.contains(&decision.number) => {
                standing.holding = Some(decision.clone());
            }
            _ => {}
        }
    }
    standing
}
