#!/usr/bin/env python3
"""Prints a seeded sample of rationales as they are read in docs/rationales.md: half of matches given 2 or more, half of those given 1.

usage: rationales.py SUFFICIT FOLDER...      e.g. target/release/sufficit examples/vellmoor-coldchain models/training/graded/files
The sample hangs on the matches, so it changes with every change to scores.
"""
import json, random, subprocess, sys, tempfile

SEED, MANY = 42001, 50

with tempfile.TemporaryDirectory() as work:
    options = ["--workspace", work + "/w", "--as-of", "2026-11-20", "--quiet"]
    subprocess.run([sys.argv[1], "ingest", *sys.argv[2:], *options], stdout=subprocess.DEVNULL)
    lines = subprocess.run([sys.argv[1], "export", "matches", "--format", "jsonl", *options], capture_output=True, text=True).stdout
matches = sorted(map(json.loads, lines.splitlines()), key=lambda m: (m["document"], m["framework"], m["requirement"]))
rng = random.Random(SEED)
high, low = [m for m in matches if m["sufficiency"] > 1], [m for m in matches if m["sufficiency"] == 1]
sample = rng.sample(high, min(MANY // 2, len(high))) + rng.sample(low, min(MANY // 2, len(low)))
for number, match in enumerate(sample, 1):
    print(f"## {number}. {match['document'].rsplit('/', 1)[-1]}, {match['framework']} {match['requirement']}: {match['sufficiency']} "
          f"(confidence {match['confidence']:.2f})\n")
    for kind in ("strengths", "concerns"):
        for reason in match[kind]:
            quote = (reason.get("citation") or {}).get("quote")
            shown = f' > "{" ".join(quote.split())}"' if quote else ""
            print(f"- {'+' if kind == 'strengths' else '-'} {reason['text']}{shown}")
    print(f"- ask: {match['ask']}\n")
