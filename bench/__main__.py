"""`python -m bench`, or `make bench`: print the figures, write bench/results.json. ONLY=class_list (or --only) runs those whose names have it."""

import argparse
import logging
import os
import sys

from . import imports, inboxes, pages, papers, report, served, starts, suspensions, tick, transfers
from .counties import houses

BRIEF = {pages: {"rounds": 1, "times": 1}, served: {"rounds": 1, "seconds": 0.2}, imports: {"rounds": 1, "rows": 40}, starts: {"rounds": 1},
         inboxes: {"rounds": 1, "times": 1, "few": 20, "many": 60}, tick: {"few": 5, "many": 20}, transfers: {},
         suspensions: {}}


def main(arguments):
    options = _options().parse_args(arguments)
    words = [word for word in options.only.split(",") if word]
    figures = []

    def wanted(name):
        return not words or any(word in name for word in words)

    logging.disable(logging.INFO)
    try:
        print(report.HEAD)
        with houses(options.small, options.large, engine=options.engine) as (small, large):
            for figure in _figures(small, large, wanted, options.brief):
                if wanted(figure.name):
                    figures.append(figure)
                    print(report.line(figure), flush=True)
    finally:
        logging.disable(logging.NOTSET)
    report.write(figures)
    missed = [figure.name for figure in figures if not figure.holds]
    print(f"{len(figures)} figures, missed: {', '.join(missed) or 'none'}")


def _figures(small, large, wanted, brief):
    for house in (small, large):
        if house.seconds:
            yield report.told(f"settled/{house.size}", house.seconds, "s")
    for area, less in BRIEF.items():
        yield from area.measure(small, large, wanted, **(less if brief else {}))
    yield from papers.measure(large, wanted, **({"rounds": 1} if brief else {}))


def _options():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", default=os.environ.get("ONLY", ""), help="names, or parts of them, divided by commas")
    parser.add_argument("--engine", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--small", type=int, default=1_000, help="pupils of the small county")
    parser.add_argument("--large", type=int, default=100_000, help="pupils of the large one")
    parser.add_argument("--brief", action="store_true", help="one short round of each: whether it runs, not how fast")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
