"""The questions that can be asked, one file a question; each becomes a route of /api/v1/analyses."""

from typing import Any

from gatescope.web.questions.comparison import COMPARISON
from gatescope.web.questions.connectivity import CONNECTIVITY
from gatescope.web.questions.contributions import CONTRIBUTIONS
from gatescope.web.questions.gradient_reach import GRADIENT_REACH
from gatescope.web.questions.gradients import GRADIENTS
from gatescope.web.questions.health import HEALTH
from gatescope.web.questions.integrated_gradients import INTEGRATED_GRADIENTS
from gatescope.web.questions.question import Question
from gatescope.web.questions.ranking import RANKING
from gatescope.web.questions.retention import RETENTION
from gatescope.web.questions.silencing import SILENCING
from gatescope.web.questions.what_if import WHAT_IF
from gatescope.web.questions.writes import WRITES

QUESTIONS: tuple[Question[Any], ...] = (
    CONTRIBUTIONS,
    RANKING,
    RETENTION,
    WRITES,
    HEALTH,
    WHAT_IF,
    SILENCING,
    COMPARISON,
    GRADIENTS,
    GRADIENT_REACH,
    CONNECTIVITY,
    INTEGRATED_GRADIENTS,
)
