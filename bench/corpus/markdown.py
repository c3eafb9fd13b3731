"""Markdown with a control table, headings, lists and pipe tables."""


def write(text):
    """The bytes of the document, and no number of pages."""
    lines = [f"# {text.title}", "", *_table([["Field", "Value"], *text.control]), ""]
    for block in text.blocks:
        match block:
            case ("heading", level, heading):
                lines.append(f"{'#' * (level + 1)} {heading}")
            case ("paragraph", paragraph):
                lines.append(paragraph)
            case ("list", items):
                lines += [f"- {item}" for item in items]
            case ("table", rows):
                lines += _table(rows)
        lines.append("")
    return "\n".join(lines).encode(), None


def _table(rows):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]
