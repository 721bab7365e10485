"""The sequence that a request describes."""

import base64
import binascii

from gatescope.errors import InvalidInput
from gatescope.sequences import (
    Sequence,
    SequenceLimits,
    from_npy,
    from_signal,
    from_table,
    from_text,
    from_values,
)
from gatescope.web.requests import schemas
from gatescope.web.requests.mistakes import below


def read_sequence(source: schemas.PlainSequenceRequest, limits: SequenceLimits) -> Sequence:
    """The sequence that ``source`` describes; raises InvalidInput or LimitExceeded with a field below ``sequence``."""
    with below("sequence"):
        match source:
            case schemas.NumbersSequenceRequest():
                return from_values(source.values, source.features, source.columns, source.scaling, limits)
            case schemas.TableSequenceRequest():
                return from_table(source.text, source.columns, source.scaling, limits)
            case schemas.NpySequenceRequest():
                return from_npy(_decode(source.data), source.columns, source.scaling, limits)
            case schemas.SignalSequenceRequest():
                return from_signal(
                    source.name, source.steps, source.parameters, source.seed, source.scaling, limits, source.features
                )
            case schemas.TextSequenceRequest():
                return from_text(source.text, limits)


def _decode(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("the file must be given in base64", field="data", code="invalid_base64") from error
