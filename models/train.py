#!/usr/bin/env python3
import argparse, gzip, json, math, re
from collections import Counter
from pathlib import Path

import numpy as np

SEED = 42001
HELD_OUT = 27  # every 27th line, and all that is made of those lines, is kept for measuring


def read_lines(path):
    data = gzip.open(path, "rt", encoding="utf-8").read() if path.endswith(".gz") else open(path, encoding="utf-8").read()
    return [line for line in data.split("\n") if line.strip()]


# ---- the teacher ---------------------------------------------------------------------------------------------------

def teach(texts, teacher, cache, threads, tokens_per_batch=6144):
    """The teacher's L2-normalised vectors of the texts (mean pooling, at most 256 tokens), computed once and kept in `cache`."""
    if cache.exists():
        vectors = np.load(cache)
        assert len(vectors) == len(texts), f"{cache} is of other texts: delete it"
        return vectors
    import onnxruntime
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    tokenizer.no_padding(); tokenizer.enable_truncation(256)
    options = onnxruntime.SessionOptions(); options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(teacher / "model.onnx"), options, providers=["CPUExecutionProvider"])
    ids = [e.ids for e in tokenizer.encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))  # by length, so that little is padded
    vectors, at = np.zeros((len(ids), 384), np.float32), 0
    while at < len(order):
        end = at + 1
        while end < len(order) and (end - at + 1) * len(ids[order[end]]) <= tokens_per_batch:
            end += 1
        batch = order[at:end]
        x = np.zeros((len(batch), len(ids[batch[-1]])), np.int64); mask = np.zeros_like(x)
        for row, i in enumerate(batch):
            x[row, :len(ids[i])] = ids[i]; mask[row, :len(ids[i])] = 1
        hidden = session.run(None, {"input_ids": x, "attention_mask": mask, "token_type_ids": np.zeros_like(x)})[0]
        mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        vectors[batch] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        if at // 4000 != end // 4000:
            print(f"  {cache.stem}: {end} of {len(order)}", flush=True)
        at = end
    np.save(cache, vectors)
    return vectors


# ---- text to learn from --------------------------------------------------------------------------------------------

def fragment(line, rng, shortest=2, longest=8):
    """A run of words of a line, as a heading, a list item or a table cell would hold it."""
    words = line.split()
    n = int(rng.integers(shortest, longest + 1))
    at = int(rng.integers(0, max(1, len(words) - n + 1)))
    return " ".join(words[at:at + n]).strip(" .,;:()[]-")


def neighbours(vectors, seeds, k):
    """For each seed line the k lines nearest to it (itself first)."""
    found = []
    for at in range(0, len(seeds), 512):
        close = vectors[seeds[at:at + 512]] @ vectors.T
        top = np.argpartition(-close, k, axis=1)[:, :k]
        found.extend(top[r][np.argsort(-close[r, top[r]])] for r in range(len(top)))
    return found


def join(parts, rng, longest=1000):
    """Lines joined as documents join them: prose, list, section with heading, table. -> text"""
    style = rng.choice(["prose", "lines", "list", "section", "sectioned list", "table", "form"], p=[.25, .1, .15, .15, .1, .15, .1])
    cut = lambda p, n=6: fragment(p, rng, 1, n)
    if style == "prose":
        text = " ".join(parts)
    elif style == "lines":
        text = "\n".join(parts)
    elif style == "list":
        text = "\n".join("- " + (p if rng.random() < .5 else cut(p, 12)) for p in parts)
    elif style == "section":
        text = f"## {int(rng.integers(1, 12))}. {cut(parts[0])}\n\n" + " ".join(parts[1:])
    elif style == "sectioned list":
        text = f"### {cut(parts[0])}\n\n" + "\n".join("- " + (p if rng.random() < .5 else cut(p, 12)) for p in parts[1:])
    elif style == "table":
        text = "\n".join("| " + " | ".join([cut(p, 4), p if rng.random() < .4 else cut(p, 10), cut(p, 3)]) + " |" for p in parts)
    else:
        text = "\n".join(f"**{cut(p, 3)}:** {p if rng.random() < .5 else cut(p, 8)}" for p in parts)
    return text[:longest]


def make_pieces(lines, vectors, rng, n_fragments, n_passages):
    """Short fragments, and passages of 2 to 5 lines: three in four of lines near in meaning (the corpus is shuffled), one in four of any."""
    pieces = [f for f in (fragment(lines[i], rng) for i in rng.integers(0, len(lines), n_fragments)) if f]
    seeds = rng.integers(0, len(lines), n_passages)
    for seed, near in zip(seeds, neighbours(vectors, seeds, 24)):
        n = int(rng.integers(1, 5))
        others = rng.choice(near[1:], n, replace=False) if rng.random() < .75 else rng.integers(0, len(lines), n)
        parts = [lines[seed]] + [lines[i] for i in others]
        pieces.append(join([parts[i] for i in rng.permutation(len(parts))], rng))
    return pieces


# ---- vocabulary ----------------------------------------------------------------------------------------------------

def make_tokenizer(teacher, texts, lines, least):
    """The teacher's WordPiece tokenizer, less the tokens that English text has no use for, plus the words of the corpus that it
    would cut in pieces ("cybersecurity", "anonymization") and that at least `least` lines hold."""
    from tokenizers import Tokenizer
    spec = json.loads((teacher / "tokenizer.json").read_text(encoding="utf-8"))
    old = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    old.no_padding(); old.no_truncation()
    seen = {t for e in old.encode_batch(texts, add_special_tokens=False) for t in e.tokens}
    special = ["[PAD]", "[UNK]"]
    keep = [t for t, _ in sorted(spec["model"]["vocab"].items(), key=lambda kv: kv[1])
            if t not in special and (t in seen or (re.fullmatch(r"[!-~]+", t) and not re.fullmatch(r"\[.+\]", t)))]
    held = Counter(w for line in lines for w in set(re.findall(r"[a-z]{4,24}", line.lower())))
    known = set(keep)
    new = sorted(w for w, n in held.items() if n >= least and w not in known)
    vocabulary = special + keep + new
    spec.update(truncation=None, padding=None, post_processor=None)
    spec["model"]["vocab"] = {t: i for i, t in enumerate(vocabulary)}
    spec["added_tokens"] = [dict(t, id=special.index(t["content"])) for t in spec["added_tokens"] if t["content"] in special]
    return Tokenizer.from_str(json.dumps(spec)), vocabulary


def counts(tokenizer, texts):
    """Sparse token counts [texts, V]; padding and unknown tokens left out."""
    import scipy.sparse as sp
    ids = [[i for i in e.ids if i > 1] for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    rows = np.repeat(np.arange(len(ids)), [len(i) for i in ids])
    cols = np.fromiter((i for one in ids for i in one), np.int64, len(rows))
    return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, cols)), shape=(len(ids), tokenizer.get_vocab_size()))


# ---- the fit -------------------------------------------------------------------------------------------------------

def unit(x):
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)


def fit(A, Y, start, sample_weight, ridge, rounds, steps):
    """Token vectors W with unit(A @ W) near Y: ridge regression by conjugate gradient, pulled towards `start`; after each round
    every text is rescaled to the length that its sum came out with, so that it is the cosine that is fitted."""
    import scipy.sparse as sp
    W = start.copy()
    for turn in range(rounds):
        length = np.sqrt(np.asarray(A.multiply(A).sum(1))).ravel() if turn == 0 else np.linalg.norm(A @ W, axis=1)
        scale = np.sqrt(sample_weight) / (length + 1e-3)
        B = (sp.diags(scale.astype(np.float32)) @ A).tocsr(); BT = B.T.tocsr()
        T = Y * np.sqrt(sample_weight)[:, None]
        R = BT @ (T - B @ W) - ridge * (W - start)
        P, X, rs = R.copy(), W.copy(), (R * R).sum(0)
        for _ in range(steps):
            Q = BT @ (B @ P) + ridge * P
            a = rs / ((P * Q).sum(0) + 1e-12)
            X += a * P; R -= a * Q
            new = (R * R).sum(0); P = R + (new / (rs + 1e-12)) * P; rs = new
        W = X
        print(f"  round {turn + 1}: cosine to the teacher {float((unit(A @ W) * Y).sum(1).mean()):.4f} (texts fitted to)", flush=True)
    return W


# ---- what is shipped -----------------------------------------------------------------------------------------------

def quantise(W):
    """int8 rows and the f32 weight of each: W is about weights[:, None] * rows."""
    weights = np.abs(W).max(1) / 127
    rows = np.rint(W / np.maximum(weights, 1e-12)[:, None]).astype(np.int8)
    return rows, weights.astype(np.float32)


def document_frequencies(lines, least=5):
    """The reference table for BM25, as text."""
    held, length = Counter(), 0
    for line in lines:
        words = re.findall(r"[a-z0-9]+", line.lower())
        length += len(words); held.update(set(words))
    rows = [f"{w}\t{n}\n" for w, n in sorted(held.items()) if n >= least]
    return f"# passages {len(lines)} mean_tokens {length / len(lines):.3f}\n" + "".join(rows)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("corpus", help="a text a line, .gz or plain")
    p.add_argument("teacher", type=Path, help="folder of model.onnx and tokenizer.json")
    p.add_argument("work", type=Path, help="folder for the teacher's vectors, which are computed once")
    p.add_argument("out", type=Path, help="folder of the model")
    p.add_argument("--dimensions", type=int, default=256)
    p.add_argument("--threads", type=int, default=2)
    o = p.parse_args()
    o.work.mkdir(parents=True, exist_ok=True); o.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)

    lines = read_lines(o.corpus)
    line_vectors = teach(lines, o.teacher, o.work / "lines.npy", o.threads)
    test = np.arange(len(lines)) % HELD_OUT == 0
    pieces, piece_test = [], []
    for which, share in ((~test, 1), (test, 1 / HELD_OUT)):
        chosen = np.flatnonzero(which)
        made = make_pieces([lines[i] for i in chosen], line_vectors[chosen], rng, int(50_000 * share), int(36_000 * share))
        pieces += made; piece_test += [share < 1] * len(made)
    print(len(lines), "lines", len(pieces), "pieces", sum(map(len, pieces)) / len(pieces), "characters a piece", flush=True)
    piece_vectors = teach(pieces, o.teacher, o.work / "pieces.npy", o.threads)
    tokenizer, vocabulary = make_tokenizer(o.teacher, lines + pieces, lines, least=6)
    print(len(vocabulary), "tokens", flush=True)
    word_vectors = teach([t.removeprefix("##") for t in vocabulary], o.teacher, o.work / "words.npy", o.threads)


if __name__ == "__main__":
    main()
