use super::*;
use sufficit_evidence::{Facts, Language, Passage, PassageShape};

const TEXT: &str = "AI policy\n\nOwner: Ida\nApproved: Ole\n\nA second paragraph.\n\n1 Rules\n\n- One – é\n- Two\n\nRole | Name\nLead | Ida\n\nCISO | Ole\n\u{c}The end.";

fn document() -> Document {
    let passage = |ordinal, words: &str, heading: &[&str], shape, context: Option<&str>| {
        let byte = TEXT.find(words).expect("stands in the text");
        let start = TEXT[..byte].chars().count();
        Passage {
            ordinal,
            span: Span::new(start, start + words.chars().count()),
            page: Some(1),
            heading: heading.iter().map(|part| (*part).to_owned()).collect(),
            context: context.map(str::to_owned),
            shape,
            text: words.to_owned(),
        }
    };
    let rules = ["AI policy", "1 Rules"];
    let (prose, list, table) = (PassageShape::Prose, PassageShape::List, PassageShape::Table);
    let end = TEXT.chars().count();
    let page = |page, span| Page { page, status: PageStatus::Ok, recognised: None, span };
    Document {
        id: DocumentId::new("ab"),
        media_type: "text/plain".to_owned(),
        bytes: 1,
        text: TEXT.to_owned(),
        pages: vec![page(1, Span::new(0, end - 9)), page(2, Span::new(end - 8, end))],
        language: Language::Unknown,
        facts: Facts::default(),
        passages: vec![
            passage(
                0,
                "Owner: Ida\nApproved: Ole\n\nA second paragraph.",
                &rules[..1],
                prose,
                None,
            ),
            passage(1, "- One – é\n- Two", &rules, list, None),
            passage(2, "Role | Name\nLead | Ida", &rules, table, None),
            passage(3, "CISO | Ole", &rules, table, Some("Role | Name")),
            passage(4, "The end.", &rules, prose, None),
        ],
    }
}

fn span(words: &str) -> Span {
    let byte = TEXT.find(words).expect("stands in the text");
    let start = TEXT[..byte].chars().count();
    Span::new(start, start + words.chars().count())
}

/// The text of the page, without tags and blanks.
fn words(html: &str) -> String {
    let mut inside = false;
    let keep = |c: &char| {
        inside = (inside || *c == '<') && *c != '>';
        !inside && *c != '>' && !c.is_whitespace()
    };
    html.chars().filter(keep).collect()
}

#[test]
fn a_text_keeps_its_structure() {
    insta::assert_snapshot!(text(&document(), &[]).into_string().replace("><", ">\n<"));
}

#[test]
fn a_marked_span_is_the_quote() {
    for quote in
        ["Approved: Ole", "Ida\nApproved", "é", "- Two", "Name\nLead | Ida", "AI policy", "end."]
    {
        let page = text(&document(), &[span(quote)]).into_string();
        let marked: String = page
            .split("<mark ")
            .skip(1)
            .filter_map(|piece| piece.split_once('>')?.1.split_once("</mark>"))
            .map(|(marked, _)| marked)
            .collect();
        let wanted: String =
            quote.chars().filter(|c| !c.is_whitespace() && !"-|".contains(*c)).collect();
        assert_eq!(words(&marked), wanted, "{quote}");
        let id = format!("id=\"{}\"", anchor(span(quote)));
        assert_eq!(page.matches(&id).count(), 1, "one element has the id of {quote}: {page}");
    }
}

#[test]
fn marks_that_overlap_have_an_anchor_each_and_the_first_is_shown() {
    let marks = [span("Ida\nApproved"), span("Approved: Ole"), Span::new(9_000, 9_001)];
    let page = text(&document(), &marks).into_string();
    for mark in &marks[..2] {
        assert_eq!(page.matches(&format!("id=\"{}\"", anchor(*mark))).count(), 1, "{page}");
    }
    assert!(page.contains("data-cite=\"c18-30\">Ida</mark>"), "{page}");
    assert!(!page.contains("c9000"), "{page}");
}

#[test]
fn of_a_long_text_the_neighbourhood_of_the_mark_is_shown() {
    let mut document = document();
    let line = "A line that says nothing much at all.";
    document.text = vec![line; 10_000].join("\n\n");
    document.pages.clear();
    document.passages = (0..10_000)
        .map(|ordinal| {
            let start = ordinal as usize * (line.len() + 2);
            let span = Span::new(start, start + line.len());
            let (text, shape) = (line.to_owned(), PassageShape::Prose);
            Passage { ordinal, span, page: None, heading: Vec::new(), context: None, shape, text }
        })
        .collect();
    let first = text(&document, &[]).into_string();
    assert!(!first.contains("Earlier text") && first.contains("Later text"));
    let mark = document.passages[7_000].span;
    let middle = text(&document, &[mark]).into_string();
    assert!(middle.contains(&anchor(mark)) && middle.contains("Earlier text"));
    assert!(middle.len() < 3 * SHOWN);
    let last = text_from(&document, &[], document.text.len()).into_string();
    assert!(last.contains("Earlier text") && !last.contains("Later text"));
}

proptest::proptest! {
    /// Every word of the text is on the page once, in order, wherever marks stand.
    #[test]
    fn nothing_is_lost_by_marking(start in 0_usize..160, length in 0_usize..80) {
        let document = document();
        let plain = words(&text(&document, &[]).into_string());
        let marked = words(&text(&document, &[Span::new(start, start + length)]).into_string());
        proptest::prop_assert_eq!(plain, marked);
    }
}
