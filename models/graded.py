"""The graded documents of training/graded/ as passages to learn from: what each is evidence for, and what its document shows nothing of.

A whole document says what a single passage cannot: that everything its reader did not name is not in it. labels.jsonl and own-words.jsonl name
every requirement that a document bears on, quotes.jsonl and checks.jsonl the one sentence, item or row that shows it best.
"""
import re

import numpy as np

import contrast

LINES_A_PASSAGE = 8      # of a table without headings
SHORT = 300              # characters under which a paragraph takes the next one in
MENTION = .5             # weight of a passage for a requirement that its document only mentions (labelled 1), beside one that it meets in part
FIELD_FROM = 3           # the grade from which all of a document is taken to speak of the framework's field
PASSAGE_KEYS = ("organisation", "split", "heading", "text")
LABELS = "labels.jsonl", "own-words.jsonl"


def records(folder, *names):
    """The lines of these files of training/graded/."""
    return contrast.passages([folder / name for name in names])


def passages(text, is_table):
    """[(the headings above, the passage)] of Markdown, plain text or CSV; coarser than the program's own, which is not needed here."""
    if is_table:
        header, *rows = text.splitlines() or [""]
        return [(header, "\n".join(rows[i:i + LINES_A_PASSAGE])) for i in range(0, len(rows), LINES_A_PASSAGE)]
    headings, out = [], []
    for paragraph in re.split(r"\n\s*\n", text):
        body = []
        for line in paragraph.strip().splitlines():
            heading = re.match(r"(#+)\s+(.*)", line)
            if heading:
                headings = headings[:len(heading[1]) - 1] + [heading[2]]
            else:
                body.append(line)
        if not body:
            continue
        above, body = "\n".join(headings), "\n".join(body)
        if out and out[-1][0] == above and len(out[-1][1]) < SHORT:
            out[-1] = above, out[-1][1] + "\n\n" + body
        else:
            out.append((above, body))
    return out


def squeezed(text):
    """Letters and digits alone, so that a quote is found whatever stands between its words."""
    return re.sub(r"[\W_]+", "", text.lower())


def examples(folder, names):
    """Passages with, for each, [probes]: how much it bears on each probe (0 to 1), whether it is a hard negative for it, and whether its document
    shows nothing of it. Only the documents of the `fit` half."""
    at, of = contrast.places(names)
    readings, quotes = {}, {}
    for reading in records(folder, "checks.jsonl"):
        readings.setdefault(reading["path"], []).append(reading)
    for quote in records(folder, "quotes.jsonl"):
        quotes.setdefault(quote["path"], []).append(quote)
    items, bears, near, nothing = [], [], [], []
    for document in records(folder, *LABELS):
        if document["split"] != "fit":
            continue
        path = document["path"]
        grades = {(f, r): grade for f, scores in document["scores"].items() for r, grade in scores.items()}
        absent = np.ones(len(names), np.float32)
        hard = np.zeros(len(names), np.float32)
        for requirement, probes in of.items():
            absent[probes] = requirement not in grades
        for reading in readings.get(path, []):
            requirement = reading["framework"], reading["requirement"]
            if requirement not in grades:  # read check by check, and not graded: a near miss
                hard[of[requirement]] = 1
            elif reading["met"] == "missing":
                hard[at[*requirement, reading["check"]]] = 1
        for heading, text in passages((folder / path).read_text(encoding="utf-8"), path.endswith(".csv")):
            held, shown = squeezed(heading + text), np.zeros(len(names), np.float32)

            def show(probe, reading, weight):
                if (quote := squeezed(reading.get("quote", ""))) and quote in held:
                    shown[probe] = max(shown[probe], weight)

            for reading in readings.get(path, []):
                requirement = reading["framework"], reading["requirement"]
                if reading["met"] in ("recorded", "defined"):
                    show(at[*requirement, reading["check"]], reading, 1.0)
                    if requirement in grades:
                        show(at[*requirement, None], reading, 1.0)
            for quote in quotes.get(path, []):
                requirement = quote["framework"], quote["requirement"]
                show(at[*requirement, None], quote, 1.0 if grades.get(requirement, 0) > 1 else MENTION)
            items.append(dict(zip(PASSAGE_KEYS, (path, "fit", heading, text))))
            bears.append(shown); near.append(hard * (shown == 0)); nothing.append(absent * (shown == 0))
    return items, np.array(bears), np.array(near), np.array(nothing)


def field_examples(folder, framework):
    """[(passage, whether it speaks of the framework's field)] of the documents that are good evidence for it (3 or more), and of those that are none."""
    told = []
    for document in records(folder, *LABELS):
        best, path = max(document["scores"].get(framework, {}).values(), default=0), document["path"]
        if best == 0 or best >= FIELD_FROM:
            told += [(dict(zip(PASSAGE_KEYS, (path, document["split"], heading, text))), float(best > 0))
                     for heading, text in passages((folder / path).read_text(encoding="utf-8"), path.endswith(".csv"))]
    return told
