"""Train the entailment model: does a premise support a claim, and which words are at fault.

    python benchmarks/check/train.py DATA --out FOLDER [--start WEIGHTS] [--claims N]

DATA holds the sets (`benchmarks/check/claims.py` tells their forms). A checkpoint is written to
FOLDER every few minutes and taken up again by the same command. What is kept are averages over the
last steps. `--start` takes changed layers to begin from, the reader's too (safetensors).
`--evaluate` only measures, on what is kept apart. Nothing of it ships yet: docs/decisions.md says
what it was tried for and why it was left.
"""

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.check.claims import SETS, Alterations, Judged, Label, public_claims
from benchmarks.check.model import EntailmentEncoding, EntailmentInput, EntailmentModule
from benchmarks.figures import auroc
from benchmarks.reader.questions import CountTokens
from benchmarks.reader.train import Training, attend_quickly, built_in, first_of
from vectorstore.reader.conversion import FROZEN_LAYERS

BATCH, SORTED = 24, 20
"""Claims of a step, and how many steps are cut out of claims sorted by their length."""

RATE, WARM_UP = 8e-5, 100
AVERAGE = 0.995
SAVE_EVERY = 50  # steps
OF_WORDS = 2.0
"""What the loss of the words weighs beside that of the labels."""


class EntailmentTraining(Training):
    """As the reader's, with a rate that falls until the last step."""

    def __init__(self, model: EntailmentModule, out: Path, steps: int) -> None:
        super().__init__(model, out)
        self.entailment, self.steps = model, steps

    def judge(
        self, claims: Sequence[Judged], inputs: Sequence[EntailmentInput]
    ) -> tuple[float, float]:
        """Take one step; return the loss of the labels and that of the words."""
        self.begin()
        of_labels, of_words = _losses(claims, inputs, self.entailment)
        left = max(0.1, 1 - self.step / self.steps)
        rate = RATE * min((self.step + 1) / WARM_UP, left)
        self.follow(of_labels + OF_WORDS * of_words, rate, AVERAGE)
        return of_labels.item(), of_words.item()


def _losses(
    claims: Sequence[Judged], inputs: Sequence[EntailmentInput], model: EntailmentModule
) -> tuple[torch.Tensor, torch.Tensor]:
    logits, words = scores_of(model, inputs)
    chances = logits.log_softmax(-1)
    both = torch.logsumexp(chances[:, 1:], -1)
    wanted = [
        both[row] if claim.label is Label.NOT_SUPPORTED else chances[row, int(claim.label)]
        for row, claim in enumerate(claims)
    ]
    known, right = list[torch.Tensor](), list[float]()
    for row, (claim, read) in enumerate(zip(claims, inputs, strict=True)):
        if claim.altered is None:
            continue
        for at, (start, end) in enumerate(read.offsets):
            known.append(words[row, at + 1])
            right.append(
                float(any(start < each.end and each.start < end for each in claim.altered))
            )
    if not known:
        return -torch.stack(wanted).mean(), torch.zeros(())
    weight = torch.tensor(4.0)  # of the few that are at fault
    loss = functional.binary_cross_entropy_with_logits(
        torch.stack(known), torch.tensor(right), pos_weight=weight
    )
    return -torch.stack(wanted).mean(), loss


def scores_of(
    model: EntailmentModule, inputs: Sequence[EntailmentInput]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the logits of the labels and those of the tokens, a row for each input."""
    longest = max(len(each.token_ids) for each in inputs)
    ids = torch.full((len(inputs), longest), 1)
    mask = torch.zeros(len(inputs), longest)
    claimed = torch.zeros(len(inputs), longest)
    for row, each in enumerate(inputs):
        ids[row, : len(each.token_ids)] = torch.tensor(each.token_ids)
        mask[row, : len(each.token_ids)] = 1
        claimed[row, 1 : len(each.offsets) + 1] = 1
    wide = (1.0 - mask[:, None, None, :]) * torch.finfo(torch.float32).min
    with torch.no_grad():
        hidden = model.body.embeddings(input_ids=ids)
        for layer in model.body.encoder.layer[:FROZEN_LAYERS]:
            hidden = first_of(layer(hidden, wide))
    for layer in model.body.encoder.layer[FROZEN_LAYERS:]:
        hidden = first_of(layer(hidden, wide))
    scores: tuple[torch.Tensor, torch.Tensor] = model.judged(hidden, claimed)
    return scores


def chances_of(
    claims: Sequence[Judged], model: EntailmentModule, encoding: EntailmentEncoding
) -> list[float]:
    """Return how probable it is that each claim is supported."""
    model.eval()
    inputs = [encoding.encode(each.claim, each.context, each.premise) for each in claims]
    order = sorted(range(len(inputs)), key=lambda at: len(inputs[at].token_ids))
    found = [0.0] * len(inputs)
    with torch.inference_mode():
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            logits, _ = scores_of(model, [inputs[row] for row in rows])
            for row, chance in zip(rows, logits.softmax(-1)[:, 0].tolist(), strict=True):
                found[row] = chance
    return found


def measure(claims: Sequence[Judged], chances: Sequence[float]) -> dict[str, dict[str, float]]:
    """Return AUROC of "supported" by set, and by kind of alteration."""
    groups = defaultdict[str, list[int]](list)
    for at, claim in enumerate(claims):
        groups[claim.set_name].append(at)
        if claim.set_name == "forum":
            groups[f"forum {claim.kind}"].append(at)
    said = [at for at in groups["forum"] if claims[at].label is Label.SUPPORTED]
    found = dict[str, dict[str, float]]()
    for name, rows in sorted(groups.items()):
        rows_of_it = rows + said if name.startswith("forum ") else rows
        good = [chances[at] for at in rows_of_it if claims[at].label is Label.SUPPORTED]
        bad = [chances[at] for at in rows_of_it if claims[at].label is not Label.SUPPORTED]
        if good and bad:
            found[name] = {"claims": len(rows), "AUROC": auroc(good, bad)}
    return found


def batches(
    alterations: Alterations, public: Sequence[Judged], encoding: EntailmentEncoding, seed: int
) -> Iterator[tuple[list[Judged], list[EntailmentInput]]]:
    """Yield batches of claims of like length without end, the same for the same seed."""
    number = 0
    while True:
        chance = random.Random(f"{seed} {number}")
        number += 1
        claims = list(alterations.round(chance))
        shuffled, room = list(public), dict(SETS)
        chance.shuffle(shuffled)
        for claim in shuffled:
            if room[claim.set_name] > 0:
                room[claim.set_name] -= 1
                claims.append(claim)
        chance.shuffle(claims)
        for first in range(0, len(claims), BATCH * SORTED):
            some = claims[first : first + BATCH * SORTED]
            read = [encoding.encode(each.claim, each.context, each.premise) for each in some]
            order = sorted(range(len(some)), key=lambda at: len(read[at].token_ids))
            cuts = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
            chance.shuffle(cuts)
            for rows in cuts:
                yield [some[row] for row in rows], [read[row] for row in rows]


def main() -> None:
    """Train, measure, or pack."""
    arguments = arguments_given()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    model, tokenizer = built_in(EntailmentModule)
    encoding = EntailmentEncoding(tokenizer)
    if arguments.start:
        start = {name: each.float() for name, each in load_file(arguments.start).items()}
        if "word_head.0.weight" not in start:  # the reader's, whose head answers something else
            start = {name: each for name, each in start.items() if name.startswith("body.")}
        model.load_state_dict(start, strict=False)
    if arguments.evaluate:
        evaluate(arguments, model, encoding, tokenizer)
    else:
        train(arguments, model, encoding, tokenizer)


def arguments_given() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="changed layers to go on from")
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate", type=int, default=0, help="measure on so many claims")
    return parser.parse_args()


def evaluate(
    arguments: argparse.Namespace,
    model: EntailmentModule,
    encoding: EntailmentEncoding,
    tokenizer: Tokenizer,
) -> None:
    """Print AUROC by set on claims that are kept apart."""
    attend_quickly(model.body)
    kept = public_claims(arguments.data, kept_apart=True)
    made = Alterations(arguments.data, _counting(tokenizer), kept_apart=True)
    kept += list(made.round(random.Random(arguments.seed)))
    random.Random(arguments.seed).shuffle(kept)
    kept = kept[: arguments.evaluate]
    print(json.dumps(measure(kept, chances_of(kept, model, encoding)), indent=1))


def _counting(tokenizer: Tokenizer) -> CountTokens:
    def count(text: str) -> int:
        return len(tokenizer.encode(text, add_special_tokens=False).ids)

    return count


def train(
    arguments: argparse.Namespace,
    model: EntailmentModule,
    encoding: EntailmentEncoding,
    tokenizer: Tokenizer,
) -> None:
    """Learn from as many claims as are asked for."""
    steps = arguments.claims // BATCH
    training = EntailmentTraining(model, arguments.out, steps)
    training.resume()
    alterations = Alterations(arguments.data, _counting(tokenizer), kept_apart=False)
    public = public_claims(arguments.data, kept_apart=False)
    losses, began, done = list[tuple[float, float]](), time.monotonic(), 0
    for at, (claims, inputs) in enumerate(batches(alterations, public, encoding, arguments.seed)):
        if at >= steps:
            break
        if at < training.step:
            continue
        losses.append(training.judge(claims, inputs))
        done += len(claims)
        if training.step % SAVE_EVERY == 0:
            training.save()
            labels, words = np.mean(losses[-100:], axis=0)
            pace = done / (time.monotonic() - began)
            print(f"{training.step} steps, labels {labels:.3f}, words {words:.3f}, {pace:.1f}/s",
                  flush=True)  # fmt: skip
    training.save()


if __name__ == "__main__":
    main()
