"""The embedding models: the built-in one, and any of sentence-transformers."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from vectorstore.embedding import builtin_model, prepared
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.onnx_embedder import (
    MODEL_FILE,
    TOKENIZER_FILE,
    OnnxEmbedder,
    at_work,
    shared_tokenizer,
)
from vectorstore.embedding.sentence_transformer import (
    SentenceTransformerEmbedder,
)
from vectorstore.errors import ModelUnavailableError
from vectorstore.manifest import Embedding

TEXTS = ["Street lighting", "", "Straßenbeleuchtung in der Stadt", "caméras " * 900]


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny model of another kind, saved as sentence-transformers saves its models."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    words = ["street", "lighting", "town", "camera", "[UNK]"]
    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=words[-1])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(3).standard_normal((len(words), 16)).astype(np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return str(folder)


@pytest.fixture(params=["built-in", "other"])
def embedder(
    request: pytest.FixtureRequest, builtin_embedder: OnnxEmbedder, other_model: str
) -> Embedder:
    if request.param == "built-in":
        return builtin_embedder
    return SentenceTransformerEmbedder(other_model)


def test_each_text_has_a_row_of_the_stated_size(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32


def test_rows_have_unit_length(embedder: Embedder) -> None:
    lengths = np.linalg.norm(embedder.embed_queries(["street lighting", "town"]), axis=1)

    assert lengths == pytest.approx([1.0, 1.0], abs=1e-4)


def test_a_text_has_the_same_vector_alone_and_in_company(embedder: Embedder) -> None:
    alone = embedder.embed_passages(["street lighting"])
    together = embedder.embed_passages(["town " * 50, "street lighting", "camera"])

    # int8 scales its activations by batch, which moves a vector a little.
    assert float(alone[0] @ together[1]) > 0.995


def test_progress_ends_with_all_of_them(embedder: Embedder) -> None:
    heard: list[int] = []

    embedder.embed_passages(["street"] * 70, progress=heard.append)

    assert heard[-1] == 70
    assert heard == sorted(heard)


def test_no_texts_are_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_tokens_are_counted_beyond_the_limit(embedder: Embedder) -> None:
    assert embedder.count_tokens("town " * 2000) >= 2000
    assert embedder.token_limit > 0


def test_a_longer_text_than_the_model_takes_has_the_vector_of_what_fits(
    builtin_embedder: OnnxEmbedder,
) -> None:
    limit = builtin_embedder.token_limit  # in tokens: "town" is one
    longer, *fitting = builtin_embedder.embed_passages(
        [" ".join(["town"] * many) for many in (2000, limit, limit + 1)]
    )

    assert max(longer @ each for each in fitting) > 0.9999


def test_models_with_the_same_tokenizer_share_it(tmp_path: Path) -> None:
    folder = builtin_model.default_folder()
    shutil.copy(folder / TOKENIZER_FILE, tmp_path)

    assert shared_tokenizer(tmp_path) is shared_tokenizer(folder)


def test_who_asks_while_every_core_is_at_work_waits_until_one_is_free(
    builtin_embedder: OnnxEmbedder,
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with ExitStack() as others:
            for _ in range(os.cpu_count() or 1):
                others.enter_context(at_work)
            vectors = pool.submit(builtin_embedder.embed_queries, ["street lighting"])
            with pytest.raises(TimeoutError):
                vectors.result(timeout=0.3)

        assert vectors.result().shape == (1, builtin_embedder.dimension)


def test_the_built_in_model_finds_the_same_meaning_in_another_language(
    builtin_embedder: OnnxEmbedder,
) -> None:
    question = builtin_embedder.embed_queries(["Wer bezahlt die Straßenbeleuchtung?"])[0]
    right, wrong = builtin_embedder.embed_passages(
        ["The region pays for the street lamps.", "Dogs are not allowed in the library."]
    )

    assert question @ right > question @ wrong


def test_two_models_have_two_fingerprints(builtin_embedder: OnnxEmbedder, other_model: str) -> None:
    ours, other = (
        Embedding.of(builtin_embedder),
        Embedding.of(SentenceTransformerEmbedder(other_model)),
    )

    ours.check(Embedding.of(builtin_embedder))
    with pytest.raises(Exception, match="does not fit"):
        ours.check(other)


def test_a_model_that_is_nowhere_is_named_with_what_to_do() -> None:
    with pytest.raises(ModelUnavailableError, match=r"no/such-model.*FORUM_EMBEDDING_MODEL"):
        SentenceTransformerEmbedder("no/such-model")


def test_a_model_that_is_not_prepared_says_how(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="make install"):
        builtin_model.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [MODEL_FILE, "tokenizer.json", "prepared.json"])
def test_a_damaged_model_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(builtin_model.default_folder(), folder)
    path = folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(ModelUnavailableError, match="make install"):
        builtin_model.load(folder)


def test_an_interrupted_preparation_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(builtin_model.default_folder(), folder)
    (folder / prepared.SEAL).unlink()

    assert not builtin_model.is_prepared(folder)


def test_a_prepared_model_is_not_prepared_again() -> None:
    steps: list[str] = []

    builtin_model.prepare(builtin_model.default_folder(), steps.append)

    assert steps == []


def test_other_weights_than_the_pinned_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builtin_model, "DATA_SHA256", "0" * 64)

    with pytest.raises(ModelUnavailableError, match="not the pinned file"):
        builtin_model.prepare(tmp_path / "model", lambda _: None)
    assert not (tmp_path / "model").exists()
