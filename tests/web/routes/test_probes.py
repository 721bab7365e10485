import threading
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from tests.web.rest import AssertProblem, get

from gatescope.web.routes.probes import Readiness, probes_router


def app_with(check: Callable[[], None]) -> tuple[FastAPI, Readiness]:
    readiness = Readiness(check)
    app = FastAPI()
    app.include_router(probes_router(readiness))
    return app, readiness


@pytest.mark.anyio
async def test_the_server_lives_but_is_not_ready_until_its_check_has_passed(assert_problem: AssertProblem) -> None:
    may_finish = threading.Event()
    app, readiness = app_with(lambda: assert_true(may_finish.wait(10)))
    async with readiness.checked_in_background():
        assert (await get(app, "/healthz")).json() == {"status": "ok"}
        assert_problem(await get(app, "/readyz"), "not-ready", code="not_ready")
        may_finish.set()
    assert (await get(app, "/readyz")).json() == {"status": "ok"}


@pytest.mark.anyio
async def test_a_failed_check_leaves_the_server_alive_but_never_ready(assert_problem: AssertProblem) -> None:
    app, readiness = app_with(lambda: assert_true(False))
    async with readiness.checked_in_background():
        pass
    assert (await get(app, "/healthz")).status_code == 200
    assert_problem(await get(app, "/readyz"), "not-ready")


def assert_true(condition: bool) -> None:
    assert condition


def test_the_real_server_becomes_ready(client: httpx.Client) -> None:
    while client.get("/readyz").status_code == 503:
        pass
    assert client.get("/readyz").json() == {"status": "ok"}
    assert client.get("/readyz").headers["cache-control"] == "no-store"
