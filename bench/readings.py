#!/usr/bin/env python3
"""How well single checks are read, and which grades an auditor's readings of them would get by the same rules.

usage: readings.py SUFFICIT RUBRIC        needs: pip install numpy, and ../shared

SUFFICIT is the release binary, RUBRIC config/rubric.toml. Readings are those of models/training/graded/checks.jsonl (documents of the `validation`
half) and of bench/readings/, where one reader, who saw neither labels nor matches, read the documents and ladders of ../shared/eval check by check:
for each requirement that a document has a label above 0 for, or had a match with. Prints, over the matches whose checks were all read,

checks   how many; the share met; the area under the curve of the probability with which the program takes a check to be met; of those that it
         says are met, the share that is; of those that are, the share that it says
grades   quadratic-weighted kappa of the labels with the program's grades, and with the grades of mapper/src/grade.rs from the readings
"""
import collections, sys
from pathlib import Path

import numpy as np

from fit_curves import MET, Set, area

ROOT = Path(__file__).resolve().parent.parent
SETS = {
    "our own": (ROOT / "models/training/graded", None),
    "documents": (ROOT / "../shared/eval/documents", ROOT / "bench/readings/documents.jsonl"),
    "ladders": (ROOT / "../shared/eval/ladders", ROOT / "bench/readings/ladders.jsonl"),
}


def grade(mets, why):
    """The grade of mapper/src/grade.rs where the checks stand as in `mets`; all else is as the program found it."""
    tally, bars = collections.Counter(mets), why["tally"]
    paper = [met for met, check in zip(mets, why["checks"]) if check["by"] == "paper"]
    met, on_paper = sum(met in MET for met in mets), sum(met in MET for met in paper)
    share = max(on_paper / max(len(paper), -(-len(mets) // 2), 1), met / len(mets))
    recorded, in_force = tally["recorded"] / len(mets) >= bars["recorded_from"], why["standing"]["in_force"]
    if share < bars["partial_from"]:
        level = 1
    elif share < bars["defined_from"]:
        level = 2
    elif recorded and in_force and met == len(mets):
        level = 5
    else:
        level = 4 if recorded or in_force else 3
    if met > on_paper and why["real"]["by_passages"] >= .5:
        level = max(level, 2)
    if met == 0:
        level = min(level, 1 if tally["touched"] + tally["undated"] + tally["intended"] else 0)
    denies = tally["denied"] > met
    return min([level, 0 if denies else 5] + [limit["at"] for limit in why["grade"]["limits"] if limit["cause"] not in ("denial", "doubt")])


def kappa(labels, grades):
    """Cohen 1968, weights squared."""
    labels, grades = np.array(labels), np.array(grades)
    seen = ((labels - grades) ** 2).mean()
    return 1 - seen / ((labels[:, None] - grades[None]) ** 2).mean()


def main():
    binary, rubric = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8")
    for name, (folder, readings) in SETS.items():
        one, checks, grades = Set(folder, readings), [], []
        for record, match in one.matches(binary, rubric, ""):
            why, pair = match["why"], (record["path"], match["framework"], match["requirement"])
            read = [one.read.get((*pair, check["check"].rsplit("/", 1)[-1])) for check in why["checks"]]
            if None in read:
                continue
            given, doubtful = [check["met"] for check in why["checks"]], any(limit["cause"] == "doubt" for limit in why["grade"]["limits"])
            if not doubtful and grade(given, why) != match["sufficiency"]:
                sys.exit(f"{pair}: the rules here are not those of mapper/src/grade.rs")
            label = record["scores"].get(match["framework"], {}).get(match["requirement"], 0)
            grades.append((label, match["sufficiency"], grade(read, why)))
            checks += [(check["meets"] or 0.0, check["met"] in MET, met in MET) for check, met in zip(why["checks"], read)]
        meets, said, met = map(np.array, zip(*checks))
        labels, program, from_readings = zip(*grades)
        print(f"{name}: {len(met)} checks, {met.mean():.3f} met; area under the curve {area(meets, met):.3f}; "
              f"of those said to be met {met[said].mean():.3f} are, of those met {said[met].mean():.3f} are said to be")
        print(f"  {len(labels)} matches: kappa {kappa(labels, program):.3f}, from the readings {kappa(labels, from_readings):.3f}")


main()
