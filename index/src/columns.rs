use sufficit_evidence::{Passage, PassageShape, names_columns};

/// What the short names of an action table's columns stand for: `Action | Who | By` is `responsible person, due date`. `None` for other
/// tables: `When | Who` above a log says what happened.
pub(crate) fn spelled_out(passage: &Passage) -> Option<String> {
    if passage.shape != PassageShape::Table {
        return None;
    }
    let first = passage.text.lines().next().filter(|line| names_columns(line));
    let header = passage.context.as_deref().or(first)?.to_lowercase();
    let names: Vec<&str> = header.split('|').map(str::trim).collect();
    if !names.iter().any(|name| ACTIONS.contains(name)) {
        return None;
    }
    let who = names.iter().any(|name| PERSONS.contains(name));
    let meant: Vec<&str> = names
        .iter()
        .filter_map(|name| match *name {
            "by" if who => Some("due date"),
            "by" => Some("responsible person"),
            name if PERSONS.contains(&name) => Some("responsible person"),
            name if DAYS.contains(&name) => Some("due date"),
            _ => None,
        })
        .collect();
    (!meant.is_empty()).then(|| meant.join(", "))
}

/// Names of a column of what is to be done.
const ACTIONS: [&str; 12] = [
    "action",
    "actions",
    "action item",
    "decision",
    "decisions",
    "measure",
    "measures",
    "task",
    "to do",
    "todo",
    "treatment",
    "corrective action",
];
/// Names of a column of persons.
const PERSONS: [&str; 3] = ["who", "resp.", "resp"];
/// Names of a column of days by which something is to be done.
const DAYS: [&str; 4] = ["due", "until", "by when", "due by"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite;

    #[test]
    fn short_names_of_columns_are_spelled_out() {
        let meant = |header: Option<&str>, text: &str| {
            let mut passages = suite::passages(&[text]);
            passages[0].shape = PassageShape::Table;
            passages[0].context = header.map(str::to_owned);
            spelled_out(&passages[0])
        };
        let row = "Paint the gate | Ann | 3 May 2026";
        let asks = Some("responsible person, due date".to_owned());
        assert_eq!(meant(Some("Action | Who | By"), row), asks);
        let headed = format!("Action | Who | By\n{row}");
        assert_eq!(meant(None, &headed), asks);
        assert_eq!(
            meant(Some("Task | By"), "Paint it | Ann").as_deref(),
            Some("responsible person")
        );
        assert_eq!(meant(Some("When | Who | What"), "10:00 | Ann | said so"), None, "a log");
        assert_eq!(meant(Some("Gate | Colour"), "North | blue"), None);
        assert_eq!(spelled_out(&suite::passages(&["Who | By"])[0]), None, "no table");
    }
}
