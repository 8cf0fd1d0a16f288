"""What operators look at and do: failures, retries, metrics, signs of life, overdue reactions."""
