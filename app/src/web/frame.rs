use crate::web::wish::Undecided;
use maud::{Markup, html};
use sufficit_evidence::{Decision, Sufficiency};

/// What a detail stands in: where its forms lead back to, and what came of the form that was sent before.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    /// Address to go back to after a decision; empty for the item's own page.
    pub(crate) back: String,
    /// Which of the citations is shown in its place, from 0.
    pub(crate) cite: usize,
    /// What stood in the way of the form that was sent before.
    pub(crate) trouble: Option<Trouble>,
    /// What was typed into it.
    pub(crate) typed: Typed,
}

/// What stood in the way of a decision.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Somebody decided meanwhile.
    Meanwhile(Box<Decision>),
    /// Another proposal stands now.
    Changed,
    /// It cannot be taken down as it is, for the reason given.
    Refused(String),
}

/// What was typed into the form of a decision, so that it is still there where the decision was not taken down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typed {
    /// The score that was chosen.
    pub(crate) sufficiency: Option<Sufficiency>,
    /// The reason.
    pub(crate) why: String,
}

impl Trouble {
    /// What can be shown beside the item; `None` where the item itself cannot be shown.
    pub(crate) fn of(undecided: Undecided) -> Result<Self, Undecided> {
        match undecided {
            Undecided::Meanwhile(other) => Ok(Self::Meanwhile(other)),
            Undecided::Changed => Ok(Self::Changed),
            Undecided::Refused(why) => Ok(Self::Refused(why)),
            other => Err(other),
        }
    }

    /// It as a sentence.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Meanwhile(other) => {
                let given = match (other.sufficiency(), other.action.name()) {
                    (Some(sufficiency), name @ ("overridden" | "added")) => {
                        format!("{name} with {sufficiency}")
                    }
                    (_, name) => name.to_owned(),
                };
                let (day, minute) =
                    (other.at.get(..10).unwrap_or(&other.at), other.at.get(11..16).unwrap_or(""));
                format!(
                    "{} decided this on {day} at {minute} UTC: {given}. Yours was not recorded; what you typed is still below.",
                    other.by
                )
            }
            Self::Changed => "The proposal changed meanwhile, because documents or rules did. Yours was not recorded; look at it again, then decide.".to_owned(),
            Self::Refused(why) => why.clone(),
        }
    }
}

impl Frame {
    /// What stood in the way, as it stands above the rationale; what is wrong with the form itself stands in the form.
    pub(crate) fn notice(&self) -> Markup {
        match &self.trouble {
            Some(trouble @ (Trouble::Meanwhile(_) | Trouble::Changed)) => {
                html! { p.fault role="alert" { (trouble.sentence()) } }
            }
            Some(Trouble::Refused(_)) | None => html! {},
        }
    }

    /// What is wrong with the form that was sent before.
    pub(crate) fn form_fault(&self) -> Option<&str> {
        match &self.trouble {
            Some(Trouble::Refused(why)) => Some(why),
            _ => None,
        }
    }
}
