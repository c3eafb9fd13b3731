"""Holds the text that `sufficit text` gives against that of other readers, file by file, in one run.

    python3 bench/extraction.py ../shared/eval/files --sufficit target/release/sufficit
    python3 bench/extraction.py FOLDER --sufficit target/release/sufficit --floor pdf.recall=0.98 --floor pdf.speed=1.3

Each reader is a process of its own for each file, all readers one after the other on the same file, in turns, so that a busy
machine is busy for all. A format's reference is the first reader that is installed of: pdftotext for PDF; `reference_docx`,
then python-docx for DOCX; openpyxl, python-pptx and Python's email package for theirs. Recall is the share of the
reference's words that a text has; order is the longest common subsequence of words as a share of the reference's. Files with
fewer than 20 reference words count for failures only; a file that fails counts 0. Words and times are made in the run, nothing is kept.

A floor is SCOPE.MEASURE=VALUE: the scope a format (`pdf`) or groups of it (`pdf/fedramp+tika`; a group is what stands before
`__` in a file's name); the measure `recall`, `order`, or `speed` (our pages, or files, a second as a multiple of the reference's).
Exit status 1 below a floor, and wherever our program crashed, did not end, or gave no text and no reason.
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field

import likeness
import measured
import readers

# Fewer reference words say more of the reference than of us.
FEWEST = 20
OURS = "sufficit"
FLOOR = re.compile(r"(?P<format>\w+)(/(?P<groups>[^.=]+))?\.(?P<measure>recall|order|speed)=(?P<least>[\d.]+)")


@dataclass
class Reading:
    """One reader's run on one file, and how like the reference its text is (`None` where there is none to hold it against)."""

    wall: float
    cpu: float
    memory: float
    words: int
    recall: float | None
    order: float | None
    note: str
    # Crashed, did not end, or gave neither text nor reason.
    fault: str


@dataclass
class File:
    """One file: its place, and each reader's reading by name."""

    path: str
    format: str
    group: str
    reference: str
    words: int
    pages: int
    readings: dict = field(default_factory=dict)

    def counts(self):
        return self.words >= FEWEST


def texts(paths):
    return {name: path.read_bytes().decode("utf-8", "replace") for name, path in paths.items()}


def compare(paths, reference):
    """Reference words, pages, and each text's words, recall and order. In a process of its own, which keeps the measuring one small."""
    found = texts(paths)
    wanted = likeness.words_of(found.get(reference, ""))
    scores = {}
    for name, text in found.items():
        words = likeness.words_of(text)
        like = (likeness.recall(wanted, words), likeness.order(wanted, words)) if len(wanted) >= FEWEST else (None, None)
        scores[name] = (len(words), *like)
    return len(wanted), found.get(reference, "").count("\f"), scores


def read(path, folder, tools, place, judge, patience, turn):
    """Runs every reader of the file's format on it."""
    format = path.suffix.lower().lstrip(".")
    group, parted, _ = path.name.partition("__")
    able = [(name, command) for name, formats, command in tools if formats is None or format in formats]
    reference = next((name for name, _ in able if name != OURS), "")
    runs, outs, notes = {}, {}, {}
    path.read_bytes()
    for name, command in able[turn % len(able):] + able[:turn % len(able)]:
        outs[name], err = place / f"{name}.out", place / f"{name}.err"
        runs[name] = measured.run([str(path) if part == "{}" else part for part in command], outs[name], err, patience, place)
        notes[name] = err.read_bytes()[-4000:].decode("utf-8", "replace").strip()
    words, pages, scores = judge.submit(compare, outs, reference).result()
    file = File(str(path.relative_to(folder)), format, group if parted else "", reference, words, pages)
    for name, run in runs.items():
        count, recall, order = scores[name]
        fault = run.end
        if name == OURS and not fault:
            fault = ours_at_fault(run.status, notes[name], outs[name].read_bytes().strip(), words)
        if run.end and recall is not None:
            recall, order = 0.0, 0.0
        last = notes[name].splitlines()[-1:] if not count or run.status else []
        note = "; ".join(part for part in [fault, *last] if part).replace(f"{path}: ", "")
        file.readings[name] = Reading(run.wall, run.cpu, run.memory, count, recall, order, note, fault)
    return file


def ours_at_fault(status, said, text, words):
    """What must never happen, in words; empty where it did not. Status 1 is how it says that a file could not be read."""
    if "panicked" in said or "did not foresee" in said:
        return "a reader panicked"
    if status not in (0, 1):
        return f"exit status {status}"
    if not text and not said:
        return "silently empty" if words else "no text and no reason"
    return ""


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def figures(files, name):
    """What a reader did on files of one format."""
    ran = [file.readings[name] for file in files]
    like = [file.readings[name] for file in files if file.counts()]
    # Pages where the format has them, else files.
    units = sum(file.pages for file in files) or len(files)
    wall, cpu = sum(one.wall for one in ran), sum(one.cpu for one in ran)
    return {
        "files": len(files),
        "compared": len(like),
        "recall": mean(one.recall for one in like),
        "order": mean(one.order for one in like),
        "units": units,
        "wall": wall,
        "cpu": cpu,
        "per_second": units / wall if wall else None,
        "per_cpu_second": units / cpu if cpu else None,
        "memory": max(one.memory for one in ran),
        "without_text": sum(not one.words for one in ran),
        "faults": sum(bool(one.fault) for one in ran),
    }


def summary(files):
    """Formats with every reader's figures, and ours by group."""
    formats = {}
    for format in sorted({file.format for file in files}):
        own = [file for file in files if file.format == format]
        groups = sorted({file.group for file in own if file.group})
        formats[format] = {
            "reference": own[0].reference,
            "readers": {name: figures(own, name) for name in own[0].readings},
            "groups": {group: figures([file for file in own if file.group == group], OURS) for group in groups},
        }
    return formats


def cell(value, digits=3):
    return "-" if value is None else f"{value:.{digits}f}"


def table(head, rows):
    print("\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(map(str, row))} |" for row in rows)]))
    print()


def show(files, formats, worst):
    """The tables for people."""
    rows = []
    for format, about in formats.items():
        for name, one in sorted(about["readers"].items(), key=lambda item: (item[0] != OURS, item[0] != about["reference"])):
            label = f"**{name}**" if name == OURS else f"{name} (reference)" if name == about["reference"] else name
            rows.append([format, label, one["files"], one["compared"], cell(one["recall"], 4), cell(one["order"], 4),
                         f"{cell(one['per_second'], 0)} / {cell(one['per_cpu_second'], 0)}", cell(one["memory"], 0),
                         one["without_text"], one["faults"]])
    table(["format", "reader", "files", "compared", "recall", "order", "pages or files a second, wall / CPU", "peak MiB",
           "without text", "faults"], rows)
    rows = [[f"{format}/{group}", one["files"], one["compared"], cell(one["recall"], 4), cell(one["order"], 4), one["without_text"],
             one["faults"]] for format, about in formats.items() for group, one in about["groups"].items()]
    if rows:
        table(["group", "files", "compared", "recall", "order", "without text", "faults"], rows)
    for format in formats:
        poor = sorted((file for file in files if file.format == format and file.counts()),
                      key=lambda file: (file.readings[OURS].recall, file.readings[OURS].order))[:worst]
        if poor:
            print(f"Worst of {format} first:\n")
            table(["file", "recall", "order", "words", "reference words", "remark"],
                  [[file.path, cell(file.readings[OURS].recall), cell(file.readings[OURS].order), file.readings[OURS].words, file.words,
                    file.readings[OURS].note[:120]] for file in poor])


def below(floors, files):
    """Floors that are missed, in words."""
    missed = []
    for text in floors:
        floor = FLOOR.fullmatch(text)
        if floor is None:
            sys.exit(f"`{text}` is no floor; write it as pdf.recall=0.98 or pdf/tika+pypdf.order=0.9")
        groups = floor["groups"].split("+") if floor["groups"] else None
        own = [file for file in files if file.format == floor["format"] and (groups is None or file.group in groups)]
        if not any(file.counts() for file in own):
            missed.append(f"{text}: no file to compare")
            continue
        ours, reference = figures(own, OURS), figures(own, own[0].reference)
        value = ours["per_second"] / reference["per_second"] if floor["measure"] == "speed" else ours[floor["measure"]]
        if value < float(floor["least"]):
            missed.append(f"{text}: it is {value:.4f}")
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=pathlib.Path("../shared/eval/files"))
    parser.add_argument("--sufficit", type=pathlib.Path, required=True, help="the binary")
    parser.add_argument("--without-ocr", action="store_true", help="ours leaves pictures unread, as the others do: for speed")
    parser.add_argument("--only", action="append", metavar="FORMAT", help="files of this format (repeatable)")
    parser.add_argument("--floor", action="append", default=[], metavar="SCOPE.MEASURE=VALUE", help="may be repeated")
    parser.add_argument("--patience", type=float, default=60, metavar="SECONDS", help="for one reader on one file [default: 60]")
    parser.add_argument("--worst", type=int, default=10, metavar="N", help="files listed for each format [default: 10]")
    parser.add_argument("--json", action="store_true", help="everything, file by file, instead of tables")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SOURCES.tsv")
    if arguments.only:
        paths = [path for path in paths if path.suffix.lower().lstrip(".") in arguments.only]
    with tempfile.TemporaryDirectory(prefix="sufficit-bench-") as place, ProcessPoolExecutor(1) as judge:
        # Before anything large is here: the judge begins as a copy of this process.
        judge.submit(int).result()
        ours = [str(arguments.sufficit.resolve()), "text", "{}"]
        if arguments.without_ocr:
            settings = pathlib.Path(place) / "without-ocr.toml"
            settings.write_text("[ingest]\nocr_languages = []\n")
            ours += ["--config", str(settings)]
        tools = [(OURS, None, ours), *readers.installed()]
        files = [read(path, folder, tools, pathlib.Path(place), judge, arguments.patience, turn) for turn, path in enumerate(paths)]
    if not files:
        sys.exit(f"no files in {folder}")
    formats = summary(files)
    if arguments.json:
        print(json.dumps({"formats": formats, "files": [asdict(file) for file in files]}, indent=1))
    else:
        show(files, formats, arguments.worst)
    missed = below(arguments.floor, files)
    faults = [f"{file.path}: {file.readings[OURS].fault}" for file in files if file.readings[OURS].fault]
    for fault in [*faults, *missed]:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults or missed else 0)


if __name__ == "__main__":
    main()
