"""What decides correctness: outbox, ledger, runner, relay and pauses, with their tables."""
