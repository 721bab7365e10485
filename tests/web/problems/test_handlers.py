import logging
import re

import pytest
from starlette.types import Receive, Scope, Send
from tests.web.rest import AssertProblem, get

from gatescope.web.app import create_app
from gatescope.web.problems.handlers import UnexpectedErrors
from gatescope.web.settings import Settings


@pytest.mark.anyio
async def test_an_unexpected_exception_is_logged_under_an_id_and_its_text_kept_in(
    assert_problem: AssertProblem, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings())

    @app.get("/fails")
    async def fails() -> None:
        raise RuntimeError("the secret inside")

    response = await get(app, "/fails")
    error = assert_problem(response, "internal-error", code="internal_error")
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    (record,) = caplog.records
    assert re.fullmatch(rf"internal error {error['context']['id']}: GET /fails", record.getMessage())
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert str(record.exc_info[1]) == "the secret inside"


@pytest.mark.anyio
async def test_an_exception_after_the_answer_began_breaks_the_connection() -> None:
    async def begins_and_fails(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late for a problem")

    with pytest.raises(RuntimeError, match="too late"):
        await get(UnexpectedErrors(begins_and_fails), "/")
