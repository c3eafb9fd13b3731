#!/usr/bin/env python3
"""How much better single checks could be read: a cross-encoder fitted to our own labels, held against an auditor's readings.

usage: reader.py SUFFICIT BASE NEAREST WORK [PAIRS]      needs: pip install torch transformers numpy scikit-learn, and ../shared

SUFFICIT is the binary; BASE a folder with the model to begin from (config.json, model.safetensors, tokenizer.json; all-mpnet-base-v2 in
docs/decisions/0023), NEAREST one with all-MiniLM-L6-v2, which finds the sentences of a document that are nearest to a check; WORK a folder for what is
computed once. PAIRS is how many pairs of check and sentence are learned from (24,000). Only the `fit` half of models/training is learned from. With
bf16 in hardware (AMX) it takes half an hour on two cores, without it half a day.

Prints, for the checks of the documents and ladders of ../shared/eval that bench/readings knows and a match touches, the area under the curve
of what the program says, of the reader alone, and of both in a logistic curve fitted to other repositories and organisations.
"""
import collections, json, pickle, random, re, sqlite3, subprocess, sys, time
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from transformers import AutoModel, AutoTokenizer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "models"), str(ROOT / "bench")]
import contrast, graded
from fit_curves import MET, Set, area, log_odds

TRAINING = ROOT / "models/training"
FIELD = {"iso42001": "AI management", "iso27001": "information security"}
SHOWN = {"defined": 1.0, "recorded": 1.0, "record": 1.0, "commitment": 1.0, "mention": .25, "touched": .25, "intended": .1}
KEPT = {"near": 3500, "other": 2000, "sibling": 2800, "absent": 4500, "defined": 5000, "record": 3200}  # pairs of a sort, at most
LONGEST, BATCH, FROZEN, RATE = 112, 32, 4, 4e-5


class Nearest:
    """Unit vectors of texts by mean pooling."""

    def __init__(self, folder):
        self.tokenizer, self.model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def vectors(self, texts):
        found = np.zeros((len(texts), self.model.config.hidden_size), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        with torch.inference_mode():
            for at in range(0, len(order), 64):
                rows = order[at:at + 64]
                batch = self.tokenizer([texts[i] for i in rows], padding=True, truncation=True, max_length=256, return_tensors="pt")
                mask = batch["attention_mask"][:, :, None]
                hidden = self.model(**batch).last_hidden_state.float()
                found[rows] = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1).numpy()
        return found


class Reader(torch.nn.Module):
    """The log-odds that a text shows a check."""

    def __init__(self, folder):
        super().__init__()
        self.tokenizer, self.model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder, dtype=torch.float32)
        size = self.model.config.hidden_size
        self.hidden, self.out, self.drop = torch.nn.Linear(size, size), torch.nn.Linear(size, 1), torch.nn.Dropout(.1)
        torch.nn.init.zeros_(self.out.weight)
        for part in [self.model.embeddings, *self.model.encoder.layer[:FROZEN]]:
            part.requires_grad_(False)

    def forward(self, pairs):
        batch = self.tokenizer([c for c, _ in pairs], [t for _, t in pairs], padding=True, truncation="longest_first", max_length=LONGEST, return_tensors="pt")
        mask = batch["attention_mask"][:, :, None]
        hidden = self.model(**batch).last_hidden_state
        return self.out(self.drop(torch.tanh(self.hidden((hidden * mask).sum(1) / mask.sum(1)))))[:, 0].float()

    def read(self, pairs):
        self.eval()
        found, order = np.zeros(len(pairs), np.float32), sorted(range(len(pairs)), key=lambda i: sum(map(len, pairs[i])))
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            for at in range(0, len(order), 64):
                rows = order[at:at + 64]
                found[rows] = self([pairs[i] for i in rows]).numpy()
        return found


class Checks:
    """The catalogue's checks, by place as in contrast.probes."""

    def __init__(self, nearest):
        self.names, self.texts = contrast.probes([ROOT / f"config/catalogue/{f}.toml" for f in ("iso42001", "iso27001")])
        self.at, self.of = contrast.places(self.names)
        self.vectors = nearest.vectors(self.texts)

    def text(self, k):
        framework, requirement, check = self.names[k]
        title = self.texts[self.at[framework, requirement, None]].split(". ")[0]
        return f"{FIELD[framework]}: {title}. " + (self.texts[k] if check else "")

    def checks_of(self, requirement):
        return [k for k in self.of[requirement] if self.names[k][2]]


def with_heading(heading, text):
    return (heading[:80] + " | " if heading else "") + text[:400]


def sentences(line, is_row):
    parts = [line] if is_row else re.split(r"(?<=[.!?;])\s+(?=[A-Z0-9\"'(])", line)
    return [part for part in parts if len(re.findall(r"\w+", part)) >= 2]


def sentences_of(text, is_table):
    """Each sentence, item or row with its heading."""
    found = []
    for heading, body in graded.passages(text, is_table):
        for line in filter(None, map(str.strip, body.splitlines())):
            found += [with_heading(heading.split("\n")[-1], one) for one in sentences(line, is_table or "|" in line)]
    return found


def from_passages(checks, nearest, rng):
    """(check, text, how far the text shows it, sort of pair) from the labelled passages and answers."""
    items = contrast.passages([*(TRAINING / "answers").glob("*.jsonl"), *TRAINING.glob("*.jsonl")])
    items = [item for item in items if item["split"] == "fit"]
    texts = [with_heading(item.get("heading") or "", item["text"]) for item in items]
    for item, text, vector in zip(items, texts, nearest.vectors(texts)):
        likeness, bears = checks.vectors @ vector, [tuple(b[:3]) for b in item.get("bears", [])]
        near = [tuple(n) for n in item.get("near", [])]
        for *name, how in item.get("bears", []):
            yield checks.at[tuple(name)], text, SHOWN.get(how, 0.0), how
            others = [k for k in checks.checks_of(tuple(name[:2])) if checks.names[k] not in bears]
            if others and len(item["text"]) < 250 and rng.random() < .5:
                yield max(rng.sample(others, min(2, len(others))), key=likeness.__getitem__), text, 0.0, "sibling"
        for requirement in near:
            yield max(checks.checks_of(requirement), key=likeness.__getitem__), text, 0.0, "near"
        if rng.random() < .4:
            named = {name[:2] for name in bears} | set(near)
            far = [k for k in np.argsort(-likeness)[:40] if checks.names[k][2] and checks.names[k][:2] not in named][:10]
            if far:
                yield rng.choice(far), text, 0.0, "other"


def from_documents(checks, nearest):
    """The same from the readings of our own graded documents, and from what they show nothing of."""
    lines = lambda name: [json.loads(line) for line in (TRAINING / "graded" / name).read_text(encoding="utf-8").splitlines()]
    readings = collections.defaultdict(list)
    for reading in lines("checks.jsonl"):
        readings[reading["path"]].append(reading)
    for document in (d for d in lines("labels.jsonl") if d["split"] == "fit"):
        path = document["path"]
        texts = sentences_of((TRAINING / "graded" / path).read_text(encoding="utf-8"), path.endswith(".csv"))
        if not texts:
            continue
        likeness = checks.vectors @ nearest.vectors(texts).T
        for reading in readings[path]:
            k, met = checks.at[reading["framework"], reading["requirement"], reading["check"]], reading["met"]
            if met in MET or met == "touched":
                quote = graded.squeezed(reading.get("quote", ""))
                held = [text for text in texts if quote and quote in graded.squeezed(text)]
                yield k, held[0] if held else reading.get("quote", "")[:400], SHOWN[met], "read"
            else:
                yield from ((k, texts[j], SHOWN.get(met, 0.0), "read") for j in np.argsort(-likeness[k])[:2])
        named = {(f, r) for f, scores in document["scores"].items() for r in scores}
        seen = set()
        for k in np.argsort(-likeness.max(1)):
            if checks.names[k][2] and checks.names[k][:2] not in named | seen and len(seen) < 12:
                seen.add(checks.names[k][:2])
                yield k, texts[int(likeness[k].argmax())], 0.0, "absent"


def learn(reader, pairs, rng):
    """One round over the pairs, those of like length together."""
    groups = [sorted(pairs[at:at + 20 * BATCH], key=lambda p: len(p[0]) + len(p[1])) for at in range(0, len(pairs), 20 * BATCH)]
    batches = [group[at:at + BATCH] for group in groups for at in range(0, len(group), BATCH)]
    rng.shuffle(batches)
    head = [*reader.hidden.parameters(), *reader.out.parameters()]
    body = [p for p in reader.model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body, "of": 1}, {"params": head, "of": 10}], weight_decay=.01)
    began = time.time()
    for n, batch in enumerate(batches):
        reader.train()
        for group in optimiser.param_groups:
            group["lr"] = RATE * group["of"] * min(1, (n + 1) / (.06 * len(batches))) * (1 - n / len(batches))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            odds = reader([pair[:2] for pair in batch])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, torch.tensor([pair[2] for pair in batch]))
        optimiser.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        if n % 50 == 49:
            print(f"  {n + 1} of {len(batches)}, {(n + 1) * BATCH / (time.time() - began):.0f} pairs a second", flush=True)


def texts_of(binary, folder, work):
    """The sentences of each document of a set, by file name, as the program cuts its passages."""
    subprocess.run([binary, "ingest", folder, "--workspace", work, "--quiet"], stdout=subprocess.DEVNULL)
    record, found = sqlite3.connect(work / "record.sqlite"), {}
    for path, sha in record.execute("SELECT path, document FROM source WHERE document IS NOT NULL"):
        (number, text), = record.execute("SELECT id, text FROM document WHERE sha256 = ?", (sha,))
        texts = []
        for start, end, heading in record.execute("SELECT byte_start, byte_end, heading FROM passage WHERE document = ? ORDER BY ordinal", (number,)):
            above = (json.loads(heading) or [""])[-1]
            for line in text.encode()[start:end].decode().splitlines():
                line = line.strip(" |\t-*#")
                texts += [with_heading(above, one) for one in sentences(line, "|" in line)]
        found[Path(path).name] = list(dict.fromkeys(texts))
    return found


def measure(binary, reader, checks, nearest, work):
    rubric = (ROOT / "config/rubric.toml").read_text(encoding="utf-8")
    for name, nearest_few in (("documents", 2), ("ladders", 4)):
        one = Set(ROOT / "../shared/eval" / name, ROOT / f"bench/readings/{name}.jsonl")
        texts, rows, pairs = texts_of(binary, one.folder / "files", work / name), [], []
        vectors_of = {}
        for record, match in one.matches(binary, rubric, ""):
            own = texts[Path(record["path"]).name]
            if record["path"] not in vectors_of:
                vectors_of[record["path"]] = nearest.vectors(own)
            vectors = vectors_of[record["path"]]
            for check in match["why"]["checks"]:
                key = match["framework"], match["requirement"], check["check"].rsplit("/", 1)[-1]
                met = one.read.get((record["path"], *key))
                if met is not None:
                    k = checks.at[key]
                    few = np.argsort(-(vectors @ checks.vectors[k]))[:nearest_few]
                    rows.append((check["meets"] or 0.0, match["why"]["real"]["real"], met in MET, one.group[record["path"]], len(few)))
                    pairs += [(checks.text(k), own[j]) for j in few]
        read = np.split(reader.read(pairs), np.cumsum([row[-1] for row in rows])[:-1])
        best = np.array([few.max() for few in read])
        meets, real, met, groups, _ = map(np.array, zip(*rows))
        x, both = np.c_[log_odds(meets), log_odds(real), best], np.zeros(len(met))
        for learned, held in GroupKFold(5).split(x, met, groups):
            both[held] = LogisticRegression(C=10).fit(x[learned], met[learned]).decision_function(x[held])
        print(f"{name}: {len(met)} checks; area under the curve: program {area(meets, met):.3f}, reader {area(best, met):.3f}, both {area(both, met):.3f}", flush=True)


def main():
    binary, base, near, work = sys.argv[1], *map(Path, sys.argv[2:5])
    wanted = int(sys.argv[5]) if len(sys.argv) > 5 else 24_000
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    rng, nearest = random.Random(7), Nearest(near)
    checks = Checks(nearest)
    kept = work / "pairs.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps([*from_passages(checks, nearest, rng), *from_documents(checks, nearest)]))
    sorts = collections.defaultdict(list)
    for k, text, shown, sort in pickle.loads(kept.read_bytes()):
        sorts[sort].append((checks.text(k), text, shown))
    pairs = []
    for sort, own in sorts.items():
        rng.shuffle(own)
        pairs += own[:KEPT.get(sort, len(own))]
    rng.shuffle(pairs)
    print({sort: len(own) for sort, own in sorts.items()}, flush=True)
    reader = Reader(base)
    learn(reader, pairs[:wanted], rng)
    torch.save(reader.state_dict(), work / "reader.pt")
    measure(binary, reader, checks, nearest, work)


main()
