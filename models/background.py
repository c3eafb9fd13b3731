#!/usr/bin/env python3
"""Write background.jsonl: text of the field at large, against which similarities of ONNX models are measured.

usage: background.py [TRAINING [OUT]]      standard library only; the same files give the same bytes
Every sixth text of the training set's half that is fitted on, files in order of name. Most of it says nothing of any
one check, which is what makes it a background; it is written for sufficit and may be shipped.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
STEP = 6

training = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "training"
out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE / "background.jsonl"
lines = [line for path in sorted(training.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
fitted = [entry for entry in map(json.loads, lines) if entry["split"] == "fit"]
with out.open("w", encoding="utf-8", newline="\n") as file:
    for entry in fitted[::STEP]:
        file.write(json.dumps(entry["text"], ensure_ascii=False) + "\n")
