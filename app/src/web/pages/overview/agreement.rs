use maud::{Markup, html};
use sufficit_review::{ReviewedMatch, agreement};

/// How far people agree with what was proposed, as a tile of the overview.
pub(crate) fn tile<'a>(matches: impl Iterator<Item = &'a ReviewedMatch>) -> Markup {
    let found = agreement(matches);
    let share = |part: usize| format!("{:.0} %", 100.0 * part as f64 / found.decided as f64);
    html! {
        div.tile {
            dt { "Proposals that people agreed with" }
            @if found.decided == 0 {
                dd.figure { "–" }
                dd { "no match was decided yet" }
            } @else {
                dd.figure { (share(found.same)) }
                dd {
                    "of " (found.decided) " decided; " (share(found.near)) " within one"
                    @if let Some(kappa) = found.kappa { "; weighted kappa " (format!("{kappa:.2}")) }
                }
            }
        }
    }
}
