"""转学, from the child found to the record moved; 整班转学."""
