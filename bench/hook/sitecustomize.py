"""Python reads this at its start where PYTHONPATH names this folder: the served app gets the bench's empty page, and the product knows nothing of it."""

import sys
from importlib.machinery import PathFinder


class Views:
    """Finds app.views, and has its `register` add the page."""

    def find_spec(self, name, path, target=None):
        if name != "app.views":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            register = module.register

            def with_the_empty_page(app):
                from bench.desk import add_empty_page

                register(app)
                add_empty_page(app)

            module.register = with_the_empty_page

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Views())
