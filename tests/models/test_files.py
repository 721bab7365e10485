"""Every file of the table gives the LSTMs that are in it, or an error that says why it does not."""

import shutil
from pathlib import Path

import pytest
from tests.models.files import ModelFile, keras, onnx, pytorch, safetensors
from tests.models.inspection import inspect

from gatescope.errors import InvalidInput
from gatescope.models.checkpoint import assemble

# `test_sandbox.py` has the hostile files of PyTorch and safetensors.
FILES = (*pytorch.LSTMS, *pytorch.UNSUPPORTED, *safetensors.SOUND, *keras.FILES, *onnx.FILES)


@pytest.fixture
def path(file: ModelFile, tmp_path: Path, keras_files: Path) -> Path:
    """The file, written."""
    path = tmp_path / file.name
    if file.origin:
        shutil.copy(keras_files / file.origin, path)
    file.write(path)
    return path


@pytest.mark.parametrize("file", [file for file in FILES if file.lstms], ids=lambda file: file.name)
def test_a_file_gives_its_lstms(file: ModelFile, path: Path) -> None:
    assert tuple(map(str, inspect(path).lstms)) == file.lstms


@pytest.mark.parametrize("file", [file for file in FILES if not file.lstms], ids=lambda file: file.name)
def test_a_file_is_refused_with_its_reason(file: ModelFile, path: Path) -> None:
    with pytest.raises(InvalidInput, match=file.message) as caught:
        assemble(inspect(path))
    assert (caught.value.code, caught.value.field) == (file.code, file.field)
