"""Questions asked of a trace, one file a question; pure functions."""

from gatescope.analysis.hypotheses import count_difference, inside_quotes, is_token, position
from gatescope.analysis.ranking import RankedUnit, Ranking, rank_units
from gatescope.analysis.retention import Retention, half_lives, retention
from gatescope.analysis.writes import Writes, writes

__all__ = [
    "RankedUnit",
    "Ranking",
    "Retention",
    "Writes",
    "count_difference",
    "half_lives",
    "inside_quotes",
    "is_token",
    "position",
    "rank_units",
    "retention",
    "writes",
]
