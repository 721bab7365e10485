"""What Keras itself wrote, which takes seconds."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("keras_reference.py")


@pytest.fixture(scope="session")
def keras_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the files of `keras_reference.py`, with Keras's own outputs."""
    folder = tmp_path_factory.mktemp("keras")
    subprocess.run([sys.executable, SCRIPT, folder], check=True, timeout=300, capture_output=True)
    return folder
