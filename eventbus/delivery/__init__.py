"""The core of the bus: outbox, ledger, runner, relay and pauses, with their tables."""
