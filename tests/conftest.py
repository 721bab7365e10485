"""What holds for all tests: the axes of every tensor are checked while they run, and torch keeps to one thread."""

import torch
from hypothesis import settings
from jaxtyping import install_import_hook

install_import_hook("gatescope.lstm", "beartype.beartype")

torch.set_num_threads(1)  # small tensors gain nothing from more, and timings stay even
settings.register_profile("gatescope", deadline=None)
settings.load_profile("gatescope")
