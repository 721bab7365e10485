"""A file is read by the container that its first bytes tell."""

import sys
import zipfile
from pathlib import Path

import pytest

from gatescope.errors import InvalidInput
from gatescope.models.containers import container_of


@pytest.mark.parametrize(("library", "name"), [("onnx", "model.onnx"), ("h5py", "model.keras")])
def test_where_an_optional_reader_is_missing_the_problem_says_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("model.weights.h5", b"")
    if name.endswith(".onnx"):
        (tmp_path / name).write_bytes(b"\x08\x08")
    with pytest.raises(InvalidInput, match=r"pip install 'gatescope\[") as raised:
        container_of(tmp_path / name).read(tmp_path / name)
    assert raised.value.code == "missing_extra"
