"""Train the reader: which passage answers a question, where in it, and whether any does.

    python benchmarks/reader/train.py DATA --out FOLDER [--start WEIGHTS] [--questions N]

DATA holds the sets (`benchmarks/reader/questions.py` tells their forms). A checkpoint is written to
FOLDER every few minutes and taken up again by the same command, with the same result as without the
stop. What is kept are averages over the last thousand steps, so that it may be stopped at any time.
`--evaluate` only measures, on documents that are kept apart. `--start` goes on from the changed
layers of another training, or from those that ship (vectorstore/reader/reader.safetensors).
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from assistant.answering.reading import MOST_READ, READER_WEIGHT
from benchmarks.reader import searching
from benchmarks.reader.questions import (
    ReadPassage,
    ReadQuestion,
    Rounds,
    asked_documents,
    forum_questions,
    nearness,
    public_questions,
)
from vectorstore.embedding import builtin_model, model_conversion
from vectorstore.reader.conversion import (
    FROZEN_LAYERS,
    SCALE,
    ReaderModule,
    apply_changes,
    pack_changes,
)
from vectorstore.reader.encoding import ReaderEncoding, ReaderInput

QUESTIONS_A_STEP = 6
PASSAGES_A_BATCH = 8
RATE, WARM_UP, DECAY = 4e-5, 60, 0.01
ORDER = 0.5
"""What the loss of the order by search and reader together weighs beside that of the units."""
AVERAGE = 0.998
SAVE_EVERY = 25  # steps


class Training:
    """The model, its optimiser, and the average of the weights so far."""

    def __init__(self, model: ReaderModule, out: Path) -> None:
        self.model, self.out, self.step = model, out, 0
        model.freeze_lower()
        _attend_quickly(model.body)
        self._trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self._optimiser = torch.optim.AdamW(self._trained, weight_decay=DECAY)
        self.average = {name: each.detach().clone() for name, each in model.changed().items()}

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one."""
        path = self.out / "checkpoint.pt"
        if path.is_file():
            saved = torch.load(path, weights_only=True)
            self.model.load_state_dict(saved["model"], strict=False)
            self._optimiser.load_state_dict(saved["optimiser"])
            self.average, self.step = saved["average"], saved["step"]

    def save(self) -> None:
        """Write the checkpoint, and the averaged weights beside it."""
        saved = {"model": self.model.changed(), "optimiser": self._optimiser.state_dict()}
        scratch = self.out / "checkpoint.new"
        torch.save({**saved, "average": self.average, "step": self.step}, scratch)
        scratch.replace(self.out / "checkpoint.pt")
        halves = {name: each.half().contiguous() for name, each in self.average.items()}
        save_file(halves, self.out / "changed_layers.safetensors")

    def learn(self, questions: Sequence[ReadQuestion], encoding: ReaderEncoding) -> float:
        """Take one step, always the same for the same step, and return the loss."""
        self.model.train()
        self.model.body.embeddings.eval()
        for layer in self.model.body.encoder.layer[:FROZEN_LAYERS]:
            layer.eval()
        torch.manual_seed(self.step)
        loss = _loss(questions, self.model, encoding)
        for group in self._optimiser.param_groups:
            group["lr"] = RATE * min(1.0, (self.step + 1) / WARM_UP)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call] # torch has no type here
        torch.nn.utils.clip_grad_norm_(self._trained, 1.0)
        self._optimiser.step()
        self.step += 1
        keep = min(AVERAGE, self.step / (self.step + 10))
        for name, each in self.model.changed().items():
            self.average[name].lerp_(each.detach(), 1 - keep)
        return loss.item()


def _attend_quickly(body: Any) -> None:  # noqa: ANN401 - transformers has no types for it
    """Have torch's fused attention, which drops nothing out: half as fast again on two cores."""
    body.set_attn_implementation("sdpa")
    for layer in body.encoder.layer:
        layer.attention.self.dropout.p = 0.0


def _loss(
    questions: Sequence[ReadQuestion], model: ReaderModule, encoding: ReaderEncoding
) -> torch.Tensor:
    inputs = [
        _encoded(question.text, one, encoding)
        for question in questions
        for one in question.passages
    ]
    scores = _scores(model, inputs)
    losses, at = [], 0
    for question in questions:
        mine = scores[at : at + len(question.passages)]
        at += len(question.passages)
        flat = torch.cat([torch.zeros(1), *mine])
        wanted, place = [], 1
        for passage, row in zip(question.passages, mine, strict=True):
            wanted += [place + unit for unit in passage.answering if unit < len(row)]
            place += len(row)
        chances = flat.log_softmax(0)
        losses.append(-torch.logsumexp(chances[wanted or [0]], 0))
        if question.is_answerable and any(each.score is not None for each in question.passages):
            losses[-1] = losses[-1] + ORDER * _order_loss(question, mine)
    return torch.stack(losses).mean()


def _order_loss(question: ReadQuestion, scores: Sequence[torch.Tensor]) -> torch.Tensor:
    """Return how improbable what answers is where search and reader are added, as in use."""
    sums = torch.stack([
        torch.logsumexp(row, 0) + nearness(passage) / READER_WEIGHT
        for passage, row in zip(question.passages, scores, strict=True)
    ])  # fmt: skip
    right = [at for at, passage in enumerate(question.passages) if passage.answering]
    return -torch.logsumexp(sums.log_softmax(0)[right], 0)


def _encoded(question: str, passage: ReadPassage, encoding: ReaderEncoding) -> ReaderInput:
    """Return a passage as the model takes it."""
    return encoding.encode_text(question, passage.context, passage.text, passage.units)


def _scores(model: ReaderModule, inputs: Sequence[ReaderInput]) -> list[torch.Tensor]:
    """Return the scores of the units of each passage that were read."""
    order = sorted(range(len(inputs)), key=lambda at: len(inputs[at].token_ids))
    found: dict[int, torch.Tensor] = {}
    for first in range(0, len(order), PASSAGES_A_BATCH):
        rows = order[first : first + PASSAGES_A_BATCH]
        ids, mask, membership = _batch([inputs[row] for row in rows])
        hidden = _hidden(model, ids, mask)
        for row, scores in zip(rows, model.score(hidden, membership), strict=True):
            found[row] = scores[: max(inputs[row].units)]
    return [found[row] for row in range(len(inputs))]


def _hidden(model: ReaderModule, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the last hidden states; the frozen layers without a trace for the gradient.

    While it learns, products are in half precision: quicker, up to twice, on newer processors.
    """
    wide = (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.bfloat16).min
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=model.training):
        with torch.no_grad():
            hidden = model.body.embeddings(input_ids=ids)
            for layer in model.body.encoder.layer[:FROZEN_LAYERS]:
                hidden = _first(layer(hidden, wide))
        for layer in model.body.encoder.layer[FROZEN_LAYERS:]:
            hidden = _first(layer(hidden, wide))
    found: torch.Tensor = hidden.float()
    return found


def _first(output: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Return the hidden states of what a layer returns, whichever form that has."""
    return output[0] if isinstance(output, tuple) else output


def _batch(inputs: Sequence[ReaderInput]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    longest = max(len(each.token_ids) for each in inputs)
    units = max(1, *(max(each.units) for each in inputs)) if inputs else 1
    ids = torch.full((len(inputs), longest), 1)
    mask = torch.zeros(len(inputs), longest, dtype=torch.long)
    membership = torch.zeros(len(inputs), units, longest)
    for row, each in enumerate(inputs):
        ids[row, : len(each.token_ids)] = torch.tensor(each.token_ids)
        mask[row, : len(each.token_ids)] = 1
        for token, unit in enumerate(each.units):
            if unit:
                membership[row, unit - 1, token] = 1
    return ids, mask, membership / membership.sum(-1, keepdim=True).clamp(min=1)


def measure(
    questions: Sequence[ReadQuestion], model: ReaderModule, encoding: ReaderEncoding
) -> dict[str, float]:
    """Return how well a reader orders what the search finds, marks it, and tells what is open.

    As in use, it reads what the search puts first, but for passages of other documents that may
    answer too (`forum_questions`). Where nothing that answers is found, nothing right comes first.
    """
    model.eval()
    first, alone, marked = list[bool](), list[bool](), list[bool]()
    chances: list[tuple[float, bool]] = []
    for question in questions:
        found = [passage for passage in question.passages if passage.score is not None]
        shown = sorted(found, key=lambda passage: -nearness(passage))[:MOST_READ]
        inputs = [_encoded(question.text, passage, encoding) for passage in shown]
        with torch.inference_mode():
            scores = _scores(model, inputs)
        evidence = [float(torch.logsumexp(each, 0)) if len(each) else -99.0 for each in scores]
        sums = [
            nearness(passage) + READER_WEIGHT * each
            for passage, each in zip(shown, evidence, strict=True)
        ]
        chances.append((max(sums, default=-99.0), question.is_answerable))
        if question.is_answerable and not shown:
            for each in (first, alone, marked):
                each.append(False)
        elif question.is_answerable:
            at = int(np.argmax(sums))
            first.append(bool(shown[at].answering))
            alone.append(bool(shown[int(np.argmax(evidence))].answering))
            marked.append(int(scores[at].argmax()) in shown[at].answering)
    return {
        "questions": len(first),
        "answering passage first, with the search": float(np.mean(first)),
        "by the reader alone": float(np.mean(alone)),
        "answering sentence marked": float(np.mean(marked)),
        "AUROC": _auroc(chances),
    }


def _auroc(chances: Sequence[tuple[float, bool]]) -> float:
    good = [chance for chance, answerable in chances if answerable]
    bad = [chance for chance, answerable in chances if not answerable]
    if not good or not bad:
        return float("nan")
    wins = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    return wins / len(good) / len(bad)


def main() -> None:
    """Train, measure, or pack."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    model, tokenizer = _built_in()
    encoding = ReaderEncoding(tokenizer)
    before = {name: each.detach().numpy().copy() for name, each in model.changed().items()}
    if arguments.start:
        _start_from(arguments.start, model)
    if arguments.pack:
        pack_changes(before, model, arguments.pack)
        return

    def count_tokens(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    if arguments.evaluate:
        apart = list(asked_documents(arguments.data, kept_apart=True))
        found = searching.found(apart, arguments.out / "found_apart.json")
        kept = list(forum_questions(apart, count_tokens, found))
        random.Random(arguments.seed).shuffle(kept)
        print(json.dumps(measure(kept[: arguments.evaluate], model, encoding), indent=1))
        return
    asked = list(asked_documents(arguments.data, kept_apart=False))
    found = searching.found(asked, arguments.out / "found.json")
    forum = list(forum_questions(asked, count_tokens, found))
    public = list(public_questions(arguments.data))
    train(arguments, model, encoding, Rounds(forum, public, arguments.seed, arguments.share))


def _start_from(path: Path, model: ReaderModule) -> None:
    """Give the model the weights of another training, or those that ship."""
    found = load_file(path)
    if any(name.endswith(SCALE) for name in found):
        apply_changes(model, path)
    else:
        model.load_state_dict({name: each.float() for name, each in found.items()}, strict=False)


def _arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="changed layers to go on from")
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--share", type=float, default=0.65, help="of members' questions")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate", type=int, default=0, help="measure on so many questions")
    parser.add_argument("--pack", type=Path, help="write what ships, of --start, to this file")
    return parser.parse_args()


def _built_in() -> tuple[ReaderModule, Tokenizer]:
    """Return the built-in model, ready to be trained on, and its tokenizer."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        weights = builtin_model.pinned_weights().read_bytes()
        model_conversion.write_sentence_transformer(weights, folder)
        return ReaderModule(folder), Tokenizer.from_file(str(folder / "tokenizer.json"))


def train(
    arguments: argparse.Namespace, model: ReaderModule, encoding: ReaderEncoding, rounds: Rounds
) -> None:
    """Learn from as many questions as are asked for."""
    training = Training(model, arguments.out)
    training.resume()
    number, steps, losses, began, pairs = 0, 0, list[float](), time.monotonic(), 0
    while steps * QUESTIONS_A_STEP < arguments.questions:
        questions = rounds.round(number)
        number += 1
        for at in range(0, len(questions) - QUESTIONS_A_STEP + 1, QUESTIONS_A_STEP):
            steps += 1
            if steps <= training.step:
                continue
            if steps * QUESTIONS_A_STEP > arguments.questions:
                break
            chosen = questions[at : at + QUESTIONS_A_STEP]
            losses.append(training.learn(chosen, encoding))
            pairs += sum(len(each.passages) for each in chosen)
            if steps % SAVE_EVERY == 0:
                training.save()
                pace = pairs / (time.monotonic() - began)
                print(f"{steps} steps, loss {np.mean(losses[-200:]):.3f}, {pace:.1f} pairs/s",
                      flush=True)  # fmt: skip
    training.save()


if __name__ == "__main__":
    main()
