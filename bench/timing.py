"""Times that can be compared on a machine that does other things too: everything takes turns, and the medians are set beside each other."""

import gc
import random
from statistics import median
from time import perf_counter


def settle_down(functions, times=5):
    """Warm everything up, then put what is there out of the collector's sight, as the server does after its first requests."""
    for function in functions:
        for _ in range(times):
            function()
    gc.collect()
    gc.freeze()


def take_turns(functions, *, rounds=15, times=8, clock=perf_counter):
    """{name: median seconds} of `functions` {name: function}; in every round each runs some times, in another order."""
    settle_down(functions.values())
    order, rng = list(functions), random.Random(1)
    samples = {name: [] for name in functions}
    for _ in range(rounds):
        rng.shuffle(order)
        for name in order:
            function = functions[name]
            for _ in range(times):
                begun = clock()
                function()
                samples[name].append(clock() - begun)
    return {name: median(taken) for name, taken in samples.items()}
