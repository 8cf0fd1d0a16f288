"""Foreign systems' events: CloudEvents that are checked, and taken into the outbox once each."""
