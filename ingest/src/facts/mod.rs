//! What a document says of itself, each with the place where it says so.
//!
//! Labels, tables of versions and approvals, page headers and plain statements each yield fields; a field
//! is a key, a value and where it stands. The surest field with a value that makes sense becomes the fact. A blank value is a
//! placeholder, never a fact. Properties of the file only fill what the text leaves open: editors keep the name of whoever
//! wrote the template.

mod approval;
mod clauses;
#[cfg(test)]
mod control_tests;
mod cues;
pub(crate) mod dates;
mod fields;
mod forms;
mod kind;
mod labels;
mod life;
mod names;
#[cfg(test)]
mod other_tests;
mod others;
mod placeholders;
mod rows;
mod sentences;
mod shape;
mod signatures;
mod statements;
mod status;
mod systems;
mod tables;
#[cfg(test)]
mod tests;
mod title;
mod unmarked;

use crate::{
    block::{Layout, Role},
    passage::clip_heading,
};
use dates::{Order, Reading};
use fields::Field;
use jiff::Span as Duration;
use labels::Key;
use std::ops::Range;
use sufficit_evidence::{Citation, DateValue, DocumentStatus, Fact, Facts, Origin, Span};

/// As many placeholders are kept.
const KEPT: usize = 200;
/// As many mentions of dates are kept, and twice as many looked at.
const DATES: usize = 2000;
/// Longer values are no names of people, roles or boards.
const NAME_WORDS: usize = 12;
/// What properties of a file, and the front matter of a text, call what is asked of them.
const OWNER: [&str; 6] =
    ["owner", "author_team", "maintained_by", "maintainer", "document_owner", "content_owner"];
const APPROVER: [&str; 6] =
    ["approver", "approved_by", "approved-by", "authorised_by", "signed_off_by", "released_by"];
const VERSION: [&str; 7] =
    ["version", "revision", "cp:version", "rev", "doc_version", "document_version", "card_version"];
const NEXT_REVIEW: [&str; 7] = [
    "next_review",
    "next-review",
    "review_by",
    "expires",
    "review_due",
    "next_review_date",
    "valid_until",
];
/// Places from the top in which a record tells its day, and what stands before it there.
const HEAD: usize = 4;
const LEADS_TO_DAY: [&str; 12] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "held",
    "held on",
    "meeting of",
    "meeting held on",
    "date of meeting",
];
/// Characters of a quote.
const QUOTE_CHARS: usize = 300;

/// Reads the facts from a document's text and from the properties of its file.
pub(crate) fn read(layout: &Layout, properties: &[(String, String)]) -> Facts {
    let mut found: Vec<(usize, Range<usize>, Reading)> = Vec::new();
    let mut blanks: Vec<(usize, Range<usize>)> = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        let text = layout.text_of(place);
        let shift =
            |range: Range<usize>| place.bytes.start + range.start..place.bytes.start + range.end;
        if found.len() < 2 * DATES {
            found.extend(
                dates::find(text).into_iter().map(|date| (n, shift(date.range), date.reading)),
            );
        }
        if place.role != Role::Contents {
            blanks.extend(placeholders::find(text).into_iter().map(|range| (n, shift(range))));
        }
    }
    let order = order(layout, &found, &blanks);
    let zones = fields::zones(layout);
    let mut fields = fields::collect(layout, &zones);
    approval::settle_dates(&mut fields);
    fields.extend(tables::collect(layout, order));
    fields.extend(statements::collect(layout, &zones));
    fields.extend(clauses::collect(layout, &zones));
    fields.extend(life::collect(layout, &zones));
    fields.extend(sentences::collect(layout, &zones));
    fields.extend(signatures::collect(layout, &zones));
    fields::settle_sections(layout, &mut fields);
    // Where the text says that nobody has approved it yet, the file's properties cannot know better.
    let withheld = approval::withheld(layout, &mut fields);

    let form = forms::count(layout, blanks.len());
    let mut facts = Facts::default();
    let reader = Reader { layout, order, headings: headings(layout) };
    facts.title = reader.title(&fields, properties);
    facts.owner = reader.name(&fields, Key::Owner).or_else(|| property(properties, &OWNER));
    facts.approver = reader
        .name(&fields, Key::Approver)
        .or_else(|| property(properties, &APPROVER))
        .filter(|_| !withheld);
    facts.version = reader.version(&fields).or_else(|| property(properties, &VERSION));
    let draft = |version: &str| status::of(version).filter(|is| *is == DocumentStatus::Draft);
    // What was withdrawn keeps the status that it had written on it.
    facts.status = reader
        .pick(&fields, Key::Ended, status::of)
        .or_else(|| reader.pick(&fields, Key::Status, status::of))
        .or_else(|| reader.pick(&fields, Key::Version, draft))
        .or_else(|| {
            let fact = property(properties, &["status", "cp:contentStatus"])?;
            Some(Fact { value: status::of(&fact.value)?, origin: fact.origin })
        });
    let dated = |names: &[&str]| {
        let fact = property(properties, names)?;
        let reading = dates::find(&fact.value).first()?.reading;
        Some(Fact { value: dates::settle(reading, order)?, origin: fact.origin })
    };
    // `Approved by: Jane Doe, 12 March 2026` tells it more surely than a table of changes.
    facts.approved = reader
        .date(&fields, &[Key::Approved, Key::Approver])
        .or_else(|| dated(&["approved", "approved_on", "approval_date"]))
        .filter(|_| !withheld);
    facts.issued = reader.date(&fields, &[Key::Issued, Key::Date]).or_else(|| {
        dated(&[
            "effective",
            "effective_date",
            "issued",
            "date",
            "published",
            "last_updated",
            "updated",
            "lastmod",
        ])
    });
    facts.reviewed =
        reader.date(&fields, &[Key::Reviewed]).or_else(|| dated(&["reviewed", "last_reviewed"]));
    let review = reader.pick(&fields, Key::NextReview, |value| match dates::find(value).first() {
        Some(date) => dates::settle(date.reading, order),
        None => life::period_end(value),
    });
    let expires = reader.date(&fields, &[Key::Expires]);
    // Whichever comes first ends the period in which it holds.
    facts.next_review = [review, expires]
        .into_iter()
        .flatten()
        .min_by_key(|fact| fact.value.latest())
        .or_else(|| dated(&NEXT_REVIEW));
    reader.review_date(&fields, &mut facts);
    facts.next_review = facts.next_review.take().or_else(|| reader.cycle_end(&fields, &facts));
    facts.placeholders = reader.placeholders(&fields, &blanks);
    facts.dates = reader.mentions(&found);
    facts.systems = reader.systems(&zones, facts.title.as_ref());
    facts.kind = kind::of(layout, &facts, &form);
    if facts.kind().is_operating_record() {
        facts.issued = facts.issued.take().or_else(|| reader.day_of_head());
    }
    facts
}

/// Whether a table cell is a label that [`read`] knows.
pub(crate) fn is_label(cell: &str) -> bool {
    labels::lookup(cell).is_some()
}

/// A date in numbers settles the order of all; so does a form that says `DD/MM/YYYY`.
fn order(
    layout: &Layout,
    found: &[(usize, Range<usize>, Reading)],
    blanks: &[(usize, Range<usize>)],
) -> Order {
    let settled = dates::order(found.iter().map(|(_, _, reading)| reading));
    if settled != Order::Unknown {
        return settled;
    }
    let says = |start: &str| {
        blanks.iter().any(|(_, range)| {
            layout
                .text
                .get(range.clone())
                .is_some_and(|blank| blank.to_lowercase().starts_with(start))
        })
    };
    match (says("dd/mm"), says("mm/dd")) {
        (true, false) => Order::DayFirst,
        (false, true) => Order::MonthFirst,
        _ => Order::Unknown,
    }
}

/// The first of the named properties that is there and filled in.
fn property(properties: &[(String, String)], names: &[&str]) -> Option<Fact<String>> {
    names.iter().find_map(|name| {
        let (own, value) = properties.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        // `approved: false` names nobody.
        let is_told = !matches!(value.trim(), "true" | "false" | "null" | "~");
        (is_told && !placeholders::is_blank(value))
            .then(|| Fact { value: value.trim().to_owned(), origin: Origin::Property(own.clone()) })
    })
}

struct Reader<'a> {
    layout: &'a Layout,
    order: Order,
    /// The places of headings, in order, each with the index here of the one that it stands under.
    headings: Vec<(usize, Option<usize>)>,
}

fn headings(layout: &Layout) -> Vec<(usize, Option<usize>)> {
    let mut found: Vec<(usize, Option<usize>)> = Vec::new();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (n, place) in layout.places.iter().enumerate() {
        if let Role::Heading(level) = place.role {
            open.retain(|(above, _)| *above < level);
            let above = open.last().map(|(_, index)| *index);
            open.push((level, found.len()));
            found.push((n, above));
        }
    }
    found
}

impl Reader<'_> {
    fn text(&self, range: &Range<usize>) -> &str {
        self.layout.text.get(range.clone()).unwrap_or_default()
    }

    /// The surest field of a key whose value `read` makes sense of; of equals the first.
    fn pick<T>(
        &self,
        fields: &[Field],
        key: Key,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Fact<T>> {
        let mut sorted: Vec<&Field> = fields.iter().filter(|field| field.key == key).collect();
        sorted.sort_by_key(|field| field.rank);
        sorted.into_iter().find_map(|field| {
            let value = self.text(&field.value);
            let value = (!placeholders::is_blank(value)).then(|| read(value)).flatten()?;
            Some(Fact { value, origin: Origin::Citation(self.cite(field.place, &field.quote)) })
        })
    }

    fn name(&self, fields: &[Field], key: Key) -> Option<Fact<String>> {
        self.pick(fields, key, |value| {
            // `Jane Doe, 12 March 2026` and `Jane Doe Date: ...` name Jane Doe.
            let date = dates::find(value).into_iter().next();
            // `12 March 2026 by Jane Doe`.
            let behind = date.as_ref().filter(|date| date.range.start == 0);
            let behind = behind.and_then(|date| value.get(date.range.end..)?.strip_prefix(" by "));
            let end = date.as_ref().map_or(value.len(), |date| date.range.start);
            let (name, end) = match behind {
                Some(name) => (name, value.len()),
                None => (value.get(..end)?, end),
            };
            let name = names::before_date(names::name_sentence(name), end < value.len());
            let name = names::without_act(name).trim_matches('"');
            let words = name.split_whitespace().count();
            let letters = name.chars().filter(|c| c.is_alphabetic()).count();
            (letters >= 2
                && name.to_lowercase() != "open"
                && words <= NAME_WORDS
                && !names::starts_unnamed(name)
                && placeholders::find(name).is_empty()
                && !(name.starts_with('[') && name.ends_with(']'))
                && !matches!(
                    name.to_lowercase().as_str(),
                    "yes"
                        | "no"
                        | "true"
                        | "false"
                        | "null"
                        | "date"
                        | "name"
                        | "signature"
                        | "required"
                        | "approved"
                        | "not required"
                ))
            .then(|| name.to_owned())
        })
    }

    fn version(&self, fields: &[Field]) -> Option<Fact<String>> {
        self.pick(fields, Key::Version, |value| {
            // `4.1 / 7 May 2026` and `2026-05-07, v4.1` both say 4.1: a date is no version.
            let mut dates = dates::find(value);
            dates.retain(|date| dates::has_full_year(&value[date.range.clone()]));
            let first = value
                .split([' ', ',', ';', '\n'])
                .filter(|word| {
                    let at = word.as_ptr() as usize - value.as_ptr() as usize;
                    !dates
                        .iter()
                        .any(|date| date.range.start < at + word.len() && at < date.range.end)
                })
                .find(|word| word.contains(|c: char| c.is_ascii_digit()) || is_letter(value))?;
            let version = first.trim_matches(|c: char| !c.is_alphanumeric());
            let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
            (version.len() <= 16
                && (version.chars().any(|c| c.is_ascii_digit()) || is_letter(version)))
            .then(|| version.to_owned())
        })
    }

    fn date(&self, fields: &[Field], keys: &[Key]) -> Option<Fact<DateValue>> {
        let mut wanted: Vec<Field> =
            fields.iter().filter(|field| keys.contains(&field.key)).cloned().collect();
        if let Some(key) = keys.first() {
            wanted.iter_mut().for_each(|field| field.key = *key);
            return self.pick(&wanted, *key, |value| {
                dates::settle(dates::find(value).first()?.reading, self.order)
            });
        }
        None
    }

    /// `Review date` is the next one, unless it lies not after the day of approval or issue, or a next one is given beside it.
    fn review_date(&self, fields: &[Field], facts: &mut Facts) {
        let Some(date) = self.date(fields, &[Key::ReviewDate]) else {
            let period = || self.pick(fields, Key::ReviewDate, life::period_end);
            facts.next_review = facts.next_review.take().or_else(period);
            return;
        };
        // `Review | yearly; next review by 30 June 2027` names one day, and it is ahead.
        if facts.next_review.as_ref().is_some_and(|next| next.value == date.value) {
            return;
        }
        let since = [&facts.approved, &facts.issued]
            .into_iter()
            .flatten()
            .map(|fact| fact.value.earliest())
            .max();
        let is_last =
            facts.next_review.is_some() || since.is_some_and(|since| date.value.latest() <= since);
        let slot = if is_last { &mut facts.reviewed } else { &mut facts.next_review };
        slot.get_or_insert(date);
    }

    /// The day of the next review where only its interval is told: so many months after the last approval, issue or review.
    fn cycle_end(&self, fields: &[Field], facts: &Facts) -> Option<Fact<DateValue>> {
        let told = [Key::Cycle, Key::NextReview, Key::ReviewDate];
        let months = told.into_iter().find_map(|key| self.pick(fields, key, life::months))?;
        let since = [&facts.approved, &facts.issued, &facts.reviewed];
        let since = since.into_iter().flatten().map(|fact| fact.value.latest()).max()?;
        let due = since.checked_add(Duration::new().months(months.value)).ok()?;
        Some(Fact { value: DateValue::Day(due), origin: months.origin })
    }

    /// The day in the title of a record, or with which a line right below it begins: `Change board`, `Wednesday 21 October 2026, 13:00`.
    fn day_of_head(&self) -> Option<Fact<DateValue>> {
        let head = self.layout.places.iter().enumerate().take(HEAD);
        head.filter(|(_, place)| !matches!(place.role, Role::Row { .. })).find_map(|(n, place)| {
            let text = self.layout.text_of(place);
            let line = text.split('\n').next().unwrap_or_default();
            let date = dates::find(line).into_iter().next()?;
            let ahead = line.get(..date.range.start)?.trim_matches([' ', ',', ':']);
            let is_title = matches!(place.role, Role::Heading(_));
            let leads = ahead.is_empty() || LEADS_TO_DAY.contains(&ahead.to_lowercase().as_str());
            let value = dates::settle(date.reading, self.order).filter(|_| is_title || leads)?;
            let range = place.bytes.start + date.range.start..place.bytes.start + date.range.end;
            matches!(value, DateValue::Day(_))
                .then(|| Fact { value, origin: Origin::Citation(self.cite(n, &range)) })
        })
    }

    fn placeholders(&self, fields: &[Field], blanks: &[(usize, Range<usize>)]) -> Vec<Citation> {
        let empty = fields.iter().filter(|field| {
            !matches!(field.key, Key::Other | Key::Title | Key::Cycle)
                && placeholders::is_blank(self.text(&field.value))
        });
        let mut all: Vec<(usize, Range<usize>)> = empty
            .filter(|field| {
                // Blanks stand in order and apart from each other.
                let at = blanks.partition_point(|(_, blank)| blank.end <= field.quote.start);
                blanks.get(at).is_none_or(|(_, blank)| blank.start >= field.quote.end)
            })
            .map(|field| (field.place, field.quote.clone()))
            .collect();
        all.extend(blanks.iter().cloned());
        all.sort_by_key(|(_, range)| range.start);
        all.dedup();
        all.into_iter()
            .map(|(place, range)| self.cite(place, &range))
            .filter(|blank| !blank.span.is_empty())
            .take(KEPT)
            .collect()
    }

    /// The AI systems that labels and the title name.
    fn systems(&self, zones: &[bool], title: Option<&Fact<String>>) -> Vec<Fact<String>> {
        let text = title.map_or("", |title| title.value.as_str());
        let mut found: Vec<Fact<String>> = systems::labelled(self.layout, zones, text)
            .into_iter()
            .map(|named| Fact {
                value: named.name,
                origin: Origin::Citation(self.cite(named.place, &named.quote)),
            })
            .collect();
        if let (Some(title), Some(name)) = (title, systems::titled(text))
            && !found.iter().any(|fact| systems::same(&fact.value, &name))
        {
            found.push(Fact { value: name, origin: title.origin.clone() });
        }
        found
    }

    /// Every mention of a date, in order of the text: a date that stands at the head of a text too is still said where it is said.
    fn mentions(&self, found: &[(usize, Range<usize>, Reading)]) -> Vec<Fact<DateValue>> {
        let dated = found.iter().filter_map(|(place, range, reading)| {
            let value = dates::settle(*reading, self.order)?;
            Some(Fact { value, origin: Origin::Citation(self.cite(*place, range)) })
        });
        dated.take(DATES).collect()
    }

    /// A citation of a byte range within a place.
    fn cite(&self, place: usize, range: &Range<usize>) -> Citation {
        let Some(at) = self.layout.places.get(place) else {
            return Citation {
                page: None,
                heading: Vec::new(),
                span: Span::default(),
                quote: String::new(),
            };
        };
        let begin = range.start.clamp(at.bytes.start, at.bytes.end);
        let whole = self
            .layout
            .text
            .get(begin..range.end.clamp(begin, at.bytes.end))
            .unwrap_or_default()
            .trim_end();
        let quote: String = whole.chars().take(QUOTE_CHARS).collect();
        let start = at.span.start
            + self.layout.text.get(at.bytes.start..begin).unwrap_or_default().chars().count();
        Citation {
            page: at.page,
            heading: self.heading(place),
            span: Span::new(start, start + quote.chars().count()),
            quote,
        }
    }

    /// The headings above a place, outermost first.
    fn heading(&self, place: usize) -> Vec<String> {
        let mut path = Vec::new();
        let before = self.headings.partition_point(|(at, _)| *at < place);
        let mut next = before.checked_sub(1);
        while let Some((at, above)) = next.and_then(|index| self.headings.get(index)) {
            let text = self.layout.places.get(*at).map(|place| self.layout.text_of(place));
            path.push(clip_heading(text.unwrap_or_default()).to_owned());
            next = *above;
        }
        path.reverse();
        path
    }
}

/// A revision may be a letter: `Rev. C`.
fn is_letter(value: &str) -> bool {
    matches!(value.trim().as_bytes(), [b'A'..=b'Z'] | [b'A'..=b'Z', b' ', b'(', ..])
}
