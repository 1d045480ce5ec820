"""How limits and their values are written, the same in figures and in tables."""

from mlsys_helpers.kit.units import duration, percent, si
from mlsys_helpers.sections.ai_engineering.model import Limit


def written(limit: Limit, value: float, digits: int = 3) -> str:
    """A value of a limit's quantity, in its unit; a share, which has none, in percent."""
    if not limit.unit:
        return percent(value, digits)
    return duration(value, 2) if limit.unit == "s" else si(value, limit.unit, 2)


def bound(limit: Limit) -> str:
    """A limit's bound in words."""
    return f"{'at least' if limit.at_least else 'at most'} {written(limit, limit.bound, 2)}"
