"""Other people's readers, each as a command of its own, for `extraction.py` to hold ours against.

    python3 bench/readers.py pypdf FILE

prints the file's text. A reader whose library is not installed (bench/requirements.txt) is left out.
"""

import importlib.util
import pathlib
import shutil
import sys


def pypdf(path):
    import pypdf

    return "\f".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def python_docx(path):
    """Paragraphs and tables of the body, and nothing else: it does not read notes or text boxes."""
    import docx
    from docx.table import Table

    def lines(holder):
        for block in holder.iter_inner_content():
            if isinstance(block, Table):
                for row in block.rows:
                    for cell in row.cells:
                        yield from lines(cell)
            else:
                yield block.text

    return "\n".join(lines(docx.Document(path)))


def reference_docx(path):
    import reference_docx

    return reference_docx.text_of(path)


def openpyxl(path):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    lines = []
    for sheet in book.worksheets:
        lines.append(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            lines.append(" ".join(str(value) for value in row if value is not None))
    return "\n".join(lines)


def python_pptx(path):
    import pptx
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    def lines(shapes):
        for shape in shapes:
            if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
                yield from lines(shape.shapes)
            elif shape.has_text_frame:
                yield shape.text_frame.text
            elif shape.has_table:
                for row in shape.table.rows:
                    yield from (cell.text for cell in row.cells)

    slides = []
    for slide in pptx.Presentation(path).slides:
        notes = [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide and slide.notes_slide.notes_text_frame else []
        slides.append("\n".join([*lines(slide.shapes), *notes]))
    return "\f".join(slides)


def email(path):
    """Subject, people and the body that a mail program shows; attachments are documents of their own."""
    import email
    import email.policy

    with open(path, "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    body = mail.get_body(preferencelist=("plain",))
    headers = [mail[name] or "" for name in ("subject", "from", "to", "cc", "date")]
    return "\n".join([*headers, body.get_content() if body else ""])


# Name, the formats it reads, the module it needs. The first that is there for a format is that format's reference.
LIBRARIES = [
    ("reference_docx", {"docx", "docm"}, "reference_docx"),
    ("pypdf", {"pdf"}, "pypdf"),
    ("python_docx", {"docx", "docm"}, "docx"),
    ("openpyxl", {"xlsx", "xlsm"}, "openpyxl"),
    ("python_pptx", {"pptx"}, "pptx"),
    ("email", {"eml"}, "email"),
]


def installed():
    """Every reader that this machine has: name, formats, and the command before the file's name."""
    readers = []
    if shutil.which("pdftotext"):
        # `-` for stdout comes after the file's name.
        readers.append(("pdftotext", {"pdf"}, ["pdftotext", "{}", "-"]))
    for name, formats, module in LIBRARIES:
        if importlib.util.find_spec(module):
            readers.append((name, formats, [sys.executable, str(pathlib.Path(__file__).resolve()), name, "{}"]))
    return readers


def main():
    name, path = sys.argv[1:]
    if name not in {known for known, _, _ in LIBRARIES}:
        sys.exit(f"no reader is called {name}")
    sys.stdout.buffer.write(globals()[name](path).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
