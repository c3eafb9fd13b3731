use super::ReviewArgs;
use crate::commands::show::named_requirement;
use crate::failure::Failure;
use crate::view::View;
use crate::web::queue_filter::About;
use sufficit_evidence::{Catalogue, DocumentKind, RequirementRef};

/// Which items are gone through.
pub(super) struct Wanted {
    requirement: Option<RequirementRef>,
    document: Option<String>,
    kinds: Vec<DocumentKind>,
    min_confidence: f32,
}

impl Wanted {
    /// Those that the command line names.
    pub(super) fn of(catalogue: &Catalogue, args: &ReviewArgs) -> Result<Self, Failure> {
        let named = args.requirement.as_deref().map(|what| named_requirement(catalogue, what));
        let requirement = named.transpose()?;
        Ok(Self {
            requirement,
            document: args.document.clone(),
            kinds: args.kind.clone(),
            min_confidence: args.min_confidence,
        })
    }

    /// The items of `view` that need a person and that are asked for: what a decision is worth most on comes first.
    pub(super) fn items<'v>(&self, view: &'v View, catalogue: &Catalogue) -> Vec<About<'v>> {
        let mut items: Vec<About<'v>> = About::all(view)
            .filter(|item| item.review().status.is_open() && item.review().worth > 0.0)
            .filter(|item| catalogue.requirement(item.name()).is_some())
            .filter(|item| self.lets_through(*item))
            .collect();
        items.sort_by(|a, b| {
            let by_key = || a.item().to_string().cmp(&b.item().to_string());
            b.review().worth.total_cmp(&a.review().worth).then_with(by_key)
        });
        items
    }

    fn lets_through(&self, item: About<'_>) -> bool {
        let (of_document, of_kind) = match item {
            About::Match(found) => (
                self.document.as_ref().is_none_or(|wanted| {
                    found.head.document.as_str() == wanted
                        || found.sources.iter().any(|source| source.path == *wanted)
                }),
                self.kinds.is_empty() || self.kinds.contains(&found.head.kind),
            ),
            About::Requirement(_) => (self.document.is_none(), self.kinds.is_empty()),
        };
        self.requirement.as_ref().is_none_or(|name| name == item.name())
            && of_document
            && of_kind
            && item.confidence() >= self.min_confidence
    }
}
