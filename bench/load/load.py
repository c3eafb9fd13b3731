"""Puts the web application under load: people who read a page, think, and read the next one.

usage: load.py URL [--people 20] [--think 3] [--seconds 60] [--median MS] [--p99 MS]

URL is the address that `sufficit serve` printed, launch token and all. Each person opens pages that a reviewer opens, in an
order of their own: overview, queue, a match, a requirement, a document, a search. Reported are the answer times of each kind
of page, from sending the request to the last byte. With --median or --p99 the exit status is 1 where one is missed.
"""

import argparse
import http.client
import random
import re
import statistics
import sys
import threading
import time
from urllib.parse import quote, urlsplit

WORDS = "incident review supplier risk impact training approval access model record policy audit owner data change".split()


class Person:
    """One browser: a connection that is kept open, and a cookie."""

    def __init__(self, address: str):
        parts = urlsplit(address)
        self.host = parts.netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        self.cookie = ""
        _, headers, _ = self.get(f"{parts.path or '/'}?{parts.query}")
        self.cookie = (headers.get("set-cookie") or "").split(";")[0]

    def get(self, path: str):
        headers = {"Host": self.host, "Accept": "text/html"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def addresses(page: bytes, begins: str) -> list[str]:
    """The addresses on a page that begin so."""
    found = re.findall(rb'(?:href|data-href)="(' + begins.encode() + rb'[^"#]+)"', page)
    return sorted({address.decode().replace("&amp;", "&") for address in found})


def pages(person: Person) -> dict[str, list[str]]:
    """What there is to open, by kind of page."""
    lists = {}
    _, _, queue = person.get("/queue")
    _, _, requirements = person.get("/requirements")
    _, _, documents = person.get("/documents")
    lists["overview"] = ["/"]
    lists["queue"] = ["/queue", "/queue?framework=iso42001", "/queue?score=1", "/queue?kind=policy"]
    lists["match"] = addresses(queue, "/matches/")
    lists["requirement"] = addresses(requirements, "/requirements/")
    lists["document"] = [page for page in addresses(documents, "/documents/") if not page.endswith("/file")]
    lists["search"] = [f"/search?q={quote(a + ' ' + b)}" for a in WORDS for b in WORDS if a != b]
    for kind, found in lists.items():
        if not found:
            sys.exit(f"no page of the kind {kind} was found")
    return lists


def work(address: str, lists: dict, until: float, think: float, taken: list, seed: int):
    dice = random.Random(seed)
    person = Person(address)
    kinds = ["match"] * 5 + ["queue"] * 2 + ["requirement", "document", "overview", "search"]
    time.sleep(dice.uniform(0, think))
    while time.monotonic() < until:
        kind = dice.choice(kinds)
        path = dice.choice(lists[kind])
        began = time.monotonic()
        status, _, _ = person.get(path)
        taken.append((kind, (time.monotonic() - began) * 1000, status, path))
        time.sleep(dice.expovariate(1 / think) if think else 0)


def share(sorted_times: list[float], part: float) -> float:
    return sorted_times[min(len(sorted_times) - 1, int(part * len(sorted_times)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--think", type=float, default=3.0, help="seconds, on average")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--median", type=float, help="milliseconds")
    parser.add_argument("--p99", type=float, help="milliseconds")
    asked = parser.parse_args()

    # The launch token is spent once; all people share the cookie's address by asking with it themselves.
    lists = pages(Person(asked.url))
    taken: list = []
    until = time.monotonic() + asked.seconds
    people = [
        threading.Thread(target=work, args=(asked.url, lists, until, asked.think, taken, seed))
        for seed in range(asked.people)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()

    wrong = [(path, status) for _, _, status, path in taken if status != 200]
    for path, status in wrong[:10]:
        print(f"{path} was answered with {status}")
    print(f"{asked.people} people, {asked.think:g} s between pages, {len(taken)} pages in {asked.seconds:g} s")
    print(f"{'page':12} {'pages':>6} {'median':>8} {'99 %':>8} {'worst':>8}   ms")
    missed = bool(wrong)
    for kind in [*lists, "all"]:
        times = sorted(ms for of, ms, _, _ in taken if kind in (of, "all"))
        if not times:
            continue
        median, late = statistics.median(times), share(times, 0.99)
        print(f"{kind:12} {len(times):6} {median:8.1f} {late:8.1f} {times[-1]:8.1f}")
        if kind == "all":
            missed |= asked.median is not None and median > asked.median
            missed |= asked.p99 is not None and late > asked.p99
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
