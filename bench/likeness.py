"""How much of a reference's words a text has, and how much of their order. Words only: layout, case and punctuation do not count."""

import collections
import re

WORD = re.compile(r"\w+")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# Order is compared over so many words at most: its time grows with the square.
MOST_ORDERED = 100_000


def words_of(text):
    """The words of a text in lower case, ligatures expanded."""
    return WORD.findall(text.translate(LIGATURES).lower())


def recall(reference, words):
    """The share of the reference's words that `words` has, each as often as it occurs."""
    common = collections.Counter(reference) & collections.Counter(words)
    return common.total() / len(reference)


def order(reference, words):
    """The longest common subsequence as a share of the reference's words."""
    reference, words = reference[:MOST_ORDERED], words[:MOST_ORDERED]
    return common_subsequence(reference, words) / len(reference)


def common_subsequence(one, other):
    """The length of the longest common subsequence; bit-parallel (Hyyrö 2004), a bit for each word of `one`."""
    places = collections.defaultdict(int)
    for place, word in enumerate(one):
        places[word] |= 1 << place
    every = (1 << len(one)) - 1
    row = every
    for word in other:
        met = row & places.get(word, 0)
        if met:
            row = ((row + met) | (row - met)) & every
    return len(one) - row.bit_count()
