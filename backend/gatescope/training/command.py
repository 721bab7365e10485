"""``gatescope train``: trains a task, tells what the network can do, and writes it."""

from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from gatescope.models.sources.shipped import load_zoo, write_zoo
from gatescope.training import TASKS
from gatescope.training.claim import Claim, measure
from gatescope.training.loop import train

CLAIM_SEED = 1_000_000  # far from the seeds of training


def train_command(name: str, seed: int | None, steps: int | None, output: Path | None) -> int:
    """Trains, prints the figures beside those of the shipped network, and returns the exit status."""
    task = TASKS[name]
    seed = task.seed if seed is None else seed
    with tqdm(total=steps or task.steps, desc=name, unit="step") as bar:

        def progress(loss: float) -> None:
            bar.set_postfix(loss=f"{loss:.4f}", refresh=False)
            bar.update()

        network = train(task, seed, steps, progress)
    claim = measure(task, network, CLAIM_SEED)
    try:
        shipped = Claim(**load_zoo(name).described["claim"])
    except FileNotFoundError:
        shipped = claim
    print(f"{'figure':12} {'trained':>10} {'shipped':>10}")
    for figure, value in asdict(claim).items():
        if value is not None:
            print(f"{figure:12} {value:>10.4g} {getattr(shipped, figure):>10.4g}")
    if output:
        described = {
            "task": name,
            "seed": seed,
            "features": task.features,
            "outputs": task.outputs,
            "output_kind": task.output_kind,
            "claim": asdict(claim),
        }
        write_zoo(output, network, described)
        print(f"written to {output}")
    return 0
