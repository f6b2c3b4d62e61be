"""Turn the 4-bit weights into a sentence-transformers folder, and that into ONNX, mostly int8.

Run once, by `builtin_model`; everything heavy is imported here and nowhere else.
"""

import json
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime.quantization
import torch
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from vectorstore.embedding import onnx_blocks
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.onnx_embedder import (
    PASSAGE_PROMPT,
    QUERY_PROMPT,
    TOKEN_LIMIT,
    TOKENIZER_FILE,
)
from vectorstore.embedding.quantised_weights import QuantisedWeights, Shape, TokenList
from vectorstore.errors import ModelUnavailableError

FLOAT_ONNX = "model.onnx"
FLOAT_WEIGHTS = "model.safetensors"
PARTLY_INT8 = "partly_int8.onnx"
SENTENCES = (
    "Street lighting was renewed along the canal in 2019.",
    "La médiation de quartier apaise les conflits entre voisins.",
    "De gemeenteraad keurde het veiligheidsplan goed.",
    "Die Stadt stellt drei Streetworker ein.",
)
WORST_COSINE = 0.995  # 0.9981 at worst over 80 paragraphs and 400 questions.


def write_sentence_transformer(data: bytes, folder: Path) -> None:
    """Write a folder that sentence-transformers loads as it is."""
    quiet: Any = transformers_logging  # its functions are untyped
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    weights = QuantisedWeights(data)
    (folder / "1_Pooling").mkdir(parents=True)
    save_file(_bert_tensors(weights), folder / FLOAT_WEIGHTS, {"format": "pt"})
    _tokenizer(weights.vocabulary).save(str(folder / TOKENIZER_FILE))
    package = "sentence_transformers.models"
    contents: dict[str, object] = {
        "config.json": _bert_config(weights.shape, weights.vocabulary),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "model_max_length": TOKEN_LIMIT,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}
        },
        "sentence_bert_config.json": {"max_seq_length": TOKEN_LIMIT},
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def export_onnx(folder: Path) -> None:
    """Export the transformer to ONNX beside its weights, in 32-bit floats."""
    model = AutoModel.from_pretrained(
        folder, attn_implementation="eager", add_pooling_layer=False, local_files_only=True
    ).eval()
    example = torch.ones(2, 16, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    names = ("input_ids", "attention_mask", "last_hidden_state")
    with warnings.catch_warnings():
        # The exporter without dynamo is deprecated, but it is the one that keeps both axes free.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _HiddenStates(model),
            (example, example),
            str(folder / FLOAT_ONNX),
            input_names=list(names[:2]),
            output_names=[names[2]],
            dynamic_axes=dict.fromkeys(names, axes),
            opset_version=17,
            dynamo=False,
        )


def quantise(folder: Path, name: str) -> None:
    """Write the file that is used: products in int8, but for those that suffer from it.

    int8 is per channel, since per tensor ranks visibly worse. What enters the second product of a
    feed-forward layer has outliers; in int8 they cost seven tenths of all that is lost
    (decisions.md). These products keep their weights as the blocks they came in, and so do words.
    """
    graph = onnx.load(folder / FLOAT_ONNX).graph
    exact = [each.name for each in graph.node if _is_sensitive(each)]
    logging.disable(logging.WARNING)  # It advises a pre-processing that changes nothing here.
    try:
        onnxruntime.quantization.quantize_dynamic(
            folder / FLOAT_ONNX,
            folder / PARTLY_INT8,
            weight_type=onnxruntime.quantization.QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=exact,
        )
    finally:
        logging.disable(logging.NOTSET)
    onnx_blocks.pack(folder / PARTLY_INT8, folder / name)


def _is_sensitive(node: onnx.NodeProto) -> bool:
    return node.name.endswith("/output/dense/MatMul") and "/attention/" not in node.name


def check_agreement(folder: Path, embedder: Embedder) -> None:
    """Compare with sentence-transformers in fp32. Raises ModelUnavailableError if they differ."""
    original = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    expected = original.encode_document(list(SENTENCES), normalize_embeddings=True)
    cosines = np.sum(np.asarray(expected) * embedder.embed_passages(SENTENCES), axis=1)
    if cosines.min() < WORST_COSINE:
        msg = (
            f"the prepared embedding model differs from its original (cosine {cosines.min():.3f}, "
            f"at least {WORST_COSINE} expected): this processor may not be supported; "
            "set FORUM_EMBEDDING_MODEL to another model"
        )
        raise ModelUnavailableError(msg)


def drop_float_files(folder: Path) -> None:
    """Delete what only the conversion needed: a gigabyte."""
    for name in (FLOAT_ONNX, FLOAT_WEIGHTS, PARTLY_INT8):
        (folder / name).unlink()


class _HiddenStates(torch.nn.Module):
    """The transformer with its last hidden state as the only output."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        output = self.model(input_ids=input_ids, attention_mask=attention_mask)
        hidden: torch.Tensor = output.last_hidden_state
        return hidden


def _bert_config(shape: Shape, vocabulary: TokenList) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": vocabulary.pad,
    }


def _bert_tensors(weights: QuantisedWeights) -> dict[str, Any]:
    shape = weights.shape
    hidden, wide = shape.hidden, shape.feed_forward
    tensors = {
        "embeddings.word_embeddings.weight": weights.tensor("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": weights.tensor("emb.pos", shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": weights.tensor(
            "emb.type", shape.token_types, hidden
        ),
        "embeddings.LayerNorm.weight": weights.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": weights.tensor("emb.ln.b", hidden),
    }
    linear = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", wide, hidden),
        "output.dense": ("fo", hidden, wide),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(shape.layers):
        for name, (short, rows, columns) in linear.items():
            key = f"encoder.layer.{layer}.{name}"
            tensors[f"{key}.weight"] = weights.tensor(f"l{layer}.{short}.w", rows, columns)
            tensors[f"{key}.bias"] = weights.tensor(f"l{layer}.{short}.b", rows)
        for name, short in norms.items():
            key = f"encoder.layer.{layer}.{name}"
            tensors[f"{key}.weight"] = weights.tensor(f"l{layer}.{short}.w", hidden)
            tensors[f"{key}.bias"] = weights.tensor(f"l{layer}.{short}.b", hidden)
    return {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}


def _tokenizer(vocabulary: TokenList) -> Tokenizer:
    """Return XLM-RoBERTa's unigram tokenizer: Nmt and NFKC, spaces collapsed, Metaspace."""
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unknown))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    special = ("<s>", "<pad>", "</s>", "<unk>")
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in special])
    return tokenizer
