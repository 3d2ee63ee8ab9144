"""Figures with their baselines: printed as they come, kept in bench/results.json."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """`ratio` is value / baseline. `goal` says what is asked of value or ratio; without one the figure is told for its own sake."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str = ""
    holds: bool = True


def at_most(name, value, unit, baseline, most):
    """A figure whose ratio to the baseline has a limit."""
    ratio = value / baseline
    return Figure(name, _round(value), unit, _round(baseline), round(ratio, 2), f"ratio <= {most}", round(ratio, 2) <= most)


def at_least(name, value, unit, baseline, least):
    ratio = value / baseline
    return Figure(name, _round(value), unit, _round(baseline), round(ratio, 2), f"ratio >= {least}", round(ratio, 2) >= least)


def within(name, value, unit, most, baseline=None):
    """A figure with a limit of its own; the baseline is told."""
    return replace(told(name, value, unit, baseline), goal=f"value <= {most}", holds=value <= most)


def no_less(name, value, unit, least, baseline=None):
    return replace(told(name, value, unit, baseline), goal=f"value >= {least}", holds=value >= least)


def same_and_within(name, value, unit, baseline, most):
    """A count that is to be the baseline's, and within a limit."""
    return Figure(name, value, unit, baseline, round(value / baseline, 2), f"ratio = 1, value <= {most}", value == baseline and value <= most)


def told(name, value, unit, baseline=None):
    return Figure(name, _round(value), unit, None if baseline is None else _round(baseline), None if baseline is None else round(value / baseline, 2))


def _round(number):
    return number if isinstance(number, int) else float(f"{number:.4g}")


def line(figure):
    beside = f"{figure.baseline:>10g}{figure.ratio:>8.2f}" if figure.baseline is not None else " " * 18
    verdict = ("holds" if figure.holds else "MISSED") if figure.goal else ""
    return f"{figure.name:<34}{figure.value:>10g} {figure.unit:<10}{beside}  {figure.goal:<15} {verdict}".rstrip()


HEAD = f"{'':<34}{'value':>10} {'unit':<10}{'baseline':>10}{'ratio':>8}  goal"


def write(figures):
    RESULTS.write_text(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
