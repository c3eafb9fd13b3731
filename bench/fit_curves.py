#!/usr/bin/env python3
"""Fits the three curves that stand between scores and grades, to graded documents.

usage: fit_curves.py [--model FOLDER] SUFFICIT RUBRIC SET...      needs: pip install numpy
FOLDER holds an ONNX model to fit the curves of `[onnx]` for, SUFFICIT is the release binary, RUBRIC config/rubric.toml, each SET a folder with files/, labels.jsonl and perhaps own-words.jsonl (models/training/graded,
../shared/eval/documents). Documents that the model learned from (`split` is `fit`) are left out. What no label names counts as 0. Prints

[real]      logit(document bears on the requirement) = intercept + near * firm evidence + distinct * distinctness + name * share of a usual name in one
            sentence + document_type, where the title is that of a document which usually shows it; labelled 1 or more
[met]       logit(passage meets the check) = intercept + score * its score + bearing * logit(bears on the requirement); read as recorded or
            defined in checks.jsonl
[read]      the same + reading * the log-odds of the reader, where it has read check and quote
confidence  logit(an auditor gives 2 or more) = base + bearing * logit(bears on the requirement) + grade * sufficiency, over proposed matches
            (mapper/src/confidence.rs)

by maximum likelihood, and how well each holds in organisations and repositories that the fit did not see. The numbers are read from
`show --why`: first with all bars down, then with the rubric as it is, so run it again when [real] or [met] have changed.
"""
import json, os, re, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

FOLDS = 7
MET = "recorded", "defined"
LABELS = "labels.jsonl", "own-words.jsonl"
# With a great weight of readings any could settle a check, so that all are made.
BARS_DOWN = {"real": 0.0, "real_partial": 0.0, "check_touched": 0.0, "focus_from": 0.0, "field": -1000.0, "reading": 1000.0}


class Set:
    """Documents with their labels, the repository or organisation of each, and how each stands to single checks where that was read: in
    `readings`, or in checks.jsonl of its folder."""

    def __init__(self, folder, readings=None):
        self.folder = Path(folder)
        lines = lambda name: [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]
        labels = [name for name in LABELS if (self.folder / name).exists()]
        self.records = [record for name in labels for record in lines(name) if record.get("split") != "fit"]
        sources = self.folder / "SOURCES.tsv"
        repositories = dict(line.split("\t")[:2] for line in sources.read_text(encoding="utf-8").splitlines()) if sources.exists() else {}
        self.group = {r["path"]: repositories.get(Path(r["path"]).name) or r.get("organisation", r["path"]) for r in self.records}
        checks = Path(readings) if readings else self.folder / "checks.jsonl"
        read = [json.loads(line) for line in checks.read_text(encoding="utf-8").splitlines()] if checks.exists() else []
        self.read = {(r["path"], r["framework"], r["requirement"], r["check"]): r["met"] for r in read}

    def matches(self, binary, rubric, model):
        """(record, match with its working) of each pair with a control, by this rubric."""
        with tempfile.TemporaryDirectory() as work:
            Path(work, "rubric.toml").write_text(rubric, encoding="utf-8")
            Path(work, "sufficit.toml").write_text(f'[catalogue]\nrubric_file = "{work}/rubric.toml"\n{model}', encoding="utf-8")
            options = ["--workspace", work + "/w", "--config", work + "/sufficit.toml", "--as-of", "2026-11-20", "--quiet"]
            files = [self.folder / record["path"] for record in self.records]
            subprocess.run([binary, "ingest", *files, *options], stdout=subprocess.DEVNULL)
            show = lambda record: subprocess.run([binary, "show", Path(record["path"]).name, "--why", "--format", "jsonl", *options], capture_output=True, text=True)
            with ThreadPoolExecutor(os.cpu_count()) as several:
                shown_all = list(several.map(show, self.records))
            for record, shown in zip(self.records, shown_all):
                if shown.returncode > 1:
                    sys.exit(f"{record['path']}: {shown.stderr.strip()}")
                seen = set()
                for match in map(json.loads, shown.stdout.splitlines()):
                    pair = match["framework"], match["requirement"]
                    if pair[1].startswith("A.") and pair not in seen:
                        seen.add(pair)
                        yield record, match


def lowered(rubric):
    for name, value in BARS_DOWN.items():
        rubric = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", rubric)
    return rubric


def log_odds(p):
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def curve(x, w):
    return 1 / (1 + np.exp(-x @ w))


def fit(x, y):
    """Newton's method on the log-likelihood."""
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = curve(x, w)
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + 1e-3 * np.eye(len(w)), x.T @ (y - p))
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def left_out(x, y, groups):
    """The probability of each row by a fit to the other groups."""
    fold, held = np.array([sum(map(ord, name)) % FOLDS for name in groups]), np.zeros(len(y))
    for one in set(fold):
        held[fold == one] = curve(x[fold == one], fit(x[fold != one], y[fold != one]))
    return held


def area(scores, positive):
    rank = np.argsort(np.argsort(scores))
    n = positive.sum()
    return (rank[positive].sum() - n * (n - 1) / 2) / (n * (~positive).sum())


def report(name, numbers, rows):
    """Fits rows of (features, truth, group), prints the numbers and how well they hold; returns the weights."""
    x = np.array([[1.0, *features] for features, *_ in rows])
    y, groups = np.array([truth for _, truth, _ in rows]), [group for *_, group in rows]
    held, w = left_out(x, y * 1.0, groups), fit(x, y * 1.0)
    skill = 1 - ((held - y) ** 2).mean() / ((y.mean() - y) ** 2).mean()
    print(f"{name}: {len(rows)} rows, {y.mean():.3f} of them so, {len(set(groups))} organisations and repositories; "
          f"left out: area under the curve {area(held, y):.3f}, Brier skill {skill:.2f}")
    print("  " + "  ".join(f"{number} = {value:.2f}" for number, value in zip(numbers, w)))
    return w


def main():
    arguments, model = sys.argv[1:], ""
    if arguments[0] == "--model":
        model, arguments = f'[embedding]\nmodel = "{Path(arguments[1]).resolve()}"\n', arguments[2:]
    binary, rubric, sets = arguments[0], Path(arguments[1]).read_text(encoding="utf-8"), [Set(folder) for folder in arguments[2:]]
    bearing, checks = [], []
    for one in sets:
        for record, match in one.matches(binary, lowered(rubric), model):
            real, group = match["why"]["real"], one.group[record["path"]]
            label = record["scores"].get(match["framework"], {}).get(match["requirement"], 0)
            features = real["firm"], real["distinctness"], real["named"], float(real["document_type"] is not None)
            bearing.append((features, label >= 1, group))
            for check in match["why"]["checks"]:
                name = record["path"], match["framework"], match["requirement"], check["check"].rsplit("/", 1)[-1]
                if name in one.read:
                    score = check["best"]["score"] if check["best"] else 0.0
                    checks.append((score, features, check["reading"], one.read[name] in MET, group))
    w = report("[real]", ("intercept", "near", "distinct", "name", "document_type"), bearing)
    odds = lambda features: float(np.array([1.0, *features[:3]]) @ w[:4])  # by its passages: a title shows no check
    report("[met]", ("intercept", "score", "bearing"), [((score, odds(features)), met, group) for score, features, _, met, group in checks])
    read = [((score, odds(features), reading), met, group) for score, features, reading, met, group in checks if reading is not None]
    if read:
        report("[read]", ("intercept", "score", "bearing", "reading"), read)
        report("[met] of those read", ("intercept", "score", "bearing"), [(features[:2], met, group) for features, met, group in read])
    proposed = []
    for one in sets:
        for record, match in one.matches(binary, rubric, model):
            label = record["scores"].get(match["framework"], {}).get(match["requirement"], 0)
            if match["sufficiency"] > 0:
                proposed.append(((log_odds(match["why"]["real"]["real"]), match["sufficiency"]), label >= 2, one.group[record["path"]]))
    report("confidence", ("base", "bearing", "grade"), proposed)


if __name__ == "__main__":
    main()
