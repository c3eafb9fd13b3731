"""What a document holds, whatever its format: blocks, in order, up to a number of words.

A block is ("heading", level, text), ("paragraph", text), ("list", [text, ...]) or ("table", [[cell, ...], ...]).
"""

import random
from dataclasses import dataclass

from .prose import ROW_HEADER, Writer
from .words import FIELDS

WORDS_A_PAGE = 400
# Share of documents; the first two are PDF, from two producers.
FORMATS = {"reportlab": 0.32, "fpdf2": 0.23, "docx": 0.25, "xlsx": 0.08, "md": 0.12}
SUFFIX = {"reportlab": "pdf", "fpdf2": "pdf", "docx": "docx", "xlsx": "xlsx", "md": "md"}
# Pages of a document: most are short, a few are books.
SPREAD = 0.9
LONGEST = 12.0


@dataclass(frozen=True)
class Plan:
    """One document to be written: where, as what, about what, and how long."""

    number: int
    seed: int
    field: str
    format: str
    words: int

    def path(self):
        """Where it goes, relative to the corpus."""
        return f"{self.field}/{self.field}-{self.number:05}.{SUFFIX[self.format]}"


def plans(seed, count, pages):
    """`count` documents that hold `pages` pages together."""
    draw = random.Random(seed)
    lengths = [min(draw.lognormvariate(0, SPREAD), LONGEST) for _ in range(count)]
    scale = pages * WORDS_A_PAGE / sum(lengths)
    formats = [name for name, share in FORMATS.items() for _ in range(round(share * count))]
    formats = (formats + ["md"] * count)[:count]
    draw.shuffle(formats)
    fields = list(FIELDS)
    return [
        Plan(number, draw.getrandbits(48), fields[number % len(fields)], formats[number], max(60, round(length * scale)))
        for number, length in enumerate(lengths)
    ]


@dataclass(frozen=True)
class Text:
    """What a document says."""

    title: str
    header: str
    control: list
    blocks: list
    words: int


def text(plan):
    """The title, control table and blocks of the document, `plan.words` words or slightly more."""
    writer = Writer(plan.seed, plan.field)
    draw = writer.random
    title = f"{draw.choice(writer.bank['kinds'])} {writer.coin(3)}"
    control = [["Document", f"{title}"], ["Version", f"{draw.randint(0, 4)}.{draw.randint(0, 9)}"],
               ["Owner", writer.fill("{person}, {role}")], ["Approved by", writer.fill("{person}, {role}")],
               ["Approved on", writer.date()], ["Next review", writer.date()],
               ["Status", draw.choice(["Approved", "Approved", "Draft", "In force", "Superseded"])]]
    header = f"{title} | {writer.fill('{ticket}')} | {draw.choice(['Internal', 'Confidential', 'Public'])}"
    blocks, words, chapter, section = [], count_words(title) + rows_words(control), 0, 0
    sheet = plan.format == "xlsx"
    while words < plan.words:
        left = plan.words - words
        what = draw.random()
        if sheet:
            rows = [ROW_HEADER] + [writer.row() for _ in range(draw.randint(20, 200))]
            while len(rows) > 2 and rows_words(rows) > left * 1.1:
                del rows[len(rows) * 2 // 3 :]
            block = ("table", rows)
            words += rows_words(rows)
        elif not blocks or what < 0.08:
            chapter, section = chapter + 1, 0
            block = ("heading", 1, f"{chapter} {writer.heading()}")
        elif what < 0.2:
            section += 1
            block = ("heading", 2, f"{chapter}.{section} {writer.heading()}")
        elif what < 0.3:
            block = ("list", [writer.sentence() for _ in range(draw.randint(3, 8))])
            words += sum(map(count_words, block[1]))
        elif what < 0.35:
            columns = sorted(draw.sample(range(6), draw.randint(3, 5)))
            rows = [ROW_HEADER] + [writer.row() for _ in range(draw.randint(3, 12))]
            block = ("table", [[row[column] for column in columns] for row in rows])
            words += rows_words(block[1])
        else:
            block = ("paragraph", writer.paragraph())
            words += count_words(block[1])
        if block[0] == "heading":
            words += count_words(block[2])
        blocks.append(block)
    return Text(title, header, control, blocks, words)


def count_words(text):
    """Words between blanks."""
    return text.count(" ") + 1


def rows_words(rows):
    """Words of a table."""
    return sum(count_words(cell) for row in rows for cell in row)
