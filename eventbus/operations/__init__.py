"""What operators look at and do: failures, metrics, heartbeats, overdue reactions, backfill."""
