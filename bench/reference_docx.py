"""The words of a DOCX file, read from its XML as a reference to hold our own text against.

`text_of(path)` gives the text (`w:t`) of the main part, of its foot- and endnotes, headers, footers and text boxes. Left out are
comments, deleted and moved-away text (`w:del`, `w:moveFrom`), the second form of alternate content (`mc:Fallback`), and notes that
only separate. The order is that of the XML, and says nothing.

    python3 bench/reference_docx.py FILE.docx                prints the text
    python3 bench/reference_docx.py --against TEXTS FOLDER   word recall of TEXTS/NAME.docx.txt over the files of FOLDER
"""

import collections
import pathlib
import posixpath
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

STORIES = ("footnotes", "endnotes", "header", "footer")
OUT = {"del", "moveFrom", "Fallback", "delText", "instrText"}
BREAKS = {"p", "br", "cr", "tab", "ptab", "tc", "tr"}
FEWEST_WORDS = 20


def local(name):
    return name.rpartition("}")[2]


def is_word(name):
    return "wordprocessingml" in name


def collect(element, found):
    """Text below an element, in the order of the XML, with a stack of its own."""
    stack = [(element, False)]
    while stack:
        node, done = stack.pop()
        if not isinstance(node.tag, str):
            continue
        name = local(node.tag)
        if done:
            found.append("\n")
            continue
        if name in OUT:
            continue
        if name in ("footnote", "endnote") and any(
            local(key) == "type" and value != "normal" for key, value in node.attrib.items()
        ):
            continue
        if name == "t" and is_word(node.tag):
            found.append(node.text or "")
            continue
        if name == "noBreakHyphen":
            found.append("-")
        if name in BREAKS:
            found.append("\n")
            stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def relations(archive, part):
    """Kind and part of everything that a part refers to within the file."""
    folder, name = posixpath.split(part)
    try:
        root = xml.fromstring(archive.read(posixpath.join(folder, "_rels", name + ".rels")))
    except KeyError:
        return
    for link in root:
        if link.get("TargetMode") != "External":
            target = link.get("Target", "")
            kind = posixpath.basename(link.get("Type", ""))
            yield kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def text_of(path):
    """The text of a DOCX file. Raises where it is no readable DOCX file."""
    with zipfile.ZipFile(path) as archive:
        main = next(part for kind, part in relations(archive, "") if kind == "officeDocument")
        stories = [part for kind, part in relations(archive, main) if kind in STORIES]
        found = []
        for part in [main, *dict.fromkeys(stories)]:
            if part in archive.namelist():
                collect(xml.fromstring(archive.read(part)), found)
    return "".join(found)


def words(text):
    return collections.Counter(re.findall(r"\w+", text.lower()))


def recall(reference, text):
    wanted, have = words(reference), words(text)
    return sum((wanted & have).values()) / max(1, wanted.total())


def against(texts, folder):
    """Prints the recall of each file, the worst first, and their mean; a text that is missing counts 0."""
    scores, unread = [], 0
    for path in sorted(pathlib.Path(folder).glob("*.docx")):
        try:
            reference = text_of(path)
        except Exception:
            unread += 1
            continue
        if words(reference).total() < FEWEST_WORDS:
            continue
        ours = pathlib.Path(texts) / (path.name + ".txt")
        text = ours.read_text(encoding="utf-8") if ours.exists() else ""
        scores.append((recall(reference, text), path.name))
    for score, name in sorted(scores)[:15]:
        print(f"{score:.4f}  {name}")
    mean = sum(score for score, _ in scores) / max(1, len(scores))
    print(f"mean word recall {mean:.4f} over {len(scores)} files; {unread} that the reference does not read")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--against":
        against(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 2:
        print(text_of(sys.argv[1]))
    else:
        sys.exit(__doc__)
