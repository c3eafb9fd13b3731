#!/usr/bin/env python3
"""Fits the curve behind a match's confidence: the probability that an auditor would give it 2 or more.

usage: fit_confidence.py SUFFICIT DOCUMENTS      needs: pip install numpy
SUFFICIT is the release binary, DOCUMENTS a folder with files/, labels.jsonl and SOURCES.tsv (../shared/eval/documents).
Ingests the files, joins every emitted match of an Annex A control with its label, and fits
    logit(p) = a + b * relevance + c * sufficiency
by penalised maximum likelihood. Prints the three numbers (they stand in mapper/src/confidence.rs), and the Brier
score under cross-validation by repository beside that of the base rate.
"""
import json, subprocess, sys, tempfile
import numpy as np

PENALTY = 1.0  # pulls b and c towards 0; a few hundred matches do not settle more


def emitted(binary, folder):
    """Every match of a control: relevance, sufficiency, whether labelled 2 or more, and the repository."""
    with tempfile.TemporaryDirectory() as workspace:
        options = ["--workspace", workspace + "/w", "--as-of", "2026-11-20", "--quiet"]
        subprocess.run([binary, "ingest", folder + "/files", *options], stdout=subprocess.DEVNULL)
        lines = subprocess.run([binary, "export", "matches", "--format", "jsonl", *options], capture_output=True, text=True)
    labels = {}
    for line in open(folder + "/labels.jsonl"):
        record = json.loads(line)
        labels[record["path"].removeprefix("files/")] = record["scores"]
    repositories = dict(line.split("\t")[:2] for line in open(folder + "/SOURCES.tsv"))
    for line in lines.stdout.splitlines():
        match = json.loads(line)
        path, requirement = match["document"], match["requirement"]
        if requirement.startswith("A.") and path in labels:
            grade = labels[path].get(match["framework"], {}).get(requirement, 0)
            yield match["relevance"], match["sufficiency"], grade >= 2, repositories.get(path, path)


def fit(x, y):
    """Newton's method on the penalised log-likelihood."""
    w = np.zeros(x.shape[1])
    penalty = PENALTY * np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (y - p) - penalty @ w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return w


def main():
    rows = list(emitted(sys.argv[1], sys.argv[2].rstrip("/")))
    x = np.array([[1.0, relevance, sufficiency] for relevance, sufficiency, _, _ in rows])
    y = np.array([float(positive) for _, _, positive, _ in rows])
    groups = np.array([repository for *_, repository in rows])
    predicted, base = np.zeros(len(y)), np.zeros(len(y))
    for group in sorted(set(groups)):
        held = groups == group
        predicted[held] = 1 / (1 + np.exp(-x[held] @ fit(x[~held], y[~held])))
        base[held] = y[~held].mean()
    brier, reference = ((predicted - y) ** 2).mean(), ((base - y) ** 2).mean()
    a, b, c = fit(x, y)
    print(f"{len(y)} matches, {y.mean():.3f} of them labelled 2 or more, {len(set(groups))} repositories")
    print(f"a {a:.2f}  b {b:.2f}  c {c:.2f}")
    print(f"cross-validated by repository: Brier {brier:.3f}, base rate {reference:.3f}, skill {1 - brier / reference:.2f}")


main()
