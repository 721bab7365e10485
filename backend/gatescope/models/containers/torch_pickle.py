"""What `torch.save` wrote before PyTorch 1.6: several pickles one after another."""

from pathlib import Path

from gatescope.models.content import Content, refusal


def match(_: Path, start: bytes) -> bool:
    """Whether it is a pickle of protocol 2."""
    return start.startswith(b"\x80\x02")


def read(_: Path) -> Content:
    """Refuses the file."""
    raise refusal("this is PyTorch's format from before 1.6; load it there and save its state_dict() anew", "old_torch")
