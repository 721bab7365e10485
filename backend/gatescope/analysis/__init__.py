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
from gatescope.analysis.vanishing import GradientReach, gradient_reach

__all__ = [
    "Connectivity",
    "GradientReach",
    "IntegratedGradients",
    "OutputTarget",
    "RankedUnit",
    "Ranking",
    "StateGradients",
    "StateTarget",
    "connectivity",
    "count_difference",
    "gradient_reach",
    "inside_quotes",
    "integrated_gradients",
    "is_token",
    "position",
    "rank_units",
    "state_gradients",
]
