"""Makes a folder of distinct documents to measure speed and memory with.

    python3 -m venv /tmp/bench-env && /tmp/bench-env/bin/pip install -r bench/requirements.txt
    /tmp/bench-env/bin/python bench/make_corpus.py /tmp/corpus --documents 2000 --pages 20000

The same arguments give the same bytes. What was made is written beside the folder, to FOLDER.json: documents, pages
and words for each format. A page is 400 words; a PDF's pages are those that it has.
"""

import argparse
import collections
import hashlib
import json
import multiprocessing
import pathlib
import shutil
import time

from corpus import docx, markdown, pdf, plan, xlsx

WRITERS = {"reportlab": pdf.write_reportlab, "fpdf2": pdf.write_fpdf2, "docx": docx.write, "xlsx": xlsx.write,
           "md": markdown.write}


def make(task):
    """Writes one document; returns its format, pages, words, bytes, and the digest of path and content."""
    folder, wanted = task
    text = plan.text(wanted)
    content, pages = WRITERS[wanted.format](text)
    path = folder / wanted.path()
    path.write_bytes(content)
    pages = pages or max(1, round(text.words / plan.WORDS_A_PAGE))
    digest = hashlib.sha256(wanted.path().encode() + content).hexdigest()
    return wanted.format, pages, text.words, len(content), digest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="emptied first, where an earlier corpus lies there")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    arguments = parser.parse_args()
    folder, note = arguments.folder, arguments.folder.with_name(arguments.folder.name + ".json")
    if folder.exists():
        if not note.exists():
            parser.error(f"{folder} is there and was not made by this program; name another")
        shutil.rmtree(folder)
    began = time.monotonic()
    wanted = plan.plans(arguments.seed, arguments.documents, arguments.pages)
    for field in {one.field for one in wanted}:
        (folder / field).mkdir(parents=True)
    with multiprocessing.Pool(arguments.jobs) as pool:
        made = pool.map(make, [(folder, one) for one in wanted], chunksize=8)
    formats = collections.defaultdict(collections.Counter)
    for kind, pages, words, size, _ in made:
        formats[kind].update(documents=1, pages=pages, words=words, bytes=size)
    digests = [digest for *_, digest in made]
    total = sum(formats.values(), collections.Counter())
    summary = {"seed": arguments.seed, "sha256": hashlib.sha256("".join(digests).encode()).hexdigest(),
               "total": total, "formats": formats}
    note.write_text(json.dumps(summary, indent=1) + "\n")
    for name, part in sorted(formats.items()) + [("total", total)]:
        print(f"{name:10} {part['documents']:6} documents {part['pages']:7} pages {part['words']:9} words "
              f"{part['bytes'] / 1e6:7.1f} MB")
    print(f"made in {time.monotonic() - began:.0f} s; sha256 {summary['sha256'][:16]}; {note}")


if __name__ == "__main__":
    main()
