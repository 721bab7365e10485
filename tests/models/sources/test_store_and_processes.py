"""The store beside other processes: a kill, a second server, a full disk."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from tests.models.small_disk import needs_mounting, on_small_disk

from gatescope.models.sources.store import ModelStore

ENVIRONMENT = {  # of a process that knows what this one knows
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), *filter(None, sys.path)]),
    "COVERAGE_PROCESS_CONFIG": "",
}

ADD_AND_REMOVE_FOR_EVER = """
import sys
from tests.models.sources.test_store import tensors
from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.store import ModelStore
store = ModelStore(sys.argv[1])
for seed in range(100_000):
    checkpoint = find_lstms(tensors(seed))
    other, model = [store.add(checkpoint, name, 1).id for name in ("other.pt", "model.pt")]
    store.remove(other)
    print(model, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011])
def test_after_a_kill_every_confirmed_model_is_there_and_every_listed_one_is_whole(
    tmp_path: Path, moment: float
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ADD_AND_REMOVE_FOR_EVER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as writer:
        assert writer.stdout
        confirmed = [writer.stdout.readline().strip() for _ in range(20)]
        time.sleep(moment)
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.stdout.read().split()
    store = ModelStore(str(tmp_path))
    listed = {model.id for model in store.models()}
    confirmed = [identifier for identifier in confirmed if len(identifier) == 40]
    assert set(confirmed) <= listed
    assert not {identifier[:32] for identifier in confirmed} & listed, "a removal that was confirmed has happened"
    for identifier in listed:
        assert len(store.checkpoint(identifier).lstms) == 1
    for path in tmp_path.glob("*.json"):
        json.loads(path.read_text())


# The store runs in a process of its own, which can have a small disk, or a small file, or no right to write.
FILL = """
import json, sys
from pathlib import Path
import torch
from torch import nn
from gatescope.errors import StorageUnavailable
from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.store import ModelStore

folder, hinder = Path(sys.argv[1]), sys.argv[2]
small, large = (find_lstms(nn.LSTM(1, size).state_dict()) for size in (4, 400))
store = ModelStore(str(folder))
before = store.add(small, "small.pt", 1)
exec(hinder)
for act in (
    lambda: store.add(large, "large.pt", 1),
    lambda: store.change(before.id, vocabulary=("a" * 2_000_000,)),
):
    try:
        act()
    except StorageUnavailable as error:
        print(error)
assert store.models() == [before], store.models()
assert len(store.checkpoint(before.id).lstms) == 1
assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{before.id}.json", f"{before.id}.safetensors"]
"""
A_SMALL_FILE = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))"
NO_RIGHT = "import os; folder.chmod(0o555); os.getuid() or os.setuid(65534)"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a Unix")
@pytest.mark.parametrize(
    ("hindrance", "reason"),
    [
        pytest.param("a full disk", "No space left", marks=needs_mounting),
        ("a small file", "File too large"),
        ("no right", "Permission denied"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_nothing_behind(hindrance: str, reason: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        command = [sys.executable, "-c", FILL, folder, NO_RIGHT if hindrance == "no right" else A_SMALL_FILE]
        if hindrance == "a full disk":
            command = on_small_disk(folder, FILL)
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)
        Path(folder).chmod(0o777)
    assert ran.returncode == 0, ran.stderr
    assert [reason in line for line in ran.stdout.splitlines()] == [True, True], ran.stdout


TWO_SERVERS = """
import sys
from contextlib import suppress
from tests.models.sources.test_store import tensors
from gatescope.errors import InvalidInput
from gatescope.models.checkpoint import find_lstms
from gatescope.models.sources.store import ModelStore
store, checkpoint = ModelStore(sys.argv[1]), find_lstms(tensors())
for turn in range(40):
    model = store.add(checkpoint, f"{turn % 3}.pt", 1)
    store.models()
    with suppress(InvalidInput):
        store.change(model.id, name=str(turn))
        store.checkpoint(model.id)
        store.remove(model.id)
store.add(checkpoint, f"{sys.argv[2]}.pt", 1)
"""


def test_two_servers_on_one_directory_leave_whole_models(tmp_path: Path) -> None:
    """They add and remove models of the same tensors; nothing but "it is gone" goes wrong."""
    commands = [[sys.executable, "-c", TWO_SERVERS, str(tmp_path), name] for name in ("one", "other")]
    servers = [subprocess.Popen(command, env=ENVIRONMENT) for command in commands]
    assert [server.wait() for server in servers] == [0, 0]
    store = ModelStore(str(tmp_path))
    assert {"one.pt", "other.pt"} <= {model.file_name for model in store.models()}
    for model in store.models():
        assert len(store.checkpoint(model.id).lstms) == 1
