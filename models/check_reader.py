#!/usr/bin/env python3
"""Teaches the check reader that ships: a small cross-encoder over the token vectors of the static model (index/src/reader).

usage: check_reader.py CORPUS STATIC [--seed N]      needs: pip install torch numpy safetensors tokenizers

CORPUS is ../shared/model/corpus.txt.gz, STATIC the folder models/static-en, to which reader.safetensors is written, and beside it
reader.jsonl: some pairs with what PyTorch makes of them, which a test holds against the program. What it learns from is training/opinions.safetensors
(`teacher.py` writes it): pairs of check and text with our own label, the teacher's log-odds, or both, which then count half each. Some eight minutes on two cores.
"""
import argparse, json, random, time
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from pairs import ROOT, Checks, load

WIDTH, LAYERS, HEADS = 96, 2, 4
CHECK_TOKENS, QUOTE_TOKENS, BESIDE = 40, 72, 5  # as index/src/reader/mod.rs has them
ROUNDS, BATCH, RATE, WARM, DROP = 3, 64, 1.5e-3, .05, .1
SAMPLE = 40


class Tokens:
    """The static model's tokens: what each counts for, and its vector of length 1."""

    def __init__(self, folder):
        table = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        vectors, weights = table["embeddings"].astype(np.float32), table["weights"].copy()
        vocabulary = self.tokenizer.get_vocab(True)
        for token, i in vocabulary.items():
            if token.removeprefix("##").isdigit() and token.isascii():
                weights[i] = 0
        lengths = np.linalg.norm(vectors, axis=1)
        counts = weights * lengths
        self.unknown, self.usual = vocabulary["[UNK]"], float(np.median(counts[counts > 0]))
        units = vectors / np.maximum(lengths, 1e-6)[:, None]
        self.table = torch.tensor(np.c_[units, np.log1p(counts / self.usual)])
        self.kept = {}

    def of(self, text, most):
        if text not in self.kept:
            self.kept[text] = [i for i in self.tokenizer.encode(text, add_special_tokens=False).ids if i != self.unknown]
        return self.kept[text][:most]


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        linear = torch.nn.Linear
        self.n1, self.qkv, self.o = torch.nn.LayerNorm(WIDTH), linear(WIDTH, 3 * WIDTH), linear(WIDTH, WIDTH)
        self.n2, self.a, self.b = torch.nn.LayerNorm(WIDTH), linear(WIDTH, 2 * WIDTH), linear(2 * WIDTH, WIDTH)

    def forward(self, x, mask):
        texts, tokens, _ = x.shape
        q, k, v = self.qkv(self.n1(x)).view(texts, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.o(seen.transpose(1, 2).reshape(texts, tokens, WIDTH))
        return x + self.b(torch.relu(self.a(self.n2(x))))


class CheckReader(torch.nn.Module):
    """The log-odds that a text shows a check."""

    def __init__(self, tokens):
        super().__init__()
        self.tokens = tokens
        self.p = torch.nn.Linear(tokens.table.shape[1] - 1 + BESIDE, WIDTH)
        self.pos = torch.nn.Embedding(CHECK_TOKENS + QUOTE_TOKENS, WIDTH)
        torch.nn.init.normal_(self.pos.weight, std=.02)
        self.l, self.n = torch.nn.ModuleList(Layer() for _ in range(LAYERS)), torch.nn.LayerNorm(WIDTH)
        self.f, self.o, self.drop = torch.nn.Linear(2 * WIDTH, WIDTH), torch.nn.Linear(WIDTH, 1), torch.nn.Dropout(DROP)

    def inputs(self, pairs):
        sides = [(self.tokens.of(check, CHECK_TOKENS), self.tokens.of(text, QUOTE_TOKENS) or [0]) for check, text in pairs]
        longest = max(len(c) + len(t) for c, t in sides)
        ids, side, place = (torch.full((len(pairs), longest), value) for value in (0, 1, 0))
        mask = torch.zeros((len(pairs), longest), dtype=torch.bool)
        for row, (c, t) in enumerate(sides):
            both = len(c) + len(t)
            ids[row, :both], side[row, :len(c)], mask[row, :both] = torch.tensor(c + t), 0, True
            place[row, :len(c)], place[row, len(c):both] = torch.arange(len(c)), CHECK_TOKENS + torch.arange(len(t))
        return ids, side, place, mask

    def forward(self, pairs):
        ids, side, place, mask = self.inputs(pairs)
        known = self.tokens.table[ids]
        units = known[..., :-1]
        other = (side[:, :, None] != side[:, None, :]) & mask[:, None, :]
        near = torch.where(other, units @ units.transpose(1, 2), torch.tensor(-1.0)).max(2).values
        same = ((ids[:, :, None] == ids[:, None, :]) & other).any(2).float()
        x = torch.cat([known, torch.stack([near, same, side.float(), 1 - side.float()], 2)], 2)
        x = self.drop(self.p(x) + self.pos(place))
        for layer in self.l:
            x = layer(x, mask[:, None, None, :])
        x = self.n(x)
        mean = lambda part: (x * part[..., None]).sum(1) / part.sum(1, keepdim=True).clamp(min=1)
        both = torch.cat([mean((side == 0) & mask), mean((side == 1) & mask)], 1)
        return self.o(self.drop(torch.tanh(self.f(both))))[:, 0]

    def length(self, pair):
        return len(self.tokens.of(pair[0], CHECK_TOKENS)) + len(self.tokens.of(pair[1], QUOTE_TOKENS))

    def read(self, pairs):
        self.eval()
        found, order = np.zeros(len(pairs), np.float32), sorted(range(len(pairs)), key=lambda i: self.length(pairs[i]))
        with torch.inference_mode():
            for at in range(0, len(order), 256):
                found[order[at:at + 256]] = self([pairs[i] for i in order[at:at + 256]]).numpy()
        return found


def learn(reader, examples, rng, rounds=ROUNDS):
    """Adam at a rate that rises and falls once, pairs of like length together."""
    optimiser = torch.optim.AdamW(reader.parameters(), lr=RATE, weight_decay=.01)
    steps, step, began = int(rounds * len(examples) / BATCH), 0, time.time()
    while step < steps:
        rng.shuffle(examples)
        batches = []
        for at in range(0, len(examples), 40 * BATCH):
            group = sorted(examples[at:at + 40 * BATCH], key=reader.length)
            own = [group[i:i + BATCH] for i in range(0, len(group), BATCH)]
            rng.shuffle(own)
            batches += own
        for batch in batches[:steps - step]:
            for group in optimiser.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / (WARM * steps)) * (1 - step / steps)
            reader.train()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(reader([pair[:2] for pair in batch]), torch.tensor([pair[2] for pair in batch]))
            optimiser.zero_grad(); loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            step += 1
            if step % 500 == 0:
                print(f"  {step} of {steps}, {step * BATCH / (time.time() - began):.0f} pairs a second, loss {loss.item():.3f}", flush=True)


def aim(shown, odds):
    given = None if odds is None else 1 / (1 + np.exp(-odds))
    known = [value for value in (shown, given) if value is not None]
    return float(np.mean(known))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("static", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    rng, checks = random.Random(options.seed), Checks()
    held = load(ROOT / "models/training/opinions.safetensors", options.corpus, checks)
    examples = [(checks.question(k), text, aim(shown, odds)) for k, text, shown, odds in held]
    print(f"{len(examples)} pairs, {sum(one[3] is not None for one in held)} of them read by the teacher", flush=True)
    reader = CheckReader(Tokens(options.static))
    learn(reader, examples, rng)
    numbers = {name: value.numpy().astype(np.float16) for name, value in reader.state_dict().items()}
    save_file({**numbers, "usual_length": np.array([reader.tokens.usual], np.float32)}, str(options.static / "reader.safetensors"))
    reader.load_state_dict({name: torch.tensor(value.astype(np.float32)) for name, value in numbers.items()})
    # Texts of the corpus are not ours to print.
    own = [(k, text) for k, text, shown, _ in held if shown is not None]
    sample = [(checks.question(k), text) for k, text in random.Random(0).sample(own, SAMPLE)]
    lines = [json.dumps({"check": c, "quote": t, "odds": round(float(o), 4)}, ensure_ascii=False) for (c, t), o in zip(sample, reader.read(sample))]
    (options.static / "reader.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
