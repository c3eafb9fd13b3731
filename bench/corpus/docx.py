"""Word documents: python-docx makes the package once (styles, header, footer, parts), and the body is written as XML.

Through python-docx itself, paragraph by paragraph, a page takes some ten times as long.
"""

import functools
import io
import zipfile
from xml.sax.saxutils import escape

import docx
from docx.shared import Pt

from .xlsx import STAMP

BODY = "{{BODY}}"
HEADER = "{{HEADER}}"
TITLE = "{{TITLE}}"


@functools.cache
def _package():
    """Every part of an empty document, as (name, bytes), with marks where a document's own text goes."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = TITLE
    section = document.sections[0]
    section.header.paragraphs[0].text = HEADER
    section.footer.paragraphs[0].text = "Printed copies are not controlled."
    document.add_paragraph(BODY)
    raw = io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def write(text):
    """The bytes of the document, and no number of pages."""
    parts = [_paragraph(text.title, "Title"), _table(text.control)]
    for block in text.blocks:
        match block:
            case ("heading", level, heading):
                parts.append(_paragraph(heading, f"Heading{level}"))
            case ("paragraph", paragraph):
                parts.append(_paragraph(paragraph))
            case ("list", items):
                parts += [_paragraph(item, "ListBullet") for item in items]
            case ("table", rows):
                parts.append(_table(rows))
    marks = {HEADER: escape(text.header), TITLE: escape(text.title)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, content in _package():
            if name == "word/document.xml":
                before, after = content.decode().split(f"<w:p><w:r><w:t>{BODY}</w:t></w:r></w:p>")
                content = "".join([before, *parts, after]).encode()
            elif name.endswith(".xml") and b"{{" in content:
                for mark, value in marks.items():
                    content = content.replace(mark.encode(), value.encode())
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue(), None


def _paragraph(text, style=None):
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    # Word cuts a paragraph into runs wherever it was edited.
    half = text.find(" ", len(text) // 2)
    runs = [text] if half < 0 else [text[:half], text[half:]]
    return f"<w:p>{properties}{''.join(map(_run, runs))}</w:p>"


def _run(text):
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _table(rows):
    def cell(text):
        return f"<w:tc><w:tcPr/>{_paragraph(text)}</w:tc>"

    body = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
    grid = "<w:gridCol/>" * len(rows[0])
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
