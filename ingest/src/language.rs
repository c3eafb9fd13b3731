use sufficit_evidence::{Language, Passage, PassageShape};

/// Fewer letters than this do not settle a language.
const MIN_LETTERS: usize = 200;
/// More text than this adds nothing.
const SAMPLE_CHARS: usize = 6000;

/// The language of a document's sentences; tables are looked at where there is little else, and only as far as their cells
/// hold words. `Unknown` where the detector itself calls its answer unreliable, or rests it on names.
pub(crate) fn of(passages: &[Passage]) -> Language {
    let prose = sample(passages.iter().filter(|passage| passage.shape != PassageShape::Table));
    let in_cells = letters(&prose) < MIN_LETTERS;
    let text = if in_cells { sample(passages.iter()) } else { prose };
    if letters(&text) < MIN_LETTERS {
        return Language::Unknown;
    }
    // Names of people and places in a table's cells are of any language.
    let words = in_cells.then(|| uncapitalised(&text));
    match whatlang::detect(&text) {
        Some(found) if found.lang() == whatlang::Lang::Eng => Language::Supported("eng".into()),
        Some(found)
            if found.is_reliable() && words.is_none_or(|words| is_of(found.lang(), &words)) =>
        {
            Language::Unsupported(found.lang().code().into())
        }
        _ => Language::Unknown,
    }
}

/// The words of a text that begin with no capital.
fn uncapitalised(text: &str) -> String {
    let small = text.split(' ').filter(|word| !word.starts_with(char::is_uppercase));
    small.collect::<Vec<_>>().join(" ")
}

/// Whether these words are of a language, and enough of them to tell.
fn is_of(language: whatlang::Lang, words: &str) -> bool {
    letters(words) >= MIN_LETTERS / 2
        && whatlang::detect(words).is_some_and(|found| found.lang() == language)
}

/// Words of three letters and more; ids, numbers and addresses say nothing about a language.
fn sample<'a>(passages: impl Iterator<Item = &'a Passage>) -> String {
    let mut text = String::new();
    for word in passages.flat_map(|passage| passage.text.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        if word.is_empty()
            || word.contains(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '-'))
        {
            continue;
        }
        text.push_str(word);
        text.push(' ');
        if text.len() > SAMPLE_CHARS {
            break;
        }
    }
    text
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sufficit_evidence::Span;

    fn passage(text: &str) -> Passage {
        Passage {
            ordinal: 0,
            span: Span::new(0, text.chars().count()),
            page: None,
            heading: Vec::new(),
            context: None,
            shape: PassageShape::Prose,
            text: text.into(),
        }
    }

    #[test]
    fn names_in_a_table_settle_no_language() {
        let table = |rows: &str| {
            [Passage { shape: PassageShape::Table, ..passage(&format!("{rows}\n").repeat(3)) }]
        };
        let names = "A. Duarte | Claims | Information security awareness 2026 | E-learning\nB. Osei | IT | Secure coding | J. Hart\nC. Lum | Data | Responsible AI for developers | Dr. Voss\nE. Moreau | Finance | E-learning | L. Fournier\nD. Petit | Accueil | E-learning | L. Fournier";
        assert!(!matches!(of(&table(names)), Language::Unsupported(_)));
        let german = "Risiko | Maßnahme und wer dafür zuständig ist\nAusfall des Modells | wird jeden Tag geprüft und nach einem Fehler sofort abgeschaltet\nFalsche Auskunft | der Betrieb liest jede zehnte Antwort und berichtet darüber";
        assert_eq!(of(&table(german)), Language::Unsupported("deu".into()));
    }

    #[test]
    fn sentences_settle_a_language_and_ids_do_not() {
        let english = "The committee reviews every model before it is put into service and records its decision. \
            Where a review finds a fault, the owner mends it and asks for another review within thirty days. \
            Nothing goes into service without the signature of the head of the department.";
        let german = "Der Ausschuss prüft jedes Modell, bevor es in Betrieb geht, und hält seine Entscheidung fest. \
            Wird ein Mangel gefunden, so behebt ihn der Verantwortliche und bittet innerhalb von dreißig Tagen um eine neue Prüfung. \
            Ohne die Unterschrift der Leitung geht nichts in Betrieb.";
        assert_eq!(of(&[passage(english)]), Language::Supported("eng".into()));
        assert_eq!(of(&[passage(german)]), Language::Unsupported("deu".into()));
        assert_eq!(
            of(&[passage(&"R-2024-117 | 10.0.0.4 | 88 | 12 ".repeat(30))]),
            Language::Unknown
        );
    }
}
