#!/usr/bin/env python3
"""Make sufficit's static embedding model: one vector a token, fitted to the sentence vectors of all-MiniLM-L6-v2, then drawn to our
catalogue's checks by the passages of training/ (contrast.py). CPU only, seeded.

    pip install -r requirements.txt
    python train.py CORPUS TEACHER WORK static-en

CORPUS   a text a line, .gz or plain (81,316 lines of public-domain or permissively licensed text; it is not part of the project)
TEACHER  a folder with the teacher as model.onnx (last_hidden_state, [batch, tokens, 384]) and its tokenizer.json
WORK     a folder for the teacher's vectors, which take nearly all of the time and are computed once: delete them when the corpus changes
static-en  where the model goes: model.safetensors, checks.safetensors, tokenizer.json, config.json, df.tsv

vector(text) = unit(sum over tokens t of weights[t] * embeddings[t]). The texts to fit are the lines, fragments of lines (as headings
and cells have them) and passages that join 2 to 5 lines as prose, lists, sections, tables and forms. Every 27th line and all
that is made of it is held out. What was measured stands in README.md.
"""
import argparse, gzip, hashlib, json, math, re
from collections import Counter
from pathlib import Path

import numpy as np

import contrast
import graded
from contrast import unit

SEED = 42001
VERSION = "4"
START, EPOCHS, RATE, PULL, STRUCTURE, DROP = .05, 6, 4e-3, 2e-5, 10.0, .15  # see fit()
HERE = Path(__file__).resolve().parent
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

def fit(A, Y, start, weight, rng, epochs, rate, pull, structure, drop, batch=512):
    """Token vectors W with unit(A @ W) near Y: Adam on 1 - cosine, touching only the tokens of each batch. `structure` adds the squared
    difference of all similarities within a batch to the teacher's; `pull` draws each token towards where it started; a share `drop` of the tokens
    is left out of each batch, at random."""
    import scipy.sparse as sp
    W, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    batches = -(-A.shape[0] // batch)
    step = 0
    for epoch in range(epochs):
        total = 0.0
        for b in np.array_split(rng.permutation(A.shape[0]), batches):
            rows = A[b]
            rows.data *= rng.random(len(rows.data)) >= drop
            used, column = np.unique(rows.indices, return_inverse=True)
            B = sp.csr_matrix((rows.data, column, rows.indptr), shape=(len(b), len(used)))
            U = B @ W[used]
            length = np.linalg.norm(U, axis=1, keepdims=True) + 1e-6
            U /= length
            share = (weight[b] / weight[b].sum())[:, None]
            total += float((share * (1 - (U * Y[b]).sum(1, keepdims=True))).sum())
            towards = share * Y[b] + (4 * structure / len(b) ** 2) * ((Y[b] @ Y[b].T - U @ U.T) @ U)
            gradient = B.T @ ((U * (U * towards).sum(1, keepdims=True) - towards) / length) + pull * (W[used] - start[used])
            step += 1
            first[used] = .9 * first[used] + .1 * gradient
            second[used] = .99 * second[used] + .01 * gradient ** 2
            r = rate * min(1, step / 50) * .5 * (1 + math.cos(math.pi * step / (epochs * batches)))
            W[used] -= r * (first[used] / (1 - .9 ** step)) / (np.sqrt(second[used] / (1 - .99 ** step)) + 1e-8)
        print(f"  epoch {epoch + 1}: cosine {1 - total / batches:.4f}", flush=True)
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

    texts, Y, held = lines + pieces, np.concatenate([line_vectors, piece_vectors]), np.concatenate([test, piece_test])
    kind = np.array(["line"] * len(lines) + ["passage" if len(p) > 120 else "fragment" for p in pieces])
    A = counts(tokenizer, texts)
    basis = np.linalg.eigh(Y[~held].T @ Y[~held])[1][:, ::-1][:, :o.dimensions]  # the teacher's main directions, not centred
    T = unit(Y @ basis)
    df = np.asarray((A[:len(lines)] > 0).sum(0)).ravel()
    idf = np.log((len(lines) + 1) / (df + 1)).astype(np.float32)
    idf[[t.startswith("##") for t in vocabulary]] *= .5
    start = unit(word_vectors @ basis) * idf[:, None] * START
    weight = np.select([kind == "line", kind == "passage"], [1.0, 1.0], .5).astype(np.float32)
    print("fit", flush=True)
    W = fit(A[~held], T[~held], start, weight[~held], rng, EPOCHS, RATE, PULL, STRUCTURE, DROP)
    numbers = np.array([t.removeprefix("##").isdigit() for t in vocabulary])
    silent = numbers | (np.arange(len(vocabulary)) < 2)  # [PAD], [UNK] and numbers say nothing of a subject
    W[silent] = 0

    print("draw", flush=True)
    import scipy.sparse as sp
    names, probe_texts = contrast.probes([HERE / f"../config/catalogue/{f}.toml" for f in ("iso42001", "iso27001")])
    # The catalogue changes more often than the corpus, and is small.
    (o.work / "checks.npy").unlink(missing_ok=True)
    taught = unit(teach(probe_texts, o.teacher, o.work / "checks.npy", o.threads) @ basis)
    items = contrast.passages((HERE / "training").glob("*.jsonl"))
    bears, near = contrast.labels(items, names)
    learn = np.array([item["split"] == "fit" for item in items])
    X = counts(tokenizer, [contrast.text_of(item) for item in items])
    parts, shown, hard, absent = graded.examples(HERE / "training/graded", names)
    answers = [answer for answer in contrast.passages((HERE / "training/answers").glob("*.jsonl")) if answer["split"] == "fit"]
    print(len(items), "passages", len(answers), "answers", len(parts), "passages of graded documents", flush=True)
    general = kind != "fragment"
    spread = lambda W: contrast.background(unit(A[general] @ W))

    def measure(what, W, checks):
        mean, covariance = spread(W)
        offset, deviation = contrast.deviations(checks, mean, covariance)
        z = (unit(X @ W) @ checks.T - offset) / deviation
        for half, rows in (("fit", learn), ("validation", ~learn)):
            means = contrast.ranking(z, items, names, np.flatnonzero(rows))
            print(f"{what}, {half} half: " + ", ".join(f"{f} MAP {m:.3f}" for f, m in means.items()), flush=True)

    measure("before", W, taught)
    voices = [item["organisation"] for item in items if item["split"] == "fit"]
    passages = X[learn], bears[learn], near[learn], np.zeros_like(near[learn]), voices
    answered, mistaken = contrast.labels(answers, names)
    both = (sp.vstack([passages[0], counts(tokenizer, [contrast.text_of(text) for text in answers + parts])]).tocsr(),
            *(np.concatenate(three) for three in zip(passages[1:4], (answered, mistaken, np.zeros_like(mistaken)), (shown, hard, absent))),
            voices + [text["organisation"] for text in answers + parts])
    runs = []
    for seed in range(1, contrast.RUNS + 1):
        for what, learned, firmness in (("passages", passages, contrast.PASSAGES), ("all", both, contrast.ALL)):
            general_text = A[~held], T[~held], spread(W), silent, np.random.default_rng(seed)
            runs.append(contrast.draw(W, taught, names, *learned, *general_text, **firmness))
            measure(f"{what}, run {seed}", *runs[-1])
    W, checks = (np.average(run, axis=0, weights=contrast.WEIGHTS * contrast.RUNS) for run in zip(*runs))
    checks = unit(checks)
    measure("their mean", W, checks)
    fields = {}
    for framework in ("iso42001", "iso27001"):
        told, of_documents = contrast.field_examples(items, framework), graded.field_examples(HERE / "training/graded", framework)
        vectors = unit(counts(tokenizer, [contrast.text_of(text) for text, _ in told + of_documents]) @ W)
        speaks = np.array([yes for _, yes in told + of_documents])
        half = np.array([text["split"] == "fit" for text, _ in told + of_documents])
        field = contrast.field(vectors[half], speaks[half])
        odds = (vectors @ field[:-1] + field[-1])[len(told):][~half[len(told):]]
        is_of = speaks[len(told):][~half[len(told):]] == 1
        bar = np.quantile(odds[~is_of], 1 - contrast.FIELD_FALSE)
        field[-1] += contrast.FIELD_BAR - bar
        fields[f"field.{framework}"] = field
        print(f"field of {framework}, validation half of the documents: area under the curve {(odds[is_of][:, None] > odds[~is_of]).mean():.3f}, "
              f"found {(odds[is_of] >= bar).mean():.2f} where {contrast.FIELD_FALSE:.2f} are found falsely", flush=True)
    rows, weights = quantise(W)
    shipped = rows * weights[:, None]
    vectors = unit(A @ shipped)
    for k in ("line", "fragment", "passage"):
        x = held & (kind == k)
        print(f"cosine to the teacher, held-out {k}s ({x.sum()}): in {o.dimensions} dimensions {(vectors[x] * T[x]).sum(1).mean():.4f}, "
              f"in 384 {(vectors[x] * (Y[x] @ basis)).sum(1).mean():.4f}")

    mean, covariance = contrast.background(vectors[general])
    from safetensors.numpy import save_file
    save_file({"embeddings": rows, "weights": weights, "background_mean": mean.astype(np.float32),
               "background_covariance": covariance.astype(np.float32)}, o.out / "model.safetensors")
    digests = np.array([list(hashlib.sha256(text.encode()).digest()[:8]) for text in probe_texts], np.uint8)
    save_file({"digests": digests, "vectors": np.rint(checks / np.abs(checks).max(1, keepdims=True) * 127).astype(np.int8),
               **fields}, o.out / "checks.safetensors")
    for name in ("model.safetensors", "checks.safetensors"):
        (o.out / name).chmod(0o644)
    (o.out / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (o.out / "config.json").write_text(json.dumps({
        "model_type": "model2vec", "architectures": ["StaticModel"], "name": "static-en", "version": VERSION,
        "teacher": "sentence-transformers/all-MiniLM-L6-v2", "language": "en", "hidden_dim": o.dimensions, "dimensions": o.dimensions,
        "vocabulary": len(vocabulary), "dtype": "int8", "seq_length": 1000000, "normalize": True, "background_passages": int(general.sum())}, indent=2) + "\n", encoding="utf-8")
    (o.out / "df.tsv").write_text(document_frequencies(lines), encoding="utf-8")
    np.save(o.work / "f32.npy", W)  # for measuring what int8 costs
    np.save(o.work / "basis.npy", basis)  # [384, dimensions]: unit(teacher's vector @ basis) lies in the model's space


if __name__ == "__main__":
    main()
