"""The OpenAPI description is true: drawn requests are answered as it says, and never with a server error."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from gatescope.web.app import create_app
from gatescope.web.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
PATIENCE = 120  # s: a busy machine is no fault
DESCRIPTION = create_app(Settings()).openapi()
OTHER_NAMES = {"Encoding", "Problem", "FieldError", "HTTPValidationError", "ValidationError"}
api = schemathesis.openapi.from_dict(DESCRIPTION)


def test_names_tell_requests_and_answers_apart() -> None:
    for name in DESCRIPTION["components"]["schemas"].keys() - OTHER_NAMES:
        assert name.endswith(("Request", "Answer")), name
        assert "__" not in name, "two classes of one name"


SHARED = settings(deadline=None, suppress_health_check=list(HealthCheck))


# Of a stream schemathesis reads the first events only. The server then ends the unit it is at while the next request is
# drawn, and checks the types of samples that it takes at random.
@pytest.mark.usefixtures("untraced")
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@api.exclude(path="/api/v1/models", method="POST").parametrize()
@settings(SHARED, max_examples=100)
def test_the_api_answers_as_it_is_described(case: schemathesis.Case[Any], client: httpx.Client) -> None:
    case.call_and_validate(base_url=str(client.base_url), checks=CHECKS, timeout=PATIENCE)


@pytest.mark.usefixtures("untraced")
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@api.include(path="/api/v1/models", method="POST").parametrize()
@settings(SHARED, max_examples=15)  # each is read by a process of its own
def test_an_upload_is_answered_as_it_is_described(case: schemathesis.Case[Any], client: httpx.Client) -> None:
    case.call_and_validate(base_url=str(client.base_url), checks=CHECKS, timeout=PATIENCE)
