"""Pairs of a check and a text that may show it, to learn reading from: what `teacher.py` and `check_reader.py` share.

Labelled pairs come from the `fit` half of training/: its passages and answers, and the readings of its graded documents. Others are the sentences of
these documents, passages and lines of the corpus, each beside checks that it is near to by the vectors of a sentence encoder.
"""
import collections, gzip, hashlib, re
from pathlib import Path

import numpy as np

import contrast, graded

ROOT = Path(__file__).resolve().parent.parent
TRAINING = ROOT / "models/training"
SHOWN = {"defined": 1.0, "recorded": 1.0, "record": 1.0, "commitment": 1.0, "mention": .25, "touched": .25, "intended": .1}
MET = "recorded", "defined"
HEADING, QUOTE = 80, 400  # characters that are read, as in index/src/reader/quotes.rs
CORPUS_LINES, CORPUS_WORDS = 20_000, range(6, 71)


class Checks:
    """The catalogue's checks, by place as in contrast.probes."""

    def __init__(self):
        self.names, self.texts = contrast.probes([ROOT / f"config/catalogue/{f}.toml" for f in ("iso42001", "iso27001")])
        self.at, self.of = contrast.places(self.names)

    def question(self, k):
        """A check under its requirement's title, as index/src/reader/quotes.rs makes it."""
        framework, requirement, _ = self.names[k]
        title = self.texts[self.at[framework, requirement, None]].split(". ")[0]
        return f"{title}. {self.texts[k]}"

    def checks_of(self, requirement):
        return [k for k in self.of[requirement] if self.names[k][2]]

    def is_check(self):
        return np.array([name[2] is not None for name in self.names])


def with_heading(heading, text):
    return (heading[:HEADING] + " | " if heading else "") + text[:QUOTE]


def sentences(line, is_row):
    parts = [line] if is_row else re.split(r"(?<=[.!?;])\s+(?=[A-Z0-9\"'(])", line)
    return [part for part in parts if len(re.findall(r"\w+", part)) >= 2]


def sentences_of(text, is_table):
    """Each sentence, item or row with its heading."""
    found = []
    for heading, body in graded.passages(text, is_table):
        for line in filter(None, map(str.strip, body.splitlines())):
            found += [with_heading(heading.split("\n")[-1], one) for one in sentences(line, is_table or "|" in line)]
    return found


def readings():
    return graded.records(TRAINING / "graded", "checks.jsonl")


def documents():
    """(document, its sentences) of the graded documents to learn from."""
    for document in graded.records(TRAINING / "graded", *graded.LABELS):
        if document["split"] == "fit":
            path = document["path"]
            yield document, sentences_of((TRAINING / "graded" / path).read_text(encoding="utf-8"), path.endswith(".csv"))


def items():
    """(passage or answer, its text under its heading)."""
    found = contrast.passages([*(TRAINING / "answers").glob("*.jsonl"), *TRAINING.glob("*.jsonl")])
    return [(item, with_heading(item.get("heading") or "", item["text"])) for item in found if item["split"] == "fit"]


def corpus(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [line.strip()[:QUOTE] for line in lines]


def from_passages(checks, nearest, rng):
    """(check, text, how far the text shows it, sort of pair) from the labelled passages and answers."""
    vectors, own = nearest.vectors(checks.texts), items()
    for (item, text), vector in zip(own, nearest.vectors([text for _, text in own])):
        likeness, bears = vectors @ vector, [tuple(b[:3]) for b in item.get("bears", [])]
        near = [tuple(n) for n in item.get("near", [])]
        for *name, how in item.get("bears", []):
            yield checks.at[tuple(name)], text, SHOWN.get(how, 0.0), how
            others = [k for k in checks.checks_of(tuple(name[:2])) if checks.names[k] not in bears]
            if others and len(item["text"]) < 250 and rng.random() < .5:
                yield max(rng.sample(others, min(2, len(others))), key=likeness.__getitem__), text, 0.0, "sibling"
        for requirement in near:
            yield max(checks.checks_of(requirement), key=likeness.__getitem__), text, 0.0, "near"
        if rng.random() < .4:
            named = {name[:2] for name in bears} | set(near)
            far = [k for k in np.argsort(-likeness)[:40] if checks.names[k][2] and checks.names[k][:2] not in named][:10]
            if far:
                yield rng.choice(far), text, 0.0, "other"


def from_documents(checks, nearest):
    """The same from the readings of our own graded documents, and from what they show nothing of."""
    vectors, read = nearest.vectors(checks.texts), collections.defaultdict(list)
    for reading in readings():
        read[reading["path"]].append(reading)
    for document, texts in documents():
        if not texts:
            continue
        likeness = vectors @ nearest.vectors(texts).T
        for reading in read[document["path"]]:
            k, met = checks.at[reading["framework"], reading["requirement"], reading["check"]], reading["met"]
            if met in MET or met == "touched":
                quote = graded.squeezed(reading.get("quote", ""))
                held = [text for text in texts if quote and quote in graded.squeezed(text)]
                yield k, held[0] if held else reading.get("quote", "")[:QUOTE], SHOWN[met], "read"
            else:
                yield from ((k, texts[j], SHOWN.get(met, 0.0), "read") for j in np.argsort(-likeness[k])[:2])
        named = {(f, r) for f, scores in document["scores"].items() for r in scores}
        seen = set()
        for k in np.argsort(-likeness.max(1)):
            if checks.names[k][2] and checks.names[k][:2] not in named | seen and len(seen) < 12:
                seen.add(checks.names[k][:2])
                yield k, texts[int(likeness[k].argmax())], 0.0, "absent"


def unlabelled(checks, nearest, corpus_file, rng):
    """(check, text) that nobody labelled: of each document the best sentence for 45 of the 120 nearest checks, and one of the next three for half of
    these; of the 20,000 lines of the corpus that stand out most for a check that one and another; of passages one check each."""
    vectors, is_check = nearest.vectors(checks.texts), checks.is_check()
    for _, texts in documents():
        if not texts:
            continue
        likeness = vectors @ nearest.vectors(texts).T
        near = [int(k) for k in np.argsort(-np.where(is_check, likeness.max(1), -1))[:120]]
        for k in rng.sample(near, 45):
            best = [texts[j] for j in np.argsort(-likeness[k])[:4]]
            yield k, best[0]
            if len(best) > 1 and rng.random() < .5:
                yield k, rng.choice(best[1:])
    lines = [line for line in corpus(corpus_file) if len(line.split()) in CORPUS_WORDS]
    rng.shuffle(lines)
    likeness = nearest.vectors(lines[:CORPUS_LINES * 9 // 5]) @ vectors.T
    likeness = (likeness - likeness.mean(0)) / likeness.std(0)
    likeness[:, ~is_check] = -np.inf
    for j in np.argsort(-likeness.max(1))[:CORPUS_LINES]:
        first, *others = map(int, np.argsort(-likeness[j])[:8])
        yield from ((k, lines[j]) for k in (first, rng.choice(others)))
    own = [text for _, text in items()]
    for text, row in zip(own, nearest.vectors(own) @ vectors.T):
        yield int(rng.choice([k for k in np.argsort(-row)[:30] if is_check[k]][:15])), text


def digest(text, length):
    return hashlib.sha256(text.encode()).digest()[:length]


def all_texts(corpus_file):
    """Every text that a pair may have, by its digest."""
    texts = {text for _, own in documents() for text in own} | {text for _, text in items()} | set(corpus(corpus_file))
    texts |= {reading.get("quote", "")[:QUOTE] for reading in readings()}
    return {digest(text, TEXT_DIGEST): text for text in texts}


CHECK_DIGEST, TEXT_DIGEST = 8, 6
ODDS, UNKNOWN = 16, 255  # steps of log-odds in one; "not labelled" and "not read"


def save(path, pairs, checks):
    """Writes pairs (check, text, shown or None, log-odds or None) by the digests of their texts: the texts stand elsewhere."""
    from safetensors.numpy import save_file

    byte = lambda value, scale, base: UNKNOWN if value is None else int(min(max(round(value * scale + base), 0), UNKNOWN - 1))
    save_file({
        "checks": np.frombuffer(b"".join(digest(text, CHECK_DIGEST) for text in checks.texts), np.uint8).reshape(-1, CHECK_DIGEST),
        "check": np.array([k for k, *_ in pairs], np.uint16),
        "text": np.frombuffer(b"".join(digest(text, TEXT_DIGEST) for _, text, *_ in pairs), np.uint8).reshape(-1, TEXT_DIGEST),
        "shown": np.array([byte(shown, 100, 0) for *_, shown, _ in pairs], np.uint8),
        "odds": np.array([byte(odds, ODDS, 127) for *_, odds in pairs], np.uint8),
    }, str(path))


def load(path, corpus_file, checks):
    """What `save` wrote; pairs whose check was reworded since, or whose text is gone, are left out."""
    from safetensors.numpy import load_file

    held, texts = load_file(str(path)), all_texts(corpus_file)
    now = {digest(text, CHECK_DIGEST): k for k, text in enumerate(checks.texts)}
    known = [now.get(row.tobytes()) for row in held["checks"]]
    found = []
    for check, text, shown, odds in zip(held["check"], held["text"], held["shown"], held["odds"]):
        k, text = known[check], texts.get(text.tobytes())
        if k is not None and text is not None:
            found.append((k, text, None if shown == UNKNOWN else shown / 100, None if odds == UNKNOWN else (int(odds) - 127) / ODDS))
    return found
