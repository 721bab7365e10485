"""Questions asked of a trace, one file a question; pure functions."""

from gatescope.analysis.compare import (
    Comparison,
    Difference,
    LayerComparison,
    check_comparable,
    compare,
    compare_outputs,
    compare_quantity,
)
from gatescope.analysis.connectivity import Connectivity, connectivity
from gatescope.analysis.contributions import Contributions, Pushes, contributions
from gatescope.analysis.gradients import StateGradients, state_gradients
from gatescope.analysis.health import Finding, LayerHealth, Saturation, Thresholds, health
from gatescope.analysis.hypotheses import count_difference, inside_quotes, is_token, position
from gatescope.analysis.integrated_gradients import (
    IntegratedGradients,
    OutputTarget,
    StateTarget,
    integrated_gradients,
)
from gatescope.analysis.ranking import RankedUnit, Ranking, rank_units
from gatescope.analysis.retention import Retention, half_lives, retention
from gatescope.analysis.silencing import Score, SilencedUnit, Silencing, Targets, rank_silenced, silence_each_unit
from gatescope.analysis.vanishing import GradientReach, gradient_reach
from gatescope.analysis.writes import Writes, writes

__all__ = [
    "Comparison",
    "Connectivity",
    "Contributions",
    "Difference",
    "Finding",
    "GradientReach",
    "IntegratedGradients",
    "LayerComparison",
    "LayerHealth",
    "OutputTarget",
    "Pushes",
    "RankedUnit",
    "Ranking",
    "Retention",
    "Saturation",
    "Score",
    "SilencedUnit",
    "Silencing",
    "StateGradients",
    "StateTarget",
    "Targets",
    "Thresholds",
    "Writes",
    "check_comparable",
    "compare",
    "compare_outputs",
    "compare_quantity",
    "connectivity",
    "contributions",
    "count_difference",
    "gradient_reach",
    "half_lives",
    "health",
    "inside_quotes",
    "integrated_gradients",
    "is_token",
    "position",
    "rank_silenced",
    "rank_units",
    "retention",
    "silence_each_unit",
    "state_gradients",
    "writes",
]
