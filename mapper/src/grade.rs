use crate::finding::{CheckReading, Met};
use crate::standing::Standing;
use sufficit_evidence::{Proof, Sufficiency, Thresholds};

/// What the checks of a requirement add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) checks: usize,
    /// Laid down or recorded.
    pub(crate) met: usize,
    /// Shown by a dated record.
    pub(crate) recorded: usize,
    /// Touched, or a record without a day.
    pub(crate) touched: usize,
    /// Said not to be in place.
    pub(crate) denied: usize,
    /// Only planned.
    pub(crate) intended: usize,
    /// Checks that a document can meet by laying something down.
    pub(crate) paper: usize,
    /// Of these, those met.
    pub(crate) paper_met: usize,
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

    /// Share of the checks met, a check that wants a record counting only where it is met: 0 to 1.
    fn share(&self) -> f32 {
        let wanted = self.paper.max(1);
        let on_paper = self.paper_met as f32 / wanted as f32;
        let of_all = self.met as f32 / self.checks.max(1) as f32;
        on_paper.max(of_all)
    }

    fn recorded_share(&self) -> f32 {
        self.recorded as f32 / self.checks.max(1) as f32
    }
}

/// The grade of rubric.md for one document, from what its checks add up to and how it stands.
///
/// A text that denies half as many checks as it meets, or more, shows a gap: 0. Nothing met is 0 or 1; some checks met is 2; nearly all is 3; 3 and in force, or most checks shown by dated
/// records, is 4; both is 5. A blank form is 1 at most, a draft or superseded text 2, one past its review 3.
pub(crate) fn grade(tally: &Tally, standing: &Standing, thresholds: &Thresholds) -> Sufficiency {
    let nothing = tally.met + tally.touched + tally.intended == 0;
    if nothing || tally.denied > 0 && 2 * tally.denied >= tally.met {
        return Sufficiency::NONE;
    }
    if standing.blank || tally.met == 0 || tally.share() < thresholds.partial_share {
        return Sufficiency::MENTIONED;
    }
    let defined = tally.share() >= thresholds.defined_share;
    let recorded = tally.recorded_share() >= thresholds.recorded_share;
    let level = match (defined, recorded, standing.in_force()) {
        (false, _, _) => Sufficiency::PARTIAL,
        (true, false, false) => Sufficiency::DEFINED,
        (true, true, true) => Sufficiency::DEMONSTRATED,
        (true, _, _) => Sufficiency::CONTROLLED,
    };
    level.min(ceiling(standing))
}

/// The highest grade that a document in this state can have.
fn ceiling(standing: &Standing) -> Sufficiency {
    if standing.draft || standing.superseded {
        Sufficiency::PARTIAL
    } else if standing.overdue.is_some() {
        Sufficiency::DEFINED
    } else {
        Sufficiency::DEMONSTRATED
    }
}
