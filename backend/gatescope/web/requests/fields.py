"""The types of the fields that requests share; of a long list of numbers only the first mistake is told."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gatescope.errors import InvalidInput
from gatescope.unicode import check_unicode

MOST_FIELDS = 32

Vector = Annotated[list[float], Field(fail_fast=True)]
# A call into Python after each row, at which other threads get their turn while a large matrix is validated.
Matrix = Annotated[list[Annotated[Vector, AfterValidator(lambda row: row)]], Field(fail_fast=True)]


def _rows_or_numbers(values: Any) -> str:
    return "(rows)" if isinstance(values, list) and values and isinstance(values[0], list) else "(numbers)"


# Pydantic's own unions would try both on every mistake, and report both.
Series = Annotated[
    Annotated[Matrix, Tag("(rows)")] | Annotated[Vector, Tag("(numbers)")], Discriminator(_rows_or_numbers)
]


def _valid_unicode(text: str) -> str:
    try:
        check_unicode(text, field="")
    except InvalidInput as error:
        raise PydanticCustomError("lone_surrogate", "{what}", {"what": error.message, **error.context}) from error
    return text


Text = Annotated[str, AfterValidator(_valid_unicode)]
Names = Annotated[list[Text], Field(fail_fast=True)]


def _list_or_text(value: Any) -> str:
    return "(list)" if isinstance(value, list) else "(text)"


Vocabulary = Annotated[Annotated[Names, Tag("(list)")] | Annotated[Text, Tag("(text)")], Discriminator(_list_or_text)]
Columns = Annotated[
    Annotated[list[Annotated[int, Field(ge=0)]], Field(fail_fast=True)] | None,
    Field(description="Which columns to feed, counted from 0, in this order; null feeds all."),
]
Scaling = Annotated[
    Literal["none", "zscore", "minmax"],
    Field(description="Per feature: as it is, to mean 0 and standard deviation 1, or to the range 0 … 1."),
]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Quantity = Literal["forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state"]
Units = Annotated[
    Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, fail_fast=True)] | None,
    Field(description="Which units, counted from 0; null: all."),
]


def _refuse_many_fields(fields: Any) -> Any:
    # Pydantic would make an error of each wrong one, a million of them for a few megabytes.
    if isinstance(fields, dict) and len(fields) > MOST_FIELDS:
        raise PydanticCustomError("too_many_fields", "there are more than {most} fields", {"most": MOST_FIELDS})
    return fields


Parameters = Annotated[dict[Text, float], Field(max_length=MOST_FIELDS), BeforeValidator(_refuse_many_fields)]


class Strict(BaseModel):
    """What every part of a request is: no unknown field, no conversion, no NaN."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    refuse_many_fields = model_validator(mode="before")(_refuse_many_fields)
