"""Workbooks by openpyxl: a sheet with the control table, then a sheet for each register."""

import io
import re
import zipfile

import openpyxl

# The producer stamps the hour of writing; the same seed has to give the same bytes.
STAMP = (2026, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def write(text):
    """The bytes of the document, and no number of pages."""
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = text.title
    sheet = book.create_sheet("Control")
    for row in text.control:
        sheet.append(row)
    for number, (_, rows) in enumerate(text.blocks, 1):
        sheet = book.create_sheet(f"Register {number}")
        for row in rows:
            sheet.append([float(cell) if _is_number(cell) else cell for cell in row])
    raw = io.BytesIO()
    book.save(raw)
    return restamped(raw), None


def restamped(raw):
    """The archive with every time in it set to `STAMP`."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>2026-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(info.filename, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _is_number(cell):
    whole, dot, part = cell.partition(".")
    return bool(dot) and whole.isdigit() and part.isdigit()
