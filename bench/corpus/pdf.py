"""PDF by two producers that store text in unlike ways: reportlab with the standard fonts (one byte a character,
WinAnsi) and fpdf2 with an embedded, subset TrueType font (two bytes a character, with a map back to Unicode)."""

import datetime
import io
import pathlib

import fpdf
import reportlab
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 72.0
SIZE = 11
# Leads to about `plan.WORDS_A_PAGE` words a page.
LEADING = 16.6
HEADING_SIZE = {1: 16, 2: 13}
FONTS = pathlib.Path(reportlab.__file__).parent / "fonts"


def write_reportlab(text):
    """The bytes of the document and its number of pages."""
    raw = io.BytesIO()
    canvas = Canvas(raw, pagesize=(WIDTH, HEIGHT), invariant=True, pageCompression=1)
    canvas.setTitle(text.title)

    def show(x, y, string, size, bold):
        canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        canvas.drawString(x, HEIGHT - y, string)

    def width(string, size, bold):
        return stringWidth(string, "Helvetica-Bold" if bold else "Helvetica", size)

    pages = _Layout(text, show, width, canvas.showPage).lay()
    canvas.save()
    return raw.getvalue(), pages


def write_fpdf2(text):
    """The bytes of the document and its number of pages."""
    document = fpdf.FPDF(unit="pt", format=(WIDTH, HEIGHT))
    document.set_creation_date(datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc))
    document.set_title(text.title)
    document.set_auto_page_break(False)
    document.add_font("Vera", "", FONTS / "Vera.ttf")
    document.add_font("Vera", "B", FONTS / "VeraBd.ttf")
    document.add_page()

    # Vera is a wide face: 10 where Helvetica has 11.
    def set_font(size, bold):
        document.set_font("Vera", "B" if bold else "", size * 0.9)

    def show(x, y, string, size, bold):
        set_font(size, bold)
        document.text(x, y, string)

    def width(string, size, bold):
        set_font(size, bold)
        return document.get_string_width(string)

    # It shows the last page by itself, so a page is added only when another one follows.
    pages = _Layout(text, show, width, document.add_page, ends_last_page=False).lay()
    return bytes(document.output()), pages


class _Layout:
    """Breaks a text into lines and pages, with a header and a footer on each."""

    def __init__(self, text, show, width, end_page, ends_last_page=True):
        self.text, self.show, self.width, self.end_page = text, show, width, end_page
        self.ends_last_page = ends_last_page
        self.page, self.y = 1, MARGIN
        self.widths = {}

    def lay(self):
        """Writes everything and returns the number of pages."""
        text = self.text
        self._frame()
        self._flow(text.title, 20, bold=True)
        self._table(text.control)
        for block in text.blocks:
            match block:
                case ("heading", level, heading):
                    self.y += 8
                    self._flow(heading, HEADING_SIZE[level], bold=True)
                case ("paragraph", paragraph):
                    self._flow(paragraph, SIZE)
                case ("list", items):
                    for item in items:
                        self._flow(item, SIZE, indent=18, bullet="\u2022")
                case ("table", rows):
                    self._table(rows)
        if self.ends_last_page:
            self.end_page()
        return self.page

    def _frame(self):
        self.show(MARGIN, 40, self.text.header, 8, False)
        self.show(MARGIN, HEIGHT - 36, f"Page {self.page}", 8, False)
        self.y = MARGIN

    def _line(self, leading):
        """Goes down by a line, to the next page where this one is full."""
        if self.y + leading > HEIGHT - MARGIN:
            self.end_page()
            self.page += 1
            self._frame()
        self.y += leading

    def _flow(self, text, size, bold=False, indent=0.0, bullet=None):
        leading = LEADING * size / SIZE
        for number, line in enumerate(self._wrap(text, size, bold, WIDTH - 2 * MARGIN - indent)):
            self._line(leading)
            if bullet and number == 0:
                self.show(MARGIN + 4, self.y, bullet, size, False)
            self.show(MARGIN + indent, self.y, line, size, bold)
        self.y += 6

    def _table(self, rows):
        room = (WIDTH - 2 * MARGIN) / len(rows[0])
        for number, row in enumerate(rows):
            cells = [self._wrap(cell, 9, number == 0, room - 6) for cell in row]
            for line in range(max(map(len, cells))):
                self._line(12)
                for column, cell in enumerate(cells):
                    if line < len(cell):
                        self.show(MARGIN + column * room, self.y, cell[line], 9, number == 0)
            self.y += 3
        self.y += 6

    def _wrap(self, text, size, bold, room):
        blank = self._width(" ", size, bold)
        lines, line, used = [], [], 0.0
        for word in text.split():
            wide = self._width(word, size, bold)
            if line and used + blank + wide > room:
                lines.append(" ".join(line))
                line, used = [], 0.0
            used += wide + (blank if line else 0.0)
            line.append(word)
        if line:
            lines.append(" ".join(line))
        return lines

    def _width(self, word, size, bold):
        key = (word, size, bold)
        if key not in self.widths:
            self.widths[key] = self.width(word, size, bold)
        return self.widths[key]
