"""The training loop: an LSTM with a linear read-out, seeded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss

from gatescope.lstm.network import LSTMNetwork
from gatescope.training.task import Task

LARGEST_GRADIENT = 1.0


def train(
    task: Task,
    seed: int | None = None,
    steps: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> LSTMNetwork:
    """Trains one layer and a read-out on a task.

    Args:
        task: what to learn.
        seed: of the weights and the inputs; the task's own if None. The same seed gives the same network on the same
            machine and version of PyTorch.
        steps: of gradient descent; the task's own if None.
        progress: is told the loss of each step.

    Returns:
        The network; its read-out ends in a softmax where the task asks for the next token.
    """
    steps = steps or task.steps
    with _reproducible(task.seed if seed is None else seed) as generator:
        lstm = nn.LSTM(len(task.features), task.hidden_size)
        read_out = nn.Linear(task.hidden_size, len(task.outputs))
        parameters = [*lstm.parameters(), *read_out.parameters()]
        optimiser = torch.optim.AdamW(parameters, lr=task.learning_rate, weight_decay=task.weight_decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        for _ in range(steps):
            loss = _loss(task, generator, lstm, read_out)
            if task.sparsity:
                outgoing = torch.cat([lstm.get_parameter("weight_hh_l0"), read_out.weight])  # (4H + O, H)
                loss = loss + task.sparsity * outgoing.norm(dim=0).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, LARGEST_GRADIENT)
            optimiser.step()
            schedule.step()
            if progress:
                progress(loss.item())
        return _network(task, lstm, read_out)


def _network(task: Task, lstm: nn.LSTM, read_out: nn.Linear) -> LSTMNetwork:
    """The two parts as one network."""
    network = LSTMNetwork.from_torch(lstm)
    network.read_out = nn.Sequential(read_out, nn.Softmax(dim=-1)) if task.vocabulary else read_out
    return network.eval()


def _loss(task: Task, generator: torch.Generator, lstm: nn.LSTM, read_out: nn.Linear) -> Tensor:
    samples = [task.generate(generator) for _ in range(task.batch_size)]
    values = torch.stack([sample.values for sample in samples], dim=1)  # (T, B, I)
    targets = torch.stack([sample.targets for sample in samples], dim=1)  # (T, B) or (T, B, O)
    output: Tensor = read_out(lstm(values)[0])  # (T, B, O)
    if not task.vocabulary:
        return mse_loss(output, targets)
    loss = cross_entropy(output.flatten(0, 1), targets.flatten())
    if task.choices:  # what is asked is rare in the text, so it is trained for itself as well
        asked = torch.stack([sample.asked for sample in samples], dim=1)  # (T, B)
        others = torch.tensor([token not in task.choices for token in task.outputs])  # (V)
        loss = loss + cross_entropy(output[asked].masked_fill(others, -torch.inf), targets[asked])
    return loss


@contextmanager
def _reproducible(seed: int) -> Iterator[torch.Generator]:
    """Sets one thread and a seed, so that the same seed gives the same weights; all is as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield torch.Generator().manual_seed(seed)
    finally:
        torch.set_num_threads(threads)
