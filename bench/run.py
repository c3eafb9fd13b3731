"""Measures `sufficit ingest` on a folder, fresh and unchanged, and prints one Markdown table.

    python3 bench/run.py target/release/sufficit /tmp/corpus

The binary is run as a user runs it, in workspaces of its own that are removed afterwards. Stage times are the ones it
logs with `-v`; wall time, CPU time and peak resident memory are the kernel's, for that process alone (`wait4`).
Exit status 1 where a file was not read, the second run read one again, or a target is missed.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

STAGES = re.compile(
    r"(?P<met>\d+) files met, (?P<read>\d+) read anew \((?P<pages>\d+) pages, (?P<passages>\d+) passages\) in (?P<reading>[\d.]+) s; "
    r"indexed in (?P<indexing>[\d.]+) s; mapped in (?P<mapping>[\d.]+) s"
)
# Targets: the second run so many times faster, and peak memory in MiB below.
TIMES_FASTER = 50
MOST_MEMORY = 1024


@dataclass
class Ingest:
    """One run: how it ended, what it logged, and what it took in seconds and MiB."""

    code: int
    met: int
    read: int
    passages: int
    stages: dict
    wall: float
    cpu: float
    memory: float


def ingest(binary, corpus, workspace):
    """Runs the binary once."""
    command = [binary, "ingest", corpus, "--workspace", workspace, "--no-color", "-v"]
    with tempfile.TemporaryFile("w+") as log:
        began = time.monotonic()
        # No pipe: this process would have to drain it while it waits.
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        said = log.read()
    found = STAGES.search(said)
    if found is None:
        sys.exit(f"{binary} ended with {child.returncode} and logged no stages:\n{said[-2000:]}")
    stages = {name: float(found[name]) for name in ("reading", "indexing", "mapping")}
    # Opening the model and the catalogue before, printing after.
    stages["start and report"] = max(0.0, wall - sum(stages.values()))
    # Linux counts ru_maxrss in KiB.
    return Ingest(child.returncode, int(found["met"]), int(found["read"]), int(found["passages"]), stages, wall,
                  usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def unread(binary, workspace):
    """Paths, outcomes and reasons of files that were not read."""
    command = [binary, "status", "--workspace", workspace, "--format", "json"]
    status = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {(file["path"], file["status"], file["reason"]) for file in status["files"] if file["status"] != "read"}


def pages_of(corpus):
    """Pages of the corpus as make_corpus.py noted them beside it; `None` for any other folder."""
    note = corpus.with_name(corpus.name + ".json")
    return json.loads(note.read_text())["total"]["pages"] if note.exists() else None


def machine():
    """Processor, cores, memory, system, and how busy it is."""
    model = "unknown processor"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f} at the start"


def folder_size(folder):
    """MiB of the files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--fresh", type=int, default=3, help="runs in a new workspace, of which the median one is shown")
    parser.add_argument("--again", type=int, default=5, help="runs on the unchanged folder, of which the median counts")
    parser.add_argument("--scratch", type=pathlib.Path, help="where the workspace goes [default: the system's]")
    arguments = parser.parse_args()
    binary, corpus = arguments.binary.resolve(), arguments.corpus.resolve()
    facts = machine()
    # Every file is in the page cache for the first run, as it is for the second.
    for path in corpus.rglob("*"):
        if path.is_file():
            path.read_bytes()
    fresh, left = [], set()
    with tempfile.TemporaryDirectory(prefix="sufficit-bench-", dir=arguments.scratch) as scratch:
        for number in range(max(1, arguments.fresh)):
            workspace = pathlib.Path(scratch) / str(number)
            fresh.append(ingest(binary, corpus, workspace))
            left |= unread(binary, workspace)
        again = [ingest(binary, corpus, workspace) for _ in range(max(1, arguments.again))]
        kept = folder_size(workspace)
    fresh.sort(key=lambda run: run.wall)
    # One run, not medians of its parts, so that stages add up; the lower of the two where the number is even.
    first = fresh[(len(fresh) - 1) // 2]
    second = statistics.median(run.wall for run in again)
    memory = max(run.memory for run in [*fresh, *again])
    ratio = first.wall / second
    pages = pages_of(corpus)
    walls = "; ".join(f"{run.wall:.1f} s, {run.cpu:.1f} s" for run in fresh)
    rates = [f"{first.met / first.wall:.0f} files/s", f"{first.passages / first.wall:.0f} passages/s"]
    if pages:
        rates.insert(1, f"**{pages / first.wall:.0f} pages/s** ({pages / first.cpu:.0f} a CPU second)")
    files = f"{first.met} files, {folder_size(corpus):.0f} MiB, {first.read} read anew, {first.passages} passages"
    rows = [("machine", facts), ("day", datetime.date.today().isoformat()),
            ("folder", f"{files}, {pages} pages" if pages else files),
            (f"**first run**, median of {len(fresh)}", f"**{first.wall:.1f} s**"),
            ("wall and CPU time of each", walls), ("end to end", ", ".join(rates))]
    rows += [(f"- {name}", f"{seconds:.1f} s, {100 * seconds / first.wall:.0f} %") for name, seconds in first.stages.items()]
    rows += [(f"**second run**, median of {len(again)}", f"**{second:.2f} s** ({', '.join(f'{run.wall:.2f}' for run in again)})"),
             (f"first / second (target {TIMES_FASTER})", f"**{ratio:.0f}**"),
             (f"peak resident memory (target below {MOST_MEMORY} MiB)", f"**{memory:.0f} MiB**"),
             ("workspace on disk", f"{kept:.0f} MiB")]
    print("\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]))
    faults = [f"{path}: {status}: {reason}" for path, status, reason in sorted(left)]
    faults += [f"a run ended with exit status {run.code}" for run in [*fresh, *again] if run.code]
    faults += [f"a run on the unchanged folder read {run.read} files again" for run in again if run.read]
    faults += [f"the second run is {ratio:.1f} times faster, not {TIMES_FASTER}"] if ratio < TIMES_FASTER else []
    faults += [f"peak memory is {memory:.0f} MiB"] if memory >= MOST_MEMORY else []
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
