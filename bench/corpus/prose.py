"""Sentences, drawn from the words of one field, with names and numbers that belong to one document."""

import random

from . import words

SENTENCES = [
    "The {role} {verb} the {adjective} {thing} {manner}.",
    "The {role} {verb} each {thing} {manner}, {reason}.",
    "Every {thing} is listed in the {record} with its owner, {person}, and a review date of {date}.",
    "{project} uses the {adjective} {thing} {reason}.",
    "On {date} the {role} found {n} {adjective} items in the {record} and closed {d} of them {manner}.",
    "{person} {verb} the {thing} of {project} {manner} and files the {record}.",
    "The {measure} was {n}.{d} % in {month}, against a target of {m} %.",
    "Where the {thing} fails, the {role} informs {person} {manner}.",
    "No {thing} leaves {place} {reason}.",
    "A {adjective} {record} is kept for {n} years and may be read by the {role} only.",
    "The {thing} and the {thing2} are looked after by different people, {reason}.",
    "In {place}, {project} replaced the {thing} by a {adjective} {thing2} on {date}.",
    "Deviations are entered under {ticket}, assessed by the {role} and decided by {person} {manner}.",
    "Between {month} and the {adjective} audit the {role} {verb} {n} of {m}{d} samples of the {thing}.",
    "It follows from the {record} that the {thing2} needs a {adjective} {thing} {manner}.",
    "The {role} may depart from this rule {reason}; the {record} then names the cause.",
    "{project} has {n} users in {place}, and its {measure} is reported to the {role} {manner}.",
    "Both the {role} and {person} sign the {record} {manner}.",
]
# A template's parts, cut once: text, slot, text, slot, ...
_PARTS = {}


def _parts(template):
    if template not in _PARTS:
        pieces = []
        for piece in template.split("{"):
            slot, brace, rest = piece.partition("}")
            pieces += [("slot", slot), ("text", rest)] if brace else [("text", piece)]
        _PARTS[template] = pieces
    return _PARTS[template]


class Writer:
    """Writes the texts of one document; two writers of one seed and field write the same."""

    def __init__(self, seed, field):
        self.random = random.Random(seed)
        self.bank = words.FIELDS[field]
        draw = self.random
        # Each document knows a part of its field's words only, so that documents differ in more than their order.
        self._nouns = draw.sample(self.bank["things"], 12)
        self._verbs = draw.sample(self.bank["verbs"], 8)
        self._adjectives = draw.sample(words.ADJECTIVES, 18)
        self._people = [f"{draw.choice(words.FIRST_NAMES)} {self.coin(2)}" for _ in range(6)]
        self._projects = [self.coin(draw.choice((2, 3))) + draw.choice(words.SUFFIXES) for _ in range(8)]
        self._places = draw.sample(words.PLACES, 4)

    def coin(self, syllables):
        """A name that few other documents have."""
        return "".join(self.random.choice(words.SYLLABLES) for _ in range(syllables)).capitalize()

    def date(self):
        """A day of 2023 to 2026, as written on paper."""
        draw = self.random
        year, month, day = draw.randint(2023, 2026), draw.randint(1, 12), draw.randint(1, 28)
        if draw.random() < 0.5:
            return f"{year}-{month:02}-{day:02}"
        return f"{day} {words.MONTHS[month - 1]} {year}"

    def fill(self, template):
        """The template with every slot filled."""
        return "".join(self._slot(piece) if kind == "slot" else piece for kind, piece in _parts(template))

    def _slot(self, name):
        draw = self.random
        choice = draw.choice
        match name:
            case "thing" | "thing2":
                return choice(self._nouns)
            case "verb":
                return choice(self._verbs)
            case "adjective":
                return choice(self._adjectives)
            case "role" | "record" | "measure":
                return choice(self.bank[name + "s"])
            case "person":
                return choice(self._people)
            case "project":
                return choice(self._projects)
            case "place":
                return choice(self._places)
            case "month":
                return choice(words.MONTHS)
            case "manner":
                return self.fill(choice(words.MANNERS))
            case "reason":
                return self.fill(choice(words.REASONS))
            case "date":
                return self.date()
            case "ticket":
                return f"{choice(self._projects)[:3].upper()}-{draw.randint(100, 99999)}"
            case "n" | "m":
                return str(draw.randint(2, 90))
            case "d":
                return str(draw.randint(0, 9))
        raise KeyError(name)

    def sentence(self):
        """One sentence, with a capital and a full stop."""
        text = self.fill(self.random.choice(SENTENCES))
        return text[0].upper() + text[1:]

    def paragraph(self):
        """Two to six sentences."""
        return " ".join(self.sentence() for _ in range(self.random.randint(2, 6)))

    def heading(self):
        """A chapter's heading, often with what it is about here."""
        chapter = self.random.choice(self.bank["chapters"])
        return chapter if self.random.random() < 0.5 else f"{chapter}: {self.random.choice(self._nouns)}"

    def row(self):
        """The cells of one row of a register."""
        fill = self.fill
        return [fill("{ticket}"), fill("{adjective} {thing}"), fill("{role}"), fill("{person}"), fill("{date}"),
                fill("{n}.{d}"), fill(self.random.choice(SENTENCES))]


ROW_HEADER = ["Reference", "Subject", "Role", "Owner", "Date", "Value", "Remark"]
