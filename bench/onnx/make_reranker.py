#!/usr/bin/env python3
"""Write a cross-encoder that is small enough to make here: it tries the path that a real one takes, and knows little.

usage: make_reranker.py FOLDER     needs: pip install onnx numpy
Its graph has the inputs and the output of a real one (input_ids, attention_mask, token_type_ids; logits). The number it
gives is how many words of the text stand in the query too, by the words' ids in a vocabulary of some trades' words.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

WORDS = (
    "acceptance access accountability accuracy ai approval approved asset audit bias change control criteria data "
    "decision document error evidence fairness holdout impact incident law log management measure metric model "
    "monitoring objective operation owner performance person plan policy privacy procedure process quality record release "
    "report review risk role security set supplier system test testing training transparency use user validation "
    "verification"
)
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def tokenizer(words):
    vocabulary = {word: number for number, word in enumerate(SPECIAL + words)}
    special = lambda name, sort: {"SpecialToken": {"id": name, "type_id": sort}}
    text = lambda name, sort: {"Sequence": {"id": name, "type_id": sort}}
    added = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": number, "content": word, **added} for number, word in enumerate(SPECIAL)],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special("[CLS]", 0), text("A", 0), special("[SEP]", 0)],
            "pair": [special("[CLS]", 0), text("A", 0), special("[SEP]", 0), text("B", 1), special("[SEP]", 1)],
            "special_tokens": {name: {"id": name, "ids": [vocabulary[name]], "tokens": [name]} for name in ("[CLS]", "[SEP]")},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }


def graph(size):
    """logits = (how many words both texts have) - 1, counting each word once."""
    known = np.zeros(size, np.float32)
    known[len(SPECIAL):] = 1
    consts = [
        nh.from_array(np.array(size, np.int64), "size"),
        nh.from_array(np.array([0, 1], np.float32), "off_on"),
        nh.from_array(known, "known"),
        nh.from_array(np.array([2], np.int64), "last_axis"),
        nh.from_array(np.array([1], np.int64), "tokens_axis"),
        nh.from_array(np.array(1, np.float32), "middle"),
    ]
    nodes = [
        h.make_node("OneHot", ["input_ids", "size", "off_on"], ["words"], axis=-1),
        h.make_node("Cast", ["token_type_ids"], ["in_text"], to=T.FLOAT),
        h.make_node("Cast", ["attention_mask"], ["there"], to=T.FLOAT),
        h.make_node("Sub", ["there", "in_text"], ["in_query"]),
    ]
    for part in ("text", "query"):
        nodes += [
            h.make_node("Unsqueeze", [f"in_{part}", "last_axis"], [f"{part}_column"]),
            h.make_node("Mul", ["words", f"{part}_column"], [f"{part}_words"]),
            h.make_node("ReduceMax", [f"{part}_words", "tokens_axis"], [f"{part}_has"], keepdims=0),
        ]
    nodes += [
        h.make_node("Mul", ["text_has", "query_has"], ["both"]),
        h.make_node("Mul", ["both", "known"], ["shared"]),
        h.make_node("ReduceSum", ["shared", "tokens_axis"], ["count"], keepdims=1),
        h.make_node("Sub", ["count", "middle"], ["logits"]),
    ]
    ids = lambda name: h.make_tensor_value_info(name, T.INT64, ["batch", "tokens"])
    inputs = [ids("input_ids"), ids("attention_mask"), ids("token_type_ids")]
    return h.make_graph(nodes, "words-in-common", inputs, [h.make_tensor_value_info("logits", T.FLOAT, ["batch", 1])], consts)


def main():
    folder = pathlib.Path(sys.argv[1])
    words = sorted(set(WORDS.split()))
    model = h.make_model(graph(len(SPECIAL) + len(words)), opset_imports=[h.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer(words), indent=1), "utf-8")


main()
