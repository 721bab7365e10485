"""/api/v1/analyses: questions asked of a trace, one file a question."""

from anyio import CapacityLimiter
from fastapi import APIRouter

from gatescope.models.sources.store import ModelStore
from gatescope.web.problems.responses import documented
from gatescope.web.questions.answering import Answering
from gatescope.web.questions.comparison import add_comparison
from gatescope.web.questions.connectivity import add_connectivity
from gatescope.web.questions.contributions import add_contributions
from gatescope.web.questions.gradient_reach import add_gradient_reach
from gatescope.web.questions.gradients import add_gradients
from gatescope.web.questions.health import add_health
from gatescope.web.questions.integrated_gradients import add_integrated_gradients
from gatescope.web.questions.ranking import add_ranking
from gatescope.web.questions.retention import add_retention
from gatescope.web.questions.silencing import add_silencing
from gatescope.web.questions.what_if import add_what_if
from gatescope.web.questions.writes import add_writes
from gatescope.web.routes.traces import PROBLEMS
from gatescope.web.settings import Settings

QUESTIONS = (
    add_contributions,
    add_ranking,
    add_retention,
    add_writes,
    add_health,
    add_what_if,
    add_silencing,
    add_comparison,
    add_gradients,
    add_gradient_reach,
    add_connectivity,
    add_integrated_gradients,
)


def analyses_router(settings: Settings, store: ModelStore, workers: CapacityLimiter) -> APIRouter:
    """The routes of the analyses."""
    router = APIRouter(prefix="/api/v1/analyses", tags=["analyses"], responses=PROBLEMS | documented("limit-exceeded"))
    for add in QUESTIONS:
        add(router, Answering(settings, store, workers))
    return router
