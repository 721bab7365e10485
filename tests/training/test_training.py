"""Training is reproducible, and each shipped model can do what its description says."""

import dataclasses
from pathlib import Path

import pytest
import torch

from gatescope.__main__ import main
from gatescope.models.sources.shipped import ZOO, load_zoo, read_zoo
from gatescope.training import TASKS
from gatescope.training.claim import Claim, measure
from gatescope.training.loop import train

FRESH = 77_000_000  # seeds of inputs that neither training nor the shipped figures used
LEAST_CORRELATION = {"anbn": 0.999, "reber": 0.65, "adding": 0.95, "quotes": 0.7, "sunspots": 0.95, "echo": 0.98}


def test_the_zoo_is_what_there_is_to_train() -> None:
    assert tuple(TASKS) == ZOO


@pytest.mark.parametrize("name", ZOO)
def test_a_shipped_model_can_do_what_it_claims_on_fresh_inputs(name: str) -> None:
    model, task = load_zoo(name), TASKS[name]
    shipped = Claim(**model.described["claim"])
    claim = measure(task, model.network, FRESH, shipped.unit)
    assert abs(claim.correlation) >= LEAST_CORRELATION[name]
    assert claim.correlation == pytest.approx(shipped.correlation, abs=0.05)
    assert claim.longest == shipped.longest
    if task.vocabulary:
        assert shipped.accuracy is not None
        assert claim.accuracy is not None
        assert claim.accuracy == pytest.approx(shipped.accuracy, abs=0.01)
        assert claim.accuracy >= 0.98
    else:
        assert shipped.error is not None
        assert claim.error is not None
        assert claim.naive is not None
        assert claim.error == pytest.approx(shipped.error, rel=0.3)
        assert claim.error < 0.6 * claim.naive
    assert (tuple(model.described["outputs"]), model.described["seed"]) == (task.outputs, task.seed)


@pytest.mark.parametrize("name", ["echo", "sunspots"])
def test_training_from_the_seed_gives_the_claim_again(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.safetensors"
    assert main(["train", name, "--output", str(path)]) == 0
    trained, shipped = (Claim(**model.described["claim"]) for model in (read_zoo(path), load_zoo(name)))
    assert trained.error == pytest.approx(shipped.error, rel=0.5)
    assert abs(trained.correlation) == pytest.approx(abs(shipped.correlation), abs=0.05)
    printed = capsys.readouterr().out
    assert "trained    shipped" in printed
    assert "correlation" in printed


@pytest.mark.parametrize("name", TASKS)
def test_a_few_steps_reduce_the_loss_and_the_same_seed_gives_the_same_network(name: str) -> None:
    short = dataclasses.replace(TASKS[name], batch_size=8)
    losses: list[float] = []
    network = train(short, seed=5, steps=30, progress=losses.append)
    assert len(losses) == 30
    assert sum(losses[-5:]) < sum(losses[:5])
    again = train(short, seed=5, steps=30)
    assert all(torch.equal(one, other) for one, other in zip(network.parameters(), again.parameters(), strict=True))


def test_training_leaves_the_state_of_torch_as_it_was() -> None:
    torch.manual_seed(1)
    expected, threads = torch.rand(3), torch.get_num_threads()
    torch.manual_seed(1)
    train(TASKS["echo"], steps=2)
    assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads
