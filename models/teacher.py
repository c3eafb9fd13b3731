#!/usr/bin/env python3
"""Makes a large reader of checks from our own labels and lets it read many pairs, for a small one to learn from (`check_reader.py`).

usage: teacher.py BASE NEAREST CORPUS WORK [PAIRS]      needs: pip install torch transformers numpy safetensors

BASE is a folder with the model to begin from (config.json, model.safetensors, tokenizer.json; all-mpnet-base-v2 in docs/decisions/0024), NEAREST one
with all-MiniLM-L6-v2, which finds the texts that are near to a check; CORPUS is ../shared/model/corpus.txt.gz; WORK a folder for what is computed once:
the teacher's weights, which bench/reader.py measures, lie there as reader.pt. PAIRS is how many labelled pairs it learns from (24,000). Only the `fit` half
of training/ is learned from. Writes training/opinions.safetensors: all pairs, labelled or not, with its log-odds. With bf16 in hardware (AMX) it takes half an
hour to learn and an hour to read on two cores, without it a day and a half.
"""
import collections, pickle, random, sys, time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from pairs import TRAINING, Checks, from_documents, from_passages, save, unlabelled

FIELD = {"iso42001": "AI management", "iso27001": "information security"}
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


def question(checks, k):
    """A check with its framework's field: a clause's title is the same in both."""
    return f"{FIELD[checks.names[k][0]]}: {checks.question(k)}"


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


def main():
    base, near, corpus, work = map(Path, sys.argv[1:5])
    wanted = int(sys.argv[5]) if len(sys.argv) > 5 else 24_000
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    rng, checks, kept = random.Random(7), Checks(), work / "pairs.pickle"
    if not kept.exists():
        nearest = Nearest(near)
        labelled = [*from_passages(checks, nearest, rng), *from_documents(checks, nearest)]
        kept.write_bytes(pickle.dumps((labelled, [*unlabelled(checks, nearest, corpus, rng)])))
    labelled, others = pickle.loads(kept.read_bytes())
    sorts = collections.defaultdict(list)
    for k, text, shown, sort in labelled:
        sorts[sort].append((question(checks, k), text, shown))
    pairs = []
    for sort, own in sorts.items():
        rng.shuffle(own)
        pairs += own[:KEPT.get(sort, len(own))]
    rng.shuffle(pairs)
    print({sort: len(own) for sort, own in sorts.items()}, len(others), flush=True)
    reader = Reader(base)
    learn(reader, pairs[:wanted], rng)
    torch.save(reader.state_dict(), work / "reader.pt")
    shown = {(k, text): shown for k, text, shown, _ in labelled}
    both = sorted(set(shown) | set(others))
    odds = reader.read([(question(checks, k), text) for k, text in both])
    save(TRAINING / "opinions.safetensors", [(*pair, shown.get(pair), float(o)) for pair, o in zip(both, odds)], checks)


if __name__ == "__main__":
    main()
