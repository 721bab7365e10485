"""A question: all that its route and its documentation need."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from gatescope.web.requests.schemas import TraceRequest
from gatescope.web.run import Runner

Request = TypeVar("Request", bound=BaseModel)
Event = tuple[str, Mapping[str, Any]]  # a name and its content
# A run that is an example of many questions: a model that counts.
COUNTING: dict[str, Any] = {
    "model": {"type": "zoo", "name": "anbn"},
    "sequence": {"type": "task", "name": "anbn", "seed": 0},
}


@dataclass(frozen=True, kw_only=True)
class Question(Generic[Request]):
    """A question asked of one run, or of two.

    name: the last part of its address.
    summary, description: for the documentation.
    request, answer: their bodies; example: a request that the documentation shows.
    compute: gives the answer, with tensors anywhere in it. If it is streamed, it gives an iterator of events, each
        computed when it is asked for; the last is ``result`` with the answer.
    passes: about how many times a run walks through the layers, for the price of the question; of a streamed one for
        each event.
    runs: the runs that it asks about.
    """

    name: str
    summary: str
    description: str
    request: type[Request]
    example: Mapping[str, Any]
    answer: type[BaseModel]
    compute: Callable[[Request, Runner], Mapping[str, Any] | Iterator[Event]]
    passes: Callable[[Request], float] = lambda _: 3
    runs: Callable[[Any], Sequence[TraceRequest]] = lambda request: [request]
    is_streamed: bool = False
