#!/usr/bin/env python3
"""How much better single checks are read with a reader of check and quote: held against an auditor's readings.

usage: reader.py SUFFICIT BASE NEAREST WORK      needs: pip install torch transformers numpy, and ../shared

SUFFICIT is the binary; BASE, NEAREST and WORK are what models/teacher.py was given: the teacher that it left in WORK is measured.

Prints, for the checks of the documents and ladders of ../shared/eval that bench/readings knows and a match touches, the area under the curve
of what the program says, of the reader alone, and of both in a logistic curve fitted to other repositories and organisations.
"""
import json, sqlite3, subprocess, sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "models"), str(ROOT / "bench")]
from fit_curves import MET, Set, area, left_out, log_odds
from pairs import Checks, sentences, with_heading
from teacher import Nearest, Reader, question


def texts_of(binary, folder, work):
    """The sentences of each document of a set, by file name, as the program cuts its passages."""
    subprocess.run([binary, "ingest", folder, "--workspace", work, "--quiet"], stdout=subprocess.DEVNULL)
    record, found = sqlite3.connect(work / "record.sqlite"), {}
    for path, sha in record.execute("SELECT path, document FROM source WHERE document IS NOT NULL"):
        (number, text), = record.execute("SELECT id, text FROM document WHERE sha256 = ?", (sha,))
        texts = []
        for start, end, heading in record.execute("SELECT byte_start, byte_end, heading FROM passage WHERE document = ? ORDER BY ordinal", (number,)):
            above = (json.loads(heading) or [""])[-1]
            for line in text.encode()[start:end].decode().splitlines():
                line = line.strip(" |\t-*#")
                texts += [with_heading(above, one) for one in sentences(line, "|" in line)]
        found[Path(path).name] = list(dict.fromkeys(texts))
    return found


def measure(binary, reader, checks, nearest, work):
    rubric = (ROOT / "config/rubric.toml").read_text(encoding="utf-8")
    probes = nearest.vectors(checks.texts)
    for name, nearest_few in (("documents", 2), ("ladders", 4)):
        one = Set(ROOT / "../shared/eval" / name, ROOT / f"bench/readings/{name}.jsonl")
        texts, rows, pairs = texts_of(binary, one.folder / "files", work / name), [], []
        vectors_of = {}
        for record, match in one.matches(binary, rubric, ""):
            own = texts[Path(record["path"]).name]
            if record["path"] not in vectors_of:
                vectors_of[record["path"]] = nearest.vectors(own)
            vectors = vectors_of[record["path"]]
            for check in match["why"]["checks"]:
                key = match["framework"], match["requirement"], check["check"].rsplit("/", 1)[-1]
                met = one.read.get((record["path"], *key))
                if met is not None:
                    k = checks.at[key]
                    few = np.argsort(-(vectors @ probes[k]))[:nearest_few]
                    rows.append((check["meets"] or 0.0, match["why"]["real"]["real"], met in MET, one.group[record["path"]], len(few)))
                    pairs += [(question(checks, k), own[j]) for j in few]
        read = np.split(reader.read(pairs), np.cumsum([row[-1] for row in rows])[:-1])
        best = np.array([few.max() for few in read])
        meets, real, met, groups, _ = map(np.array, zip(*rows))
        both = left_out(np.c_[np.ones(len(met)), log_odds(meets), log_odds(real), best], met * 1.0, groups)
        print(f"{name}: {len(met)} checks; area under the curve: program {area(meets, met):.3f}, reader {area(best, met):.3f}, both {area(both, met):.3f}", flush=True)


def main():
    binary, base, near, work = sys.argv[1], *map(Path, sys.argv[2:5])
    reader = Reader(base)
    reader.load_state_dict(torch.load(work / "reader.pt"))
    measure(binary, reader, Checks(), Nearest(near), work)


main()
