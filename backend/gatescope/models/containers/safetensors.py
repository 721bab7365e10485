"""safetensors files: a header of JSON, and numbers (https://huggingface.co/docs/safetensors)."""

from pathlib import Path

from safetensors import SafetensorError, safe_open

from gatescope.models.content import Content, refusal

LARGEST_HEADER = 1_000_000  # bytes


def match(_: Path, start: bytes) -> bool:
    """Whether JSON begins after the eight bytes of its length."""
    return start[8:9] == b"{"


def read(path: Path) -> Content:
    """The floating-point tensors."""
    with path.open("rb") as file:
        header = int.from_bytes(file.read(8), "little")
    if header > LARGEST_HEADER or header > path.stat().st_size - 8:
        raise refusal(f"its header claims {header:,} bytes; {LARGEST_HEADER:,} are allowed", "broken_file")
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, ValueError, RuntimeError) as error:
        raise refusal(f"this is not a sound safetensors file: {error}", "broken_file") from error
    return Content({name: tensor for name, tensor in tensors.items() if tensor.is_floating_point()})
