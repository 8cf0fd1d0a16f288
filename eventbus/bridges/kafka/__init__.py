"""Kafka: every event on a topic of its app, and foreign topics taken into the bus."""
