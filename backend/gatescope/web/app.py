"""The composition root: puts guards, routes, pages and problems together into one application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import torch
from fastapi import FastAPI

from gatescope import __version__
from gatescope.models.sources.store import ModelStore
from gatescope.web.admission.admission import Admission
from gatescope.web.guards.compression import Compression
from gatescope.web.guards.guards import BodyLimit, CrossSiteGuard, HostGuard, ResponseHeaders
from gatescope.web.guards.slow_readers import SlowReaders
from gatescope.web.guards.token import TokenGuard, describe_token
from gatescope.web.problems.handlers import UnexpectedErrors, register_problem_handlers
from gatescope.web.problems.responses import problem_schemas
from gatescope.web.routes.catalogue import catalogue_router
from gatescope.web.routes.models import models_router
from gatescope.web.routes.pages import add_pages, content_policy
from gatescope.web.routes.probes import Readiness, probes_router
from gatescope.web.routes.questions import analyses_router, event_schemas
from gatescope.web.routes.traces import traces_router
from gatescope.web.run import Runner, check_one_trace
from gatescope.web.settings import Settings

SEND_SECONDS = 30.0  # in which a client must take each piece of an answer
DESCRIPTION = """See inside an LSTM: every gate, the cell state and the hidden state of every time step.

Every error is an [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem; its `type` is the address of an
explanation on this server, and its `errors` name each wrong field."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole application; without ``settings`` they are read from the environment."""
    settings = settings or Settings()
    readiness = Readiness(check_one_trace)
    store = ModelStore(settings.data_dir, settings.max_models, settings.max_store_bytes)
    admission = Admission(settings.workers, settings.max_seconds, settings.max_answer_bytes_in_flight)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Each worker computes a trace of its own; together they fill the cores, with no more threads inside.
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // settings.workers))
        async with readiness.checked_in_background():
            yield
        await admission.close()

    app = FastAPI(
        title="Gatescope",
        description=DESCRIPTION,
        version=__version__,
        license_info={"name": "MIT", "identifier": "MIT"},
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    register_problem_handlers(app)
    # The last one added stands first.
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, upload_limit=settings.max_model_bytes)
    if settings.token:
        app.add_middleware(TokenGuard, token=settings.token)
    app.add_middleware(CrossSiteGuard)
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(Compression)
    app.add_middleware(ResponseHeaders, content_policy=content_policy())
    app.add_middleware(SlowReaders, seconds=SEND_SECONDS)
    runner = Runner(settings, store)
    app.include_router(traces_router(runner, admission))
    app.include_router(analyses_router(runner, admission))
    app.include_router(models_router(store))
    app.include_router(catalogue_router(settings))
    app.include_router(probes_router(readiness))
    add_pages(app)
    app.openapi()["components"]["schemas"].update(problem_schemas() | event_schemas())
    if settings.token:
        describe_token(app.openapi(), settings.token)
    return app
