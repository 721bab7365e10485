"""Questions asked of a trace, one file a question; pure functions."""

from gatescope.analysis.compare import Comparison, Difference, LayerComparison, compare
from gatescope.analysis.contributions import Contributions, Pushes, contributions
from gatescope.analysis.health import Finding, LayerHealth, Saturation, Thresholds, health
from gatescope.analysis.hypotheses import count_difference, inside_quotes, is_token, position
from gatescope.analysis.ranking import RankedUnit, Ranking, rank_units
from gatescope.analysis.retention import Retention, half_lives, retention
from gatescope.analysis.writes import Writes, writes

__all__ = [
    "Comparison",
    "Contributions",
    "Difference",
    "Finding",
    "LayerComparison",
    "LayerHealth",
    "Pushes",
    "RankedUnit",
    "Ranking",
    "Retention",
    "Saturation",
    "Thresholds",
    "Writes",
    "compare",
    "contributions",
    "count_difference",
    "half_lives",
    "health",
    "inside_quotes",
    "is_token",
    "position",
    "rank_units",
    "retention",
    "writes",
]
