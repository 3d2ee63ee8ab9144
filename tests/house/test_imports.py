"""No circle of imports: whichever module of the house is asked for first, it can be loaded."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def circle(imports):
    """One circle among {module: modules that it imports}, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        return found.args[1]
    return []


def test_no_module_imports_itself_by_way_of_others():
    graph = grimp.build_graph("app")
    assert circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


@pytest.mark.parametrize(("imports", "found"), [({"cases": {"effects"}, "effects": {"merges"}}, []), ({"cases": {"effects"}, "effects": {"cases"}}, ["cases", "effects", "cases"])])
def test_a_circle_is_found_where_there_is_one(imports, found):
    assert set(circle(imports)) == set(found)
