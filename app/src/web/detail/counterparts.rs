use crate::view::View;
use crate::web::grade::Held;
use crate::web::{Web, marks};
use maud::{Markup, html};
use sufficit_evidence::{Pair, Provenance, Relation, RequirementRef};

/// A counterpart as it is seen from one of the two requirements.
struct Seen<'a> {
    other: &'a RequirementRef,
    relation: Relation,
    /// Share of this requirement's checks that evidence for the other meets, and the reverse.
    shares: (f32, f32),
    pair: &'a Pair,
}

/// The requirements of other frameworks that the same evidence can serve, with what holds of each.
pub(crate) fn section(web: &Web, view: &View, name: &RequirementRef) -> Markup {
    let mut seen: Vec<Seen> =
        web.crosswalk.pairs.iter().filter_map(|pair| of(pair, name)).collect();
    seen.sort_by(|a, b| b.shares.0.total_cmp(&a.shares.0));
    let alone = web.crosswalk.new.iter().find(|(known, _)| known == name);
    html! {
        section aria-labelledby="counterparts" {
            h3 #counterparts { "Counterparts" }
            @if let Some((_, why)) = alone { p { "None: " (why) } }
            @else if seen.is_empty() { p { "No other framework asks for what it asks." } }
            ul { @for found in seen { li { (counterpart(web, view, &found)) } } }
        }
    }
}

fn of<'a>(pair: &'a Pair, name: &RequirementRef) -> Option<Seen<'a>> {
    if pair.from == *name {
        let shares = (pair.strength, pair.reverse_strength);
        return Some(Seen { other: &pair.to, relation: pair.relation, shares, pair });
    }
    (pair.to == *name).then(|| Seen {
        other: &pair.from,
        relation: pair.relation.reversed(),
        shares: (pair.reverse_strength, pair.strength),
        pair,
    })
}

fn counterpart(web: &Web, view: &View, found: &Seen) -> Markup {
    let other = found.other;
    let framework = web.catalogue.framework(&other.framework);
    let title = web.catalogue.requirement(other).map_or("", |known| known.title.as_str());
    let reviewed = view.requirement(other);
    let percent = |share: f32| format!("{:.0} %", share * 100.0);
    html! {
        @if let Some(reviewed) = reviewed { (Held::of(reviewed).shown()) " " }
        a href={ "/requirements/" (other.framework) "/" (other.requirement) } {
            (framework.map_or(other.framework.as_str(), |known| known.title.as_str())) " " (other.requirement)
        }
        " " (title) " "
        @if let Some(reviewed) = reviewed { (marks::chip(marks::state(&reviewed.review))) }
        details {
            summary.soft {
                (found.relation.name()) ": evidence for it meets " (percent(found.shares.0))
                " of these checks; evidence for these meets " (percent(found.shares.1)) " of its"
            }
            p { (found.pair.why) }
            p.soft { (provenance(&found.pair.provenance)) }
        }
    }
}

fn provenance(provenance: &Provenance) -> String {
    match provenance {
        Provenance::Own => "Source: our own analysis alone.".to_owned(),
        Provenance::Public(source) => format!("Source: our own analysis; also in {source}."),
    }
}
