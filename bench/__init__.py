"""What `make bench` runs: the product beside its baselines, in one run, as ratios (DECIDED 30, 31)."""
