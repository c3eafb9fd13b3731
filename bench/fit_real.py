#!/usr/bin/env python3
"""Fits the curve behind "bears on it with a probability of": [real] in config/rubric.toml.

usage: fit_real.py SUFFICIT RUBRIC SET...      needs: pip install numpy
SUFFICIT is the release binary, RUBRIC config/rubric.toml, each SET a folder with files/ and labels.jsonl (models/training/graded,
../shared/eval/documents). Every file is held against every Annex A control with all bars down, the parts of each probability are read from
`show --why`, joined with the labels, and
    logit(p) = intercept + near * firm evidence + distinct * distinctness
is fitted to "labelled 1 or more" by maximum likelihood. What no label names counts as 0. Prints the numbers, and how well evidence is told
from nothing in organisations and repositories that the fit did not see.
"""
import json, re, subprocess, sys, tempfile
from pathlib import Path

import numpy as np

OWN = .5  # weight of a pair of our own documents: they are short and many, and made to be hard


def lowered(rubric):
    """The rubric with every bar down, so that each pair with a candidate is shown."""
    text = Path(rubric).read_text(encoding="utf-8")
    for name, value in {"real": 0.0, "check_touched": 0.0, "focus_from": 0.0, "field": -1000.0}.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    return text


def pairs(binary, rubric, folder):
    """Each pair of a document and a control: (firm, distinctness, label, group)."""
    records = [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    sources = folder / "SOURCES.tsv"
    groups = dict(line.split("\t")[:2] for line in sources.read_text(encoding="utf-8").splitlines()) if sources.exists() else {}
    with tempfile.TemporaryDirectory() as work:
        Path(work, "rubric.toml").write_text(rubric, encoding="utf-8")
        Path(work, "sufficit.toml").write_text(f'[catalogue]\nrubric_file = "{work}/rubric.toml"\n', encoding="utf-8")
        options = ["--workspace", work + "/w", "--config", work + "/sufficit.toml", "--as-of", "2026-11-20", "--quiet"]
        subprocess.run([binary, "ingest", folder / "files", *options], stdout=subprocess.DEVNULL)
        for record in records:
            name = Path(record["path"]).name
            shown = subprocess.run([binary, "show", name, "--why", "--format", "jsonl", *options], capture_output=True, text=True)
            seen = set()
            for line in shown.stdout.splitlines():
                match = json.loads(line)
                pair = match["framework"], match["requirement"]
                if pair[1].startswith("A.") and pair not in seen:
                    seen.add(pair)
                    real, label = match["why"]["real"], record["scores"].get(pair[0], {}).get(pair[1], 0)
                    yield real["firm"], real["distinctness"], label, groups.get(name) or record.get("organisation", name)


def fit(x, y, weight):
    """Newton's method on the weighted log-likelihood."""
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x.T * (weight * p * (1 - p))) @ x + 1e-3 * np.eye(len(w)), x.T @ (weight * (y - p)))
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def area(scores, positive):
    rank = np.argsort(np.argsort(scores))
    n = positive.sum()
    return (rank[positive].sum() - n * (n - 1) / 2) / (n * (~positive).sum())


def main():
    binary, rubric, folders = sys.argv[1], lowered(sys.argv[2]), [Path(folder) for folder in sys.argv[3:]]
    rows = [(*row, i) for i, folder in enumerate(folders) for row in pairs(binary, rubric, folder)]
    x = np.array([[1.0, firm, distinct] for firm, distinct, *_ in rows])
    label = np.array([row[2] for row in rows])
    group = np.array([row[3] for row in rows])
    weight = np.where(np.array(["training" in str(folders[row[4]]) for row in rows]), OWN, 1.0)
    fold = np.array([sum(map(ord, name)) % 7 for name in group])
    held = np.zeros(len(rows))
    for one in range(7):
        part = fold == one
        held[part] = x[part] @ fit(x[~part], (label[~part] >= 1) * 1.0, weight[~part])
    told = (label == 0) | (label >= 2)
    print(f"{len(rows)} pairs, {(label >= 1).sum()} labelled 1 or more, {len(set(group))} organisations and repositories")
    print(f"2 or more told from 0 in those left out: area under the curve {area(held[told], label[told] >= 2):.3f}")
    intercept, near, distinct = fit(x, (label >= 1) * 1.0, weight)
    print(f"intercept = {intercept:.2f}\nnear = {near:.1f}\ndistinct = {distinct:.1f}")


main()
