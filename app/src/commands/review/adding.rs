use super::Desk;
use super::answer::{Answers, Pick};
use crate::failure::Failure;
use crate::output::{citation_lines, dots, fit_path, line, out, width};
use crate::passage_search::{HitBody, Wanted, bodies};
use crate::view::View;
use crate::web::Item;
use crate::web::wish::{Deed, Undecided, picked};
use std::io::Write;
use sufficit_evidence::{Action, Catalogue, DocumentId, RequirementRef};
use sufficit_index::Within;
use sufficit_review::ReviewedMatch;

/// Passages that are offered at once: as many as one key can name.
const OFFERED: usize = 9;

impl Desk {
    /// Shows the passages nearest to `words`, or to the requirement's checks where there are none, and adds the one that is
    /// picked as a match. The item that was added with the decision's number; `None` where nothing was.
    pub(super) async fn add(
        &self,
        (view, catalogue): (&View, &Catalogue),
        name: &RequirementRef,
        words: String,
        answers: &Answers,
    ) -> Result<Option<(Item, u64)>, Failure> {
        let wanted = match words.as_str() {
            "" => Wanted::Checks(catalogue.probes_of(name).cloned().collect()),
            _ => Wanted::Words(words),
        };
        let place = (&self.workspace, &self.common, &self.store);
        let hits = self.searcher.hits(place, wanted, Within::default(), OFFERED).await?;
        let paths = |document: &DocumentId| {
            let sources = view.proposed.sources.get(document).into_iter().flatten();
            sources.map(|source| source.path.clone()).collect()
        };
        let found = bodies(&self.store, hits, paths).await?;
        if found.is_empty() {
            line(&mut out(), "Nothing found. Try other words.")?;
            return answers.no_pick().map(|()| None);
        }
        offer(view, name, &found)?;
        let (number, sufficiency, why) = match answers.pick()? {
            Pick::Passage(number, sufficiency, why) => (number, sufficiency, why),
            Pick::Nothing => return Ok(None),
            Pick::Unknown => {
                let help = "Nothing was added: give the number of a passage, 0 to 5 and why, as in `2 3 The minutes show it.`";
                return line(&mut out(), help).map(|()| None);
            }
        };
        let Some(hit) = number.checked_sub(1).and_then(|place| found.get(place)) else {
            let what = format!("There is no passage {number}; nothing was added.");
            return line(&mut out(), &what).map(|()| None);
        };
        let item = Item::of_match(&DocumentId::new(hit.sha256.as_str()), name);
        let (passage, page) = match picked(&self.store, &item, hit.citation.span).await {
            Ok(place) => place,
            Err(Undecided::Store(error)) => return Err(error.into()),
            Err(_) => return line(&mut out(), "The passage is gone; search again.").map(|()| None),
        };
        let deed = Deed::Act(Action::Add { sufficiency, passage, page });
        let number = self.acknowledged(view, &item, deed, &why).await?;
        Ok(number.map(|number| (item, number)))
    }
}

/// Prints the passages, each with the number by which it is picked.
fn offer(view: &View, name: &RequirementRef, found: &[HitBody]) -> Result<(), Failure> {
    let out = &mut out();
    for (position, hit) in found.iter().enumerate() {
        let path = console::style(fit_path(&hit.document, width() - 4)).bold();
        line(out, &format!("{:>2}. {path}", position + 1))?;
        citation_lines(out, &hit.citation, 4)?;
        let known = view.matched(&DocumentId::new(hit.sha256.as_str()), name);
        if let Some(known) = known.filter(|known| !ReviewedMatch::has_outlived(known)) {
            let text = format!("    {} is held against {name} already", dots(known.review.counts));
            line(out, &text)?;
        }
    }
    line(out, "The number of a passage, 0 to 5 and why adds it; an empty line adds nothing.")?;
    Ok(out.flush()?)
}
