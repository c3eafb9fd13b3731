"""Make the binary evidence files (PDF, DOCX, XLSX) of the example company from sources/.

    sources/<folder>/<name>.<pdf|docx|xlsx>.md  ->  vellmoor-coldchain/<folder>/<name>.<pdf|docx|xlsx>

requirements.txt: python-docx==1.2.0 openpyxl==3.1.5 reportlab==5.1.0

    python make.py            write the files
    python make.py --check    make them elsewhere and compare: exit 1 where bytes differ

A source is front matter and a small Markdown: # headings, paragraphs, - and 1. lists, | tables,
**bold**, and a line \\pagebreak. In an XLSX source each # heading opens a sheet, a line is a row, an
empty line an empty row; ISO dates, numbers and percentages become typed cells.
Front matter:
    title, author, date   metadata; the date also stamps every zip member
    header, footer        of each page
    style: plain          (DOCX) headings are only bold paragraphs
    password: ...         (PDF) asked for on opening
    garble: N             (PDF) keep N bytes, the later half of them scrambled: no reader opens it

The output depends on nothing but this file, the sources and the three packages: no clock, no random ids.
"""

import io
import os
import re
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
COMPANY = HERE / "vellmoor-coldchain"

EMPTY = ["01-governance/oversight-group-minutes-2026-10.docx"]
COPIES = {"06-assurance/audit-samples/sample-07.docx": "02-ai-systems/rota-advisor/impact-assessment-2026.docx"}


@dataclass
class Block:
    kind: str  # heading, text, bullets, steps, table, blank, pagebreak
    text: str = ""
    level: int = 0
    items: list = field(default_factory=list)  # of a list: strings; of a table: rows
    has_header: bool = False


# ---------------------------------------------------------------- the sources


def read_source(path):
    """Returns (front matter, blocks)."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    meta = dict(line.split(": ", 1) for line in front.splitlines() if line)
    meta["date"] = date.fromisoformat(meta["date"])
    return meta, parse_blocks(body.strip("\n").splitlines())


def parse_blocks(lines):
    blocks = []

    def add_to(kind, item):
        if not blocks or blocks[-1].kind != kind:
            blocks.append(Block(kind))
        blocks[-1].items.append(item)

    for line in lines:
        if not line.strip():
            blocks.append(Block("blank"))
        elif line == "\\pagebreak":
            blocks.append(Block("pagebreak"))
        elif found := re.match(r"(#+) (.*)", line):
            blocks.append(Block("heading", found[2], len(found[1])))
        elif re.fullmatch(r"\|[-| ]+\|", line):
            blocks[-1].has_header = True
        elif line.startswith("|"):
            add_to("table", [cell.strip() for cell in line.strip("|").split("|")])
        elif found := re.match(r"- (.*)", line):
            add_to("bullets", found[1])
        elif found := re.match(r"\d+\. (.*)", line):
            add_to("steps", found[1])
        elif line.startswith("  ") and blocks and blocks[-1].kind in ("bullets", "steps"):
            blocks[-1].items[-1] += " " + line.strip()
        elif blocks and blocks[-1].kind == "text":
            blocks[-1].text += " " + line
        else:
            blocks.append(Block("text", line))
    return blocks


def bold_runs(text):
    """Returns [(piece, is bold)]."""
    return [(piece, i % 2 == 1) for i, piece in enumerate(text.split("**")) if piece]


def nine_o_clock(meta):
    return datetime.combine(meta["date"], time(9))


# ---------------------------------------------------------------- zip containers


def freeze_zip(data, day):
    """The same members in the same order, with every clock reading replaced by `day`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sT09:00:00Z" % str(day).encode(), content)
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            new.writestr(info, content)
    return out.getvalue()


# ---------------------------------------------------------------- DOCX


def make_docx(meta, blocks):
    import docx
    from docx.enum.text import WD_BREAK
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    doc = docx.Document()
    props = doc.core_properties
    props.title, props.author, props.last_modified_by = meta["title"], meta["author"], meta["author"]
    props.comments, props.revision = "", 3
    props.created = props.modified = nine_o_clock(meta)
    doc.styles["Normal"].font.name, doc.styles["Normal"].font.size = "Calibri", Pt(10.5)

    def fill(paragraph, text, bold=False):
        for piece, is_bold in bold_runs(text):
            paragraph.add_run(piece).bold = True if bold or is_bold else None
        return paragraph

    def new_numbering():
        numbering = doc.part.numbering_part.element
        style_num = doc.styles["List Number"].element.pPr.numPr.numId.val
        abstract = next(n for n in numbering.num_lst if n.numId == style_num).abstractNumId.val
        num = numbering.add_num(abstract)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return num.numId

    def add_table(block):
        table = doc.add_table(rows=0, cols=max(map(len, block.items)))
        table.style = "Table Grid"
        for i, row in enumerate(block.items):
            head = block.has_header and i == 0
            cells = table.add_row().cells
            for cell, text in zip(cells, row):
                fill(cell.paragraphs[0], text, bold=head)
            if head:
                table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        doc.add_paragraph()

    if meta.get("header"):
        doc.sections[0].header.paragraphs[0].text = meta["header"]
    footer = doc.sections[0].footer.paragraphs[0]
    footer.text = meta.get("footer", "") + "\tPage "
    page = OxmlElement("w:fldSimple")
    page.set(qn("w:instr"), "PAGE")
    footer._p.append(page)

    for block in blocks:
        if block.kind == "heading" and meta.get("style") == "plain":
            fill(doc.add_paragraph(), block.text, bold=True)
        elif block.kind == "heading":
            doc.add_heading(block.text, block.level - 1)  # one # is the Title style
        elif block.kind == "text":
            fill(doc.add_paragraph(), block.text)
        elif block.kind == "bullets":
            for item in block.items:
                fill(doc.add_paragraph(style="List Bullet"), item)
        elif block.kind == "steps":
            num_id = new_numbering()
            for item in block.items:
                paragraph = fill(doc.add_paragraph(style="List Number"), item)
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = num_id
        elif block.kind == "table":
            add_table(block)
        elif block.kind == "pagebreak":
            doc.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    out = io.BytesIO()
    doc.save(out)
    return freeze_zip(out.getvalue(), meta["date"])


# ---------------------------------------------------------------- XLSX


def typed(text):
    """Returns (value, number format or None)."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text), "dd mmm yyyy"
    if re.fullmatch(r"-?\d+", text):
        return int(text), None
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text), None
    if re.fullmatch(r"\d+(\.\d+)?%", text):
        return round(float(text[:-1]) / 100, 6), "0.0%"
    return text or None, None


def make_xlsx(meta, blocks):
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = meta["title"], meta["author"]
    book.properties.created = nine_o_clock(meta)

    for block in blocks:
        if block.kind == "heading":
            sheet, row_at, widths = book.create_sheet(block.text), 0, {}
        elif block.kind == "blank" and row_at:
            row_at += 1
        elif block.kind == "text":
            row_at += 1
            sheet.cell(row_at, 1, block.text.replace("**", "")).font = Font(bold="**" in block.text)
        elif block.kind == "table":
            for i, row in enumerate(block.items):
                row_at += 1
                head = block.has_header and i == 0
                for column, text in enumerate(row, 1):
                    cell = sheet.cell(row_at, column)
                    cell.value, number_format = typed(text)
                    cell.number_format = number_format or "General"
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                    widths[column] = min(max(widths.get(column, 8), len(text) + 2), 46)
                    sheet.column_dimensions["ABCDEFGHIJKLMNOP"[column - 1]].width = widths[column]
                    if head:
                        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6EE")
                if head:
                    sheet.freeze_panes = f"A{row_at + 1}"

    out = io.BytesIO()
    book.save(out)
    return freeze_zip(out.getvalue(), meta["date"])


# ---------------------------------------------------------------- PDF


def make_pdf(meta, blocks):
    # ReportLab takes the creation date and the file's id from here instead of the clock.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(nine_o_clock(meta).replace(tzinfo=timezone.utc).timestamp()))

    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontSize=10, leading=13.5, spaceAfter=4)
    cell_style = ParagraphStyle("cell", parent=body, fontSize=8.5, leading=11, spaceBefore=0, spaceAfter=0)
    headings = {1: styles["Title"], 2: styles["Heading2"], 3: styles["Heading3"]}

    def markup(text, bold=False):
        return "".join(f"<b>{escape(p)}</b>" if b or bold else escape(p) for p, b in bold_runs(text))

    def text_width(text):
        return stringWidth(text, "Helvetica-Bold", 8.5)

    def column_widths(rows, room):
        columns = list(zip(*rows))
        longest_word = [max(text_width(w) for c in col for w in c.split() or [""]) + 14 for col in columns]
        wanted = [min(max(map(text_width, col)) + 14, 260) for col in columns]
        spare = room - sum(longest_word)
        extra = [max(w - least, 0) for w, least in zip(wanted, longest_word)]
        return [least + spare * e / max(sum(extra), 1) for least, e in zip(longest_word, extra)]

    def add_table(block):
        bold = [block.has_header] + [False] * len(block.items)
        rows = [[Paragraph(markup(c, b), cell_style) for c in row] for row, b in zip(block.items, bold)]
        shaded = (-1, 0) if block.has_header else (0, -1)
        look = [
            ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BACKGROUND", (0, 0), shaded, colors.HexColor("#e4ebf1")),
        ]
        table = Table(rows, colWidths=column_widths(block.items, A4[0] - 44 * mm), repeatRows=1 if block.has_header else 0)
        table.setStyle(TableStyle(look))
        return [Spacer(1, 3), table, Spacer(1, 8)]

    flow = []
    for block in blocks:
        if block.kind == "heading":
            flow.append(Paragraph(markup(block.text), headings[block.level]))
        elif block.kind == "text":
            flow.append(Paragraph(markup(block.text), body))
        elif block.kind in ("bullets", "steps"):
            marks = {"bulletType": "1"} if block.kind == "steps" else {"bulletType": "bullet", "start": "•"}
            flow.append(ListFlowable([Paragraph(markup(item), body) for item in block.items], leftIndent=16, **marks))
        elif block.kind == "table":
            flow += add_table(block)
        elif block.kind == "pagebreak":
            flow.append(PageBreak())

    def furnish(canvas, doc):
        canvas.setFont("Helvetica", 8)
        canvas.setFillGray(0.35)
        canvas.drawString(22 * mm, A4[1] - 14 * mm, meta.get("header", ""))
        canvas.drawString(22 * mm, 12 * mm, meta.get("footer", ""))
        canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, f"Page {doc.page}")

    out = io.BytesIO()
    password = meta.get("password")
    lock = password and StandardEncryption(password, ownerPassword="owner-" + password, strength=128)
    SimpleDocTemplate(
        out, pagesize=A4, title=meta["title"], author=meta["author"], invariant=1, encrypt=lock,
        leftMargin=22 * mm, rightMargin=22 * mm, topMargin=22 * mm, bottomMargin=20 * mm,
    ).build(flow, onFirstPage=furnish, onLaterPages=furnish)
    data = out.getvalue()
    return garbled(data, int(meta["garble"])) if "garble" in meta else data


def garbled(data, keep):
    half = keep // 2
    return data[:half] + bytes((b * 7 + i * 13) % 256 for i, b in enumerate(data[half:keep]))


# ---------------------------------------------------------------- all of them


def make_all():
    """Returns bytes by path below the company's folder."""
    makers = {".docx": make_docx, ".xlsx": make_xlsx, ".pdf": make_pdf}
    made = {}
    for source in sorted(SOURCES.rglob("*.md")):
        name = source.relative_to(SOURCES).with_suffix("").as_posix()
        made[name] = makers[Path(name).suffix](*read_source(source))
    made.update({name: b"" for name in EMPTY})
    made.update({name: made[original] for name, original in COPIES.items()})
    return made


def main():
    made = make_all()
    if "--check" in sys.argv[1:]:
        wrong = [n for n, data in made.items() if not (COMPANY / n).is_file() or (COMPANY / n).read_bytes() != data]
        print(f"{len(made) - len(wrong)} of {len(made)} files are as made", *wrong, sep="\n  differs: ")
        sys.exit(1 if wrong else 0)
    for name, data in made.items():
        (COMPANY / name).parent.mkdir(parents=True, exist_ok=True)
        (COMPANY / name).write_bytes(data)
    print(f"{len(made)} files under {COMPANY.name}/")


if __name__ == "__main__":
    main()
