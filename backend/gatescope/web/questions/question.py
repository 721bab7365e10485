"""What a question is: all that its route and its documentation need."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from gatescope.web.run import Runner

Request = TypeVar("Request", bound=BaseModel)
Event = tuple[str, Mapping[str, Any]]  # a name and what is told


@dataclass(frozen=True, kw_only=True)
class Question(Generic[Request]):
    """A question asked of one run, or of two.

    name: the last part of its address.
    summary, description: for the documentation.
    request, answer: their bodies; example: a request that the documentation shows.
    compute: makes the answer, with tensors anywhere in it; of a streamed question an iterator of events, each of which
        is computed when it is asked for, the last of them ``result`` with the answer.
    is_streamed: whether events are sent while it is computed.
    """

    name: str
    summary: str
    description: str
    request: type[Request]
    example: Mapping[str, Any]
    answer: type[BaseModel]
    compute: Callable[[Request, Runner], Mapping[str, Any] | Iterator[Event]]
    is_streamed: bool = False
