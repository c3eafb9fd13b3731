use crate::finding::{CheckReading, Met};
use crate::standing::Standing;
use crate::voice::Voice;
use serde::Serialize;
use sufficit_evidence::{Proof, Sufficiency, Thresholds};

/// What the checks of a requirement add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Tally {
    /// How many checks there are.
    pub checks: usize,
    /// Laid down or recorded.
    pub met: usize,
    /// Shown by a dated record.
    pub recorded: usize,
    /// Touched, or a record without a day.
    pub touched: usize,
    /// Said not to be in place.
    pub denied: usize,
    /// Only planned.
    pub intended: usize,
    /// Checks that a document can meet by laying something down.
    pub paper: usize,
    /// Of these, those met.
    pub paper_met: usize,
}

impl Tally {
    pub(crate) fn count(readings: &[CheckReading<'_>]) -> Self {
        let mut tally = Self { checks: readings.len(), ..Self::default() };
        for reading in readings {
            let met = reading.met >= Met::Defined;
            tally.met += usize::from(met);
            tally.recorded += usize::from(reading.met == Met::Recorded);
            tally.touched += usize::from(matches!(reading.met, Met::Touched | Met::Undated));
            tally.denied += usize::from(reading.met == Met::Denied);
            tally.intended += usize::from(reading.met == Met::Intended);
            if reading.check.by == Proof::Paper {
                tally.paper += 1;
                tally.paper_met += usize::from(met);
            }
        }
        tally
    }

    /// Share of the checks met, a check that wants a record counting only where it is met: 0 to 1. What can be laid down counts as half of the
    /// checks at least: what has to be carried out is not defined by one rule that says so.
    pub fn share(&self) -> f32 {
        let on_paper = self.paper_met as f32 / self.wanted() as f32;
        let of_all = self.met as f32 / self.checks.max(1) as f32;
        on_paper.max(of_all)
    }

    /// How many checks that can be laid down would be all, 1 or more.
    pub fn wanted(&self) -> usize {
        self.paper.max(self.checks.div_ceil(2)).max(1)
    }

    /// Share of the checks shown by a dated record, 0 to 1.
    pub fn recorded_share(&self) -> f32 {
        self.recorded as f32 / self.checks.max(1) as f32
    }

    /// The grade that checks met, dated records and force make, 1 to 5: of one document or of all together.
    pub(crate) fn level(&self, in_force: bool, thresholds: &Thresholds) -> Sufficiency {
        if self.share() < thresholds.partial_share {
            return Sufficiency::MENTIONED;
        }
        let defined = self.share() >= thresholds.defined_share;
        let recorded = self.recorded_share() >= thresholds.recorded_share;
        match (defined, recorded, in_force) {
            (false, _, _) => Sufficiency::PARTIAL,
            (true, false, false) => Sufficiency::DEFINED,
            // Nothing is left to ask where every check is met.
            (true, true, true) if self.met == self.checks => Sufficiency::DEMONSTRATED,
            (true, _, _) => Sufficiency::CONTROLLED,
        }
    }
}

/// A document's grade for a requirement, and what it is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grade {
    /// What the checks, the dated records and the document's force make.
    pub by_checks: Sufficiency,
    /// What holds it down, whatever the checks say.
    pub limits: Vec<Limit>,
    /// The lowest of them all.
    pub sufficiency: Sufficiency,
}

/// The highest grade that a document in some state can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// What limits.
    pub cause: LimitCause,
    /// The highest grade that is left.
    pub at: Sufficiency,
}

impl Grade {
    /// Whether it would be higher if the document were surely about the requirement.
    pub(crate) fn is_held_by_doubt(&self) -> bool {
        let doubts =
            |limit: &Limit| matches!(limit.cause, LimitCause::Doubt | LimitCause::OtherSystem);
        self.sufficiency < self.by_checks
            && self.limits.iter().all(|limit| doubts(limit) || limit.at > self.sufficiency)
    }
}

/// What limits a grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitCause {
    /// It denies more checks than it meets: it shows a gap.
    Denial,
    /// It is a form that nobody filled in.
    BlankForm,
    /// It promotes a product.
    Promotion,
    /// It speaks only of what is planned.
    Plan,
    /// It calls itself a draft.
    Draft,
    /// It has been replaced or withdrawn.
    Superseded,
    /// Its review was due before the day of judgement.
    PastReview,
    /// Its title names the field of another framework: what it says of a management system it says of that one.
    OtherSystem,
    /// It is doubtful whether it bears on the requirement at all, the more so the lower this holds.
    Doubt,
}

/// How surely a document is about a requirement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearing {
    /// The probability that it bears on the requirement at all: 0 to 1.
    pub(crate) real: f32,
    /// The same without what its title adds.
    pub(crate) by_passages: f32,
    /// Whether it is about another management system than the requirement, which is a clause.
    pub(crate) of_another_system: bool,
}

/// The grade of rubric.md for one document, from what its checks add up to, how it stands, how it
/// speaks (`tone`) and how surely it is about the requirement.
///
/// Nothing bearing on a check is 0, nothing met 1; some checks met is 2, and so is the one that wants a record in a document that is more
/// likely than not about the subject, however much of the rest is laid down elsewhere; nearly all is 3; 3 and in force, or most checks shown by dated
/// records, is 4; both is 5. What limits it then: see [`LimitCause`].
pub(crate) fn grade(
    tally: &Tally,
    standing: &Standing,
    tone: Voice,
    bearing: Bearing,
    thresholds: &Thresholds,
) -> Grade {
    let by_checks = if tally.met + tally.touched + tally.intended == 0 {
        Sufficiency::NONE
    } else if tally.met == 0 {
        Sufficiency::MENTIONED
    } else {
        let level = tally.level(standing.in_force(), thresholds);
        let is_record = tally.met > tally.paper_met && bearing.by_passages >= thresholds.check_met;
        if is_record { level.max(Sufficiency::PARTIAL) } else { level }
    };
    let mut limits = limits(tally, standing, tone);
    if bearing.of_another_system {
        limits.push(Limit { cause: LimitCause::OtherSystem, at: Sufficiency::MENTIONED });
    }
    let at = ceiling_of(bearing.real, thresholds);
    if at < Sufficiency::DEMONSTRATED {
        limits.push(Limit { cause: LimitCause::Doubt, at });
    }
    let sufficiency = limits.iter().map(|limit| limit.at).fold(by_checks, Sufficiency::min);
    Grade { by_checks, limits, sufficiency }
}

fn limits(tally: &Tally, standing: &Standing, tone: Voice) -> Vec<Limit> {
    let denies = tally.denied > tally.met;
    let causes = [
        (denies, LimitCause::Denial, Sufficiency::NONE),
        (standing.blank, LimitCause::BlankForm, Sufficiency::MENTIONED),
        (tone == Voice::Promotes, LimitCause::Promotion, Sufficiency::MENTIONED),
        (tone == Voice::Intends, LimitCause::Plan, Sufficiency::MENTIONED),
        (standing.draft, LimitCause::Draft, Sufficiency::PARTIAL),
        (standing.superseded, LimitCause::Superseded, Sufficiency::PARTIAL),
        (standing.overdue.is_some(), LimitCause::PastReview, Sufficiency::DEFINED),
    ];
    let held = causes.into_iter().filter(|(holds, ..)| *holds);
    held.map(|(_, cause, at)| Limit { cause, at }).collect()
}

/// The highest grade of a match that bears on its requirement with this probability: a document that is hardly about a
/// subject shows nothing of it, whatever single sentences say, and one that may be about another does not cover it.
fn ceiling_of(real: f32, thresholds: &Thresholds) -> Sufficiency {
    let steps = [
        (thresholds.real_partial, Sufficiency::MENTIONED),
        (thresholds.real_defined, Sufficiency::PARTIAL),
        (thresholds.real_controlled, Sufficiency::DEFINED),
    ];
    let holding = steps.into_iter().find(|(from, _)| real < *from);
    holding.map_or(Sufficiency::DEMONSTRATED, |(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Facts;

    const THRESHOLDS: Thresholds = Thresholds {
        relevance_middle: 0.2,
        relevance_slope: 20.0,
        real: 0.3,
        check_touched: 0.2,
        check_met: 0.5,
        real_partial: 0.4,
        real_defined: 0.6,
        real_controlled: 0.8,
        field: 0.0,
        quote_met: 0.3,
        words_a_check: 15,
        partial_share: 0.3,
        defined_share: 0.6,
        recorded_share: 0.5,
        old_after_months: 24,
        record_valid_months: 36,
    };

    fn plain() -> Standing {
        Standing::judge(&Facts::default(), 10, "2026-11-20".parse().expect("a date"), 24)
    }

    fn in_force() -> Standing {
        Standing {
            owned: true,
            approved: true,
            versioned: true,
            since: Some("2026-02-01".parse().expect("a date")),
            cited: true,
            ..plain()
        }
    }

    fn paper(met: usize) -> Tally {
        Tally { checks: 5, paper: 5, met, paper_met: met, touched: 5 - met, ..Tally::default() }
    }

    fn about(real: f32) -> Bearing {
        Bearing { real, by_passages: real, of_another_system: false }
    }

    fn level(tally: Tally, standing: &Standing) -> u8 {
        grade(&tally, standing, Voice::States, about(1.0), &THRESHOLDS).sufficiency.level()
    }

    #[test]
    fn paper_climbs_to_3_and_force_lifts_it_to_4() {
        let levels: Vec<u8> = (0..=5).map(|met| level(paper(met), &plain())).collect();
        assert_eq!(levels, [1, 1, 2, 3, 3, 3]);
        assert_eq!(level(paper(5), &in_force()), 4);
        assert_eq!(level(paper(2), &in_force()), 2, "force without content lifts nothing");
    }

    #[test]
    fn what_may_be_about_something_else_covers_nothing() {
        let of = |bearing| grade(&paper(5), &in_force(), Voice::States, bearing, &THRESHOLDS);
        let levels = [0.3, 0.5, 0.7, 0.9].map(|real| of(about(real)).sufficiency.level());
        assert_eq!(levels, [1, 2, 3, 4]);
        assert!(of(about(0.5)).is_held_by_doubt() && !of(about(0.9)).is_held_by_doubt());
        let other = of(Bearing { of_another_system: true, ..about(0.99) });
        assert_eq!(other.sufficiency, Sufficiency::MENTIONED);
        assert!(other.is_held_by_doubt());
        let draft = Standing { draft: true, ..in_force() };
        let drafted = grade(&paper(5), &draft, Voice::States, about(0.7), &THRESHOLDS);
        assert!(!drafted.is_held_by_doubt(), "it would be a 2 all the same");
    }

    #[test]
    fn with_a_check_open_there_is_something_left_to_ask() {
        let open = Tally { recorded: 4, ..paper(4) };
        assert_eq!(level(open, &in_force()), 4);
    }

    #[test]
    fn the_record_that_is_wanted_is_partial_by_itself() {
        let record = Tally { checks: 6, paper: 5, met: 1, recorded: 1, ..Tally::default() };
        let level =
            |real| grade(&record, &plain(), Voice::States, about(real), &THRESHOLDS).sufficiency;
        assert_eq!([0.9, 0.45].map(level), [Sufficiency::PARTIAL, Sufficiency::MENTIONED]);
        let blank = Standing { blank: true, ..plain() };
        let limited = grade(&record, &blank, Voice::States, about(0.9), &THRESHOLDS);
        assert_eq!(limited.sufficiency, Sufficiency::MENTIONED);
    }

    #[test]
    fn what_has_to_be_carried_out_is_not_defined_by_one_rule() {
        let rule = Tally { checks: 3, paper: 1, met: 1, paper_met: 1, ..Tally::default() };
        assert_eq!(level(rule, &in_force()), 2);
        assert_eq!(level(Tally { met: 3, recorded: 2, ..rule }, &in_force()), 5);
    }

    #[test]
    fn dated_records_lift_to_4_and_with_force_to_5() {
        let recorded = Tally { recorded: 4, ..paper(5) };
        assert_eq!(level(recorded, &plain()), 4);
        assert_eq!(level(recorded, &in_force()), 5);
    }

    #[test]
    fn what_lowers_a_grade_lowers_it() {
        let full = Tally { recorded: 5, ..paper(5) };
        assert_eq!(level(full, &Standing { blank: true, ..in_force() }), 1);
        assert_eq!(level(full, &Standing { draft: true, ..in_force() }), 2);
        assert_eq!(level(full, &Standing { superseded: true, ..in_force() }), 2);
        let overdue = Some("2026-01-01".parse().expect("a date"));
        assert_eq!(level(full, &Standing { overdue, ..in_force() }), 3);
        assert_eq!(level(Tally { denied: 4, ..paper(3) }, &in_force()), 0);
        assert_eq!(level(Tally { denied: 2, ..paper(3) }, &in_force()), 4);
        assert_eq!(level(Tally::default(), &in_force()), 0);
    }

    #[test]
    fn more_met_never_means_less() {
        for standing in [plain(), in_force()] {
            for met in 0..5 {
                for recorded in 0..=met {
                    let here = level(Tally { recorded, ..paper(met) }, &standing);
                    let there = level(Tally { recorded, ..paper(met + 1) }, &standing);
                    assert!(there >= here, "{met} met, {recorded} recorded");
                }
            }
        }
    }
}
