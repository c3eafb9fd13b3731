use maud::{Markup, html};
use sufficit_review::ReviewedMatch;

/// How far people agree with what was proposed, over the matches that they decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agreement {
    decided: usize,
    same: usize,
    /// Those that differ by one at most.
    near: usize,
}

impl Agreement {
    /// Counts the matches whose proposal a person decided on as it stands.
    pub(crate) fn of(matches: &[ReviewedMatch]) -> Self {
        let mut agreement = Self::default();
        for found in matches.iter().filter(|found| !found.review.status.is_open()) {
            let proposed = found.head.seen.sufficiency;
            let (Some(proposed), Some(decided)) = (proposed, found.review.decided) else {
                continue;
            };
            let apart = proposed.level().abs_diff(decided.level());
            agreement.decided += 1;
            agreement.same += usize::from(apart == 0);
            agreement.near += usize::from(apart <= 1);
        }
        agreement
    }

    /// It as a tile of the overview.
    pub(crate) fn tile(self) -> Markup {
        let share = |part: usize| format!("{:.0} %", 100.0 * part as f64 / self.decided as f64);
        html! {
            div.tile {
                dt { "Proposals that people agreed with" }
                @if self.decided == 0 {
                    dd.figure { "–" }
                    dd { "no match was decided yet" }
                } @else {
                    dd.figure { (share(self.same)) }
                    dd { "of " (self.decided) " decided; " (share(self.near)) " within one" }
                }
            }
        }
    }
}
