"""What a school has: classes, class moves, quotas, recruiting elsewhere."""
