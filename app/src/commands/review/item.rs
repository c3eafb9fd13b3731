use super::Wanted;
use crate::view::View;
use sufficit_evidence::{Action, Catalogue, RequirementRef, Seen, Subject};
use sufficit_review::{NewDecision, Reviewed, ReviewedMatch, ReviewedRequirement, Standing};

/// What is decided.
#[derive(Clone, Debug)]
pub(super) enum Item<'v> {
    Match(&'v ReviewedMatch),
    Requirement(&'v ReviewedRequirement),
}

impl<'v> Item<'v> {
    /// What it is called in addresses, forms and scripts.
    pub(super) fn key(&self) -> String {
        let name = self.name();
        let name = format!("{}/{}", name.framework, name.requirement);
        match self {
            Self::Match(found) => format!("m/{}/{name}", found.head.document),
            Self::Requirement(_) => format!("r/{name}"),
        }
    }

    /// The requirement that it is about.
    pub(super) fn name(&self) -> &'v RequirementRef {
        match self {
            Self::Match(found) => &found.head.requirement,
            Self::Requirement(found) => &found.requirement,
        }
    }

    /// Why and how much it needs a person.
    pub(super) fn review(&self) -> &'v Reviewed {
        match self {
            Self::Match(found) => &found.review,
            Self::Requirement(found) => &found.review,
        }
    }

    fn confidence(&self) -> f32 {
        match self {
            Self::Match(found) => found.head.confidence,
            Self::Requirement(found) => found.confidence,
        }
    }

    fn seen(&self) -> &'v Seen {
        match self {
            Self::Match(found) => &found.head.seen,
            Self::Requirement(found) => &found.seen,
        }
    }

    fn subject(&self) -> Option<Subject> {
        let requirement = self.name().clone();
        Some(match self {
            Self::Match(found) => {
                Subject::Match { source: found.sources.first()?.clone(), requirement }
            }
            Self::Requirement(_) => Subject::Requirement { requirement },
        })
    }

    /// What was decided of it.
    pub(super) fn standing(&self, view: &View) -> Standing {
        match self {
            Self::Match(found) => {
                view.ledger.of_match(&found.head.document, &found.sources, self.name())
            }
            Self::Requirement(_) => view.ledger.of_requirement(self.name()),
        }
    }

    /// Taking back what holds; `None` where nothing does.
    pub(super) fn undo(&self, view: &View) -> Option<Action> {
        let held = self.standing(view).holding?;
        Some(Action::Undo { number: held.number })
    }

    /// The decision of `by`, who sees the item as it is here; `None` where the document lies nowhere any more.
    pub(super) fn decision(&self, by: &str, action: Action, why: &str) -> Option<NewDecision> {
        Some(NewDecision {
            by: by.to_owned(),
            subject: self.subject()?,
            seen: self.seen().clone(),
            action,
            why: why.to_owned(),
            expected: self.review().last,
        })
    }
}

/// The items of `view` that need a person and that are asked for: what a decision is worth most on comes first.
pub(super) fn items<'v>(view: &'v View, catalogue: &Catalogue, wanted: &Wanted) -> Vec<Item<'v>> {
    let matches = view.matches.iter().map(Item::Match);
    let of_documents = wanted.document.is_some() || !wanted.kinds.is_empty();
    let requirements = view.requirements.iter().filter(|_| !of_documents).map(Item::Requirement);
    let mut items: Vec<Item<'v>> = matches
        .chain(requirements)
        .filter(|item| item.review().status.is_open() && item.review().worth > 0.0)
        .filter(|item| catalogue.requirement(item.name()).is_some())
        .filter(|item| wanted.lets_through(item))
        .collect();
    items.sort_by(|a, b| {
        b.review().worth.total_cmp(&a.review().worth).then_with(|| a.key().cmp(&b.key()))
    });
    items
}

impl Wanted {
    fn lets_through(&self, item: &Item<'_>) -> bool {
        let of_document = |wanted: &String| match item {
            Item::Match(found) => {
                found.head.document.as_str() == wanted
                    || found.sources.iter().any(|source| source.path == *wanted)
            }
            Item::Requirement(_) => false,
        };
        let of_kind = match item {
            Item::Match(found) => self.kinds.is_empty() || self.kinds.contains(&found.head.kind),
            Item::Requirement(_) => self.kinds.is_empty(),
        };
        self.requirement.as_ref().is_none_or(|name| name == item.name())
            && self.document.as_ref().is_none_or(of_document)
            && of_kind
            && item.confidence() >= self.min_confidence
    }
}

/// The item of that key, decided or not.
pub(super) fn named<'v>(view: &'v View, key: &str) -> Option<Item<'v>> {
    let parts: Vec<&str> = key.split('/').collect();
    let name = |framework: &str, requirement: &str| RequirementRef {
        framework: framework.into(),
        requirement: requirement.into(),
    };
    match parts.as_slice() {
        ["m", document, framework, requirement] => {
            let document = sufficit_evidence::DocumentId::from(*document);
            view.matched(&document, &name(framework, requirement)).map(Item::Match)
        }
        ["r", framework, requirement] => {
            view.requirement(&name(framework, requirement)).map(Item::Requirement)
        }
        _ => None,
    }
}
