from typing import Any

import httpx
import pytest
from tests.wire import AssertProblem

from gatescope.web.problems.kinds import PROBLEMS


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def assert_problem() -> AssertProblem:
    """Asserts the one shape of every error and returns its first error."""

    def check(response: httpx.Response, kind: str, **expected: Any) -> dict[str, Any]:
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert set(problem) == {"type", "title", "status", "detail", "errors"}
        assert problem["type"] == f"/problems/{kind}", problem
        assert problem["status"] == response.status_code == PROBLEMS[kind].status
        assert problem["title"] == PROBLEMS[kind].title
        assert problem["errors"], "every problem says at least one error"
        for error in problem["errors"]:
            assert set(error) == {"field", "message", "code", "context"}
            assert error["message"]
        assert problem["detail"].startswith(problem["errors"][0]["message"])
        assert len(response.content) < 10_000, "a problem never echoes a large body"
        first: dict[str, Any] = problem["errors"][0]
        for name, value in expected.items():
            assert first[name] == value
        return first

    return check
