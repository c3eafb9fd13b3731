"""Draw token vectors and checks together where a passage is evidence for a check: the second fit of train.py.

The teacher knows which texts are alike; it does not know that "Ingrid showed the holdout run, agreed limit 90" is evidence for a check on
validation criteria, nor that the same words about a boiler are none. The passages of training/ say so. Only their `fit` half is learned from;
the `validation` half (other organisations, other voices) measures, here and in tests/training.rs.
"""
import json, math, tomllib

import numpy as np
import scipy.sparse as sp

RATE, BATCH = 1e-3, 128
CORPUS_BATCH, STRUCTURE = 256, 10.0  # text of the corpus in each step, and how much its similarities to each other count
SHARPNESS = .6   # of the softmax over a framework's probes, per standard deviation of similarity
MARGIN = 3.0     # standard deviations at which a hard negative counts half
ABSENT = .04     # weight of telling a document's passages from a probe of a requirement that the whole document shows nothing of
JOIN = .5        # share of passages that are joined with another of the same organisation, as documents join them
CHECKS_RATE, CHECKS_PULL = 2.0, .02  # how fast the probes' vectors move, against the tokens', and what draws them back to the teacher's


def probes(catalogues):
    """[(framework, requirement, check or None)] and their texts, as evidence/src/catalogue.rs makes them."""
    names, texts = [], []
    for path in catalogues:
        catalogue = tomllib.loads(path.read_text(encoding="utf-8"))
        framework = catalogue["framework"]["id"]
        for r in catalogue["requirement"]:
            names.append((framework, r["id"], None))
            texts.append(f"{r['title']}. {r['summary']} {', '.join(r['terms'])}")
            for check in r["check"]:
                names.append((framework, r["id"], check["id"]))
                texts.append(check["text"])
    return names, texts


def passages(files):
    return [json.loads(line) for path in sorted(files) for line in path.read_text(encoding="utf-8").splitlines()]


def text_of(passage):
    return ((passage.get("heading") or "") + "\n" + passage["text"]).strip()


def places(names):
    """Where each probe stands, and where those of each requirement stand."""
    of = {}
    for i, name in enumerate(names):
        of.setdefault(name[:2], []).append(i)
    return {name: i for i, name in enumerate(names)}, of


def labels(items, names):
    """(passage bears on probe, passage is a hard negative for probe), each [passages, probes]."""
    at, of = places(names)
    bears, near = np.zeros((len(items), len(names)), np.float32), np.zeros((len(items), len(names)), np.float32)
    for k, item in enumerate(items):
        for framework, requirement, check, _ in item.get("bears", []):
            bears[k, at[framework, requirement, check]] = bears[k, at[framework, requirement, None]] = 1
        for framework, requirement in item.get("near", []):
            near[k, of[framework, requirement]] = 1
    return bears, near


def unit(x):
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + 1e-9)


def background(vectors):
    mean = vectors.mean(0)
    return mean, (vectors - mean).T @ (vectors - mean) / len(vectors)


def deviations(checks, mean, covariance):
    """Mean and deviation of unrelated text's similarity to each probe."""
    return checks @ mean, np.sqrt(np.einsum("id,de,ie->i", checks, covariance, checks))


# How firmly evidence is told from hard negatives, beside ranking, and general text held to the teacher's vectors, what share of the tokens is
# left out at random, and how often each text is seen: fitted to passages alone, and to all that there is.
PASSAGES = {"hard": 1.0, "hold": 2.0, "drop": .3, "epochs": 6}
ALL = {"hard": 2.0, "hold": 2.0, "drop": .5, "epochs": 12}
# Runs of each kind. What is shipped is their mean, in which those that learned from all count twice: they grade documents better, the others
# rank texts of other kinds better, and a single run's ranking hangs on its seed (averaging in weight space: Wortsman and others, Model soups, 2022).
RUNS, WEIGHTS = 3, [1, 2]


class Adam:
    def __init__(self, like):
        self.first, self.second = np.zeros_like(like), np.zeros_like(like)

    def step(self, rows, gradient, t):
        self.first[rows] = .9 * self.first[rows] + .1 * gradient
        self.second[rows] = .99 * self.second[rows] + .01 * gradient ** 2
        return (self.first[rows] / (1 - .9 ** t)) / (np.sqrt(self.second[rows] / (1 - .99 ** t)) + 1e-8)


def draw(W, checks, names, X, bears, near, absent, organisations, corpus, targets, spread, silent, rng, hard, hold, drop, epochs):
    """Token vectors [V, D] and probe vectors [probes, D] after the fit.

    X holds token counts of the passages; `bears` (0 to 1), `near` and `absent` [passages, probes] say what each is evidence for, what it only
    looks like, and what nothing in its document bears on; `corpus` and `targets` counts and teacher's vectors of general text, `spread` (mean, covariance) the
    background of the vectors at the start, `silent` the tokens that count nothing. A passage is ranked by a softmax over each framework's
    probes and told from hard negatives by a logistic curve; general text is held to the teacher."""
    W, C, taught = W.copy(), checks.copy(), checks.copy()
    mean, deviation = deviations(C, *spread)
    frameworks = [np.array([n[0] == f for n in names]) for f in dict.fromkeys(n[0] for n in names)]
    mates = {}
    for k, organisation in enumerate(organisations):
        mates.setdefault(organisation, []).append(k)
    tokens, probes_ = Adam(W), Adam(C)
    batches = -(-X.shape[0] // BATCH)
    t = 0
    for _ in range(epochs):
        for b in np.array_split(rng.permutation(X.shape[0]), batches):
            joined = rng.random(len(b)) < JOIN
            mate = np.array([rng.choice(mates[organisations[k]]) for k in b])
            Y = np.maximum(bears[b], bears[mate] * joined[:, None])
            H = np.where(Y > 0, 0, np.maximum(near[b], near[mate] * joined[:, None]))
            c = rng.choice(corpus.shape[0], CORPUS_BATCH, replace=False)
            Q = sp.vstack([X[b] + sp.diags(joined.astype(np.float32)) @ X[mate], corpus[c]]).tocsr()
            Q.data = Q.data * (rng.random(len(Q.data)) >= drop)
            used, column = np.unique(Q.indices, return_inverse=True)
            P = sp.csr_matrix((Q.data, column, Q.indptr), shape=(Q.shape[0], len(used)))
            U = P @ W[used]
            length = np.linalg.norm(U, axis=1, keepdims=True) + 1e-6
            U /= length
            n = len(b)
            z = (U[:n] @ C.T - mean) / deviation
            dz = np.zeros_like(z)
            for own in frameworks:
                y = Y[:, own]
                e = np.exp(SHARPNESS * (z[:, own] - z[:, own].max(1, keepdims=True)))
                wanted = y / np.maximum(y.sum(1, keepdims=True), 1e-6)
                dz[:, own] += SHARPNESS * (e / e.sum(1, keepdims=True) - wanted) * y.max(1, keepdims=True) / n
            p = 1 / (1 + np.exp(MARGIN - z))
            dz += (hard / 3 * (p * H + (p - 1) * Y) + ABSENT * p * absent[b] * (H == 0) * (Y == 0)) / n
            dU = np.zeros_like(U)
            dU[:n] = (dz / deviation) @ C
            T, G = targets[c], U[n:]
            dU[n:] = -hold * (T / CORPUS_BATCH + (4 * STRUCTURE / CORPUS_BATCH ** 2) * ((T @ T.T - G @ G.T) @ G))
            dU -= (dU * U).sum(1, keepdims=True) * U
            t += 1
            rate = RATE * min(1, t / 20) * .5 * (1 + math.cos(math.pi * t / (batches * epochs)))
            W[used] -= rate * tokens.step(used, P.T @ (dU / length), t)
            W[silent] = 0
            dC = (dz / deviation).T @ U[:n] + CHECKS_PULL * (C - taught)
            dC -= (dC * C).sum(1, keepdims=True) * C
            C = unit(C - CHECKS_RATE * rate * probes_.step(slice(None), dC, t))
    return W, C


def field(vectors, is_field, l2=5e-4, steps=300):
    """Weights [D + 1] (the intercept last) of the log-odds that a passage speaks of a framework's field, by logistic regression."""
    w, first, second, intercept = np.zeros(vectors.shape[1]), 0.0, 0.0, 0.0
    for t in range(1, steps + 1):
        p = 1 / (1 + np.exp(-(vectors @ w + intercept)))
        g = vectors.T @ (p - is_field) / len(is_field) + l2 * w
        first, second = .9 * first + .1 * g, .99 * second + .01 * g * g
        w -= .05 * (first / (1 - .9 ** t)) / (np.sqrt(second / (1 - .99 ** t)) + 1e-8)
        intercept -= .5 * (p - is_field).mean()
    return np.append(w, intercept).astype(np.float32)


# The share of the passages of documents without evidence for a framework that may be taken for ones of its field, and the log-odds from which a passage
# is (thresholds.field of config/rubric.toml).
FIELD_FALSE, FIELD_BAR = .07, -.5


def field_examples(items, framework):
    """[(passage, whether it speaks of the field)]: evidence for the framework against evidence for others and against the right words about something else."""
    told = []
    for item in items:
        is_security = item.get("why") == "security-not-ai"
        own = any(b[0] == framework for b in item.get("bears", [])) or is_security and framework == "iso27001"
        if own or is_security or item.get("bears") or item.get("why") == "other-subject":
            told.append((item, float(own)))
    return told


def ranking(z, items, names, rows):
    """Mean average precision of the requirements of each framework over `rows`, by the mean of a requirement's two best probes."""
    _, of = places(names)
    means = {}
    for framework in dict.fromkeys(n[0] for n in names):
        requirements = [r for r in of if r[0] == framework]
        scores = np.stack([np.sort(z[:, of[r]], 1)[:, -2:].mean(1) for r in requirements], 1)
        precisions = []
        for k in rows:
            wanted = {b[1] for b in items[k].get("bears", []) if b[0] == framework}
            if wanted:
                hits = np.flatnonzero([requirements[i][1] in wanted for i in np.argsort(-scores[k])])
                precisions.append(np.mean([(i + 1) / (at + 1) for i, at in enumerate(hits)]))
        means[framework] = float(np.mean(precisions))
    return means
