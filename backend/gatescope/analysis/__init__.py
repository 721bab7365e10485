"""Questions asked of a trace, one file a question; pure functions."""

from gatescope.analysis.connectivity import Connectivity, connectivity
from gatescope.analysis.gradients import StateGradients, state_gradients
from gatescope.analysis.hypotheses import count_difference, inside_quotes, is_token, position
from gatescope.analysis.integrated_gradients import (
    IntegratedGradients,
    OutputTarget,
    StateTarget,
    integrated_gradients,
)
from gatescope.analysis.ranking import RankedUnit, Ranking, rank_units
from gatescope.analysis.retention import Retention, half_lives, retention
from gatescope.analysis.vanishing import GradientReach, gradient_reach
from gatescope.analysis.writes import Writes, writes

__all__ = [
    "Connectivity",
    "GradientReach",
    "IntegratedGradients",
    "OutputTarget",
    "RankedUnit",
    "Ranking",
    "Retention",
    "StateGradients",
    "StateTarget",
    "Writes",
    "connectivity",
    "count_difference",
    "gradient_reach",
    "half_lives",
    "inside_quotes",
    "integrated_gradients",
    "is_token",
    "position",
    "rank_units",
    "retention",
    "state_gradients",
    "writes",
]
