use sufficit_evidence::Sufficiency;

/// The narrowest and the widest that output for people is laid out for, in columns.
const WIDTH: std::ops::RangeInclusive<usize> = 60..=110;
/// The width where nothing tells how wide the reader's screen is.
const USUAL_WIDTH: usize = 80;

/// How wide output for people is, in columns.
pub(crate) fn width() -> usize {
    let term = console::Term::stdout();
    let seen = if term.is_term() { usize::from(term.size().1) } else { USUAL_WIDTH };
    seen.clamp(*WIDTH.start(), *WIDTH.end())
}

/// A grade as five dots and its number.
pub(crate) fn dots(sufficiency: Sufficiency) -> String {
    let level = usize::from(sufficiency.level());
    let text = format!("{}{} {level}", "●".repeat(level), "○".repeat(5 - level));
    let style = console::Style::new();
    let style = match level {
        0 => style.red(),
        1 | 2 => style.yellow(),
        _ => style.green(),
    };
    style.apply_to(text).to_string()
}

/// `text` in at most `columns`, cut at the end with `…`.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    let cut = console::truncate_str(text, columns, "…");
    console::pad_str(&cut, columns, console::Alignment::Left, None).into_owned()
}

/// A path for a reader: on a screen in at most `columns`; whole where it goes to a file or another program, which may give it back.
pub(crate) fn fit_path(path: &str, columns: usize) -> String {
    let path = path.replace(char::is_control, "�");
    if console::Term::stdout().is_term() { cut_at_front(&path, columns) } else { path }
}

/// A path in at most `columns`, cut at the front with `…`: its end tells more.
fn cut_at_front(path: &str, columns: usize) -> String {
    let whole = console::measure_text_width(path);
    if whole <= columns {
        return path.to_owned();
    }
    let mut kept = String::new();
    for c in path.chars().rev() {
        if console::measure_text_width(&kept) + 2 > columns {
            break;
        }
        kept.insert(0, c);
    }
    format!("…{kept}")
}

/// `text` broken into lines at white space, each after `indent` columns and within [`width`].
pub(crate) fn wrapped(text: &str, indent: usize) -> String {
    let room = width().saturating_sub(indent).max(20);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut();
        match last {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line)
                if console::measure_text_width(line) + 1 + console::measure_text_width(word)
                    <= room =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let pad = " ".repeat(indent);
    lines.iter().map(|line| format!("{pad}{line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_keeps_its_end() {
        assert_eq!(cut_at_front("policies/ai-policy.docx", 40), "policies/ai-policy.docx");
        assert_eq!(cut_at_front("policies/ai-policy.docx", 12), "…policy.docx");
        assert_eq!(fit_path("a\u{1b}[31mb\n.md", 40), "a�[31mb�.md");
    }

    #[test]
    fn lines_are_broken_at_spaces() {
        let text = "word ".repeat(40);
        assert!(
            wrapped(&text, 4)
                .lines()
                .all(|line| line.len() <= USUAL_WIDTH && line.starts_with("    word"))
        );
    }
}
