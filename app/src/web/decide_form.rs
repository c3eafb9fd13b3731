//! The forms by which a person decides, assigns and remarks, and the history of what was decided.

use crate::deed::deed;
use crate::web::frame::Frame;
use crate::web::guard::{Role, Visitor};
use crate::web::item::Item;
use crate::web::marks;
use crate::web::wish::NO_RATIONALE;
use maud::{Markup, html};
use sufficit_evidence::{Decision, Seen, Sufficiency};
use sufficit_review::{Assignment, Standing};

/// An item with what a decision on it would have before it.
#[derive(Debug)]
pub(crate) struct Deciding<'a> {
    /// What it is about.
    pub(crate) item: &'a Item,
    /// What is proposed of it now; without a rationale where nothing is.
    pub(crate) seen: &'a Seen,
    /// What was decided of it.
    pub(crate) standing: &'a Standing,
}

impl Deciding<'_> {
    fn back(&self, frame: &Frame) -> String {
        if frame.back.is_empty() { self.item.address() } else { frame.back.clone() }
    }

    /// What every form sends along.
    fn hidden(&self, visitor: &Visitor, frame: &Frame) -> Markup {
        let rationale = self.seen.rationale.as_deref().unwrap_or(NO_RATIONALE);
        html! {
            input type="hidden" name="csrf" value=(visitor.csrf);
            input type="hidden" name="item" value=(self.item);
            input type="hidden" name="expect" value=(self.standing.last());
            input type="hidden" name="rationale" value=(rationale);
            input type="hidden" name="back" value=(self.back(frame));
        }
    }

    /// The form of the verdict; for those who only look, a sentence.
    pub(crate) fn verdict(&self, visitor: &Visitor, frame: &Frame) -> Markup {
        if visitor.role < Role::Reviewer {
            return html! { p.decide.soft { "You look on as a viewer. A reviewer decides here." } };
        }
        let of_match = matches!(self.item, Item::Match { .. });
        let proposed = self.seen.rationale.as_ref().and(self.seen.sufficiency);
        let fault = frame.form_fault();
        html! {
            form.decide method="post" action="/decisions" aria-label="Decide" {
                (self.hidden(visitor, frame))
                // Enter in a field presses the first button of a form; this one does nothing.
                button disabled hidden {}
                p.fault role="alert" hidden[fault.is_none()] { (fault.unwrap_or_default()) }
                div.choices {
                    @if let Some(sufficiency) = proposed {
                        button.primary name="action" value="accept" aria-keyshortcuts="a" {
                            "Accept " (sufficiency) " " kbd { "a" }
                        }
                    }
                    @if of_match {
                        button name="action" value="reject" aria-keyshortcuts="r" { "Reject " kbd { "r" } }
                    } @else {
                        button name="action" value="not-applicable" { "Not applicable" }
                    }
                    @if self.standing.holding.is_some() {
                        button name="action" value="undo" aria-keyshortcuts="u" { "Undo " kbd { "u" } }
                    }
                }
                (scores("Override", frame.typed.sufficiency, false))
                div.reason {
                    label for="decide-why" {
                        span.question { "Why" } " "
                        span.hint {
                            @if of_match { "needed to override or reject" }
                            @else { "needed to override or set not applicable" }
                        }
                    }
                    textarea #decide-why name="why" rows="2" maxlength=(LONGEST) { (frame.typed.why) }
                    div.row {
                        span.hint { span.scripted-only { kbd { "Enter" } " sends, " kbd { "Esc" } " closes" } }
                        button.primary name="action" value="override" { "Override" }
                    }
                }
            }
        }
    }

    /// What was proposed and decided, the newest first, with the forms to assign it and to remark on it.
    pub(crate) fn history(&self, visitor: &Visitor, frame: &Frame) -> Markup {
        html! {
            section aria-labelledby="history" {
                h3 #history { "History" }
                ul.history {
                    @for decision in self.standing.history.iter().rev() { (entry(decision, None)) }
                    @if let (Some(sufficiency), Some(run)) = (self.seen.sufficiency, &self.seen.run) {
                        li { "Proposed now: " (sufficiency) " " (sufficiency.name()) " " span.soft { "(" (run) ")" } }
                    }
                }
                @if visitor.role >= Role::Reviewer {
                    details {
                        summary { "Assign or comment" }
                        div.stack {
                            (self.assigning(visitor, frame))
                            form.comment method="post" action="/decisions" {
                                (self.hidden(visitor, frame))
                                label for="comment-why" { "Comment" }
                                textarea #comment-why name="why" rows="2" maxlength=(LONGEST) required {}
                                div.row { button name="action" value="comment" { "Comment" } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn assigning(&self, visitor: &Visitor, frame: &Frame) -> Markup {
        let assigned = self.standing.assigned.as_ref();
        let due = assigned.and_then(|assigned| assigned.due);
        html! {
            form.assign method="post" action="/decisions" {
                (self.hidden(visitor, frame))
                div.row {
                    span.field {
                        label for="assign-to" { "Assign to" }
                        input #assign-to name="to" maxlength="200" autocomplete="off"
                            value=[assigned.map(|assigned| &assigned.to)];
                    }
                    span.field {
                        label for="assign-due" { "Due" }
                        input #assign-due name="due" type="date" value=[due];
                    }
                    button name="action" value="assign" { "Assign" }
                }
            }
        }
    }
}

/// Characters that a reason or comment may have.
pub(crate) const LONGEST: usize = 4_000;

/// Who is to decide, and until when.
pub(crate) fn assignment(assigned: &Assignment) -> Markup {
    html! {
        "for " (assigned.to)
        @if let Some(due) = assigned.due { ", due " time datetime=(due) { (due) } }
    }
}

/// A choice among the scores.
pub(crate) fn scores(legend: &str, chosen: Option<Sufficiency>, required: bool) -> Markup {
    html! {
        fieldset.scores {
            legend { (legend) }
            @for level in 0..=5_u8 {
                @let sufficiency = Sufficiency::new(level);
                label {
                    span.sr { (sufficiency.name()) ", " } (level)
                    input type="radio" name="sufficiency" value=(level) aria-keyshortcuts=(level)
                        checked[chosen == Some(sufficiency)] required[required];
                }
            }
        }
    }
}

/// A decision as it stands in a history; with the file that it was on and what became of that, where it is not there.
pub(crate) fn entry(decision: &Decision, on: Option<(&str, &str)>) -> Markup {
    html! {
        li {
            strong { (decision.by) } " " (deed(decision))
            @if let Some((path, _)) = on { " on " span.path { (path) } }
            ", " (marks::moment(&decision.at)) " "
            span.soft { "decision " (decision.number) @if let Some((_, absence)) = on { ". " (absence) } }
            @if !decision.why.is_empty() { blockquote { (decision.why) } }
        }
    }
}
