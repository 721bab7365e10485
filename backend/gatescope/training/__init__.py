"""Small tasks with a known answer, and the loop that trains an LSTM on them."""

from gatescope.training.task import Sample, Task
from gatescope.training.tasks.adding import ADDING
from gatescope.training.tasks.anbn import ANBN
from gatescope.training.tasks.echo import ECHO
from gatescope.training.tasks.quotes import QUOTES
from gatescope.training.tasks.reber import REBER
from gatescope.training.tasks.sunspots import SUNSPOTS

TASKS: dict[str, Task] = {task.name: task for task in (ANBN, REBER, ADDING, QUOTES, SUNSPOTS, ECHO)}

__all__ = ["TASKS", "Sample", "Task"]
