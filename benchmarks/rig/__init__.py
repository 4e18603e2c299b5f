"""Real processes that benchmarks and fault tests stand on: broker, database, workload."""
