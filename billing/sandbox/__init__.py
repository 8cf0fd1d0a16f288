"""A card processor for trying things out: no money moves, but its books are real."""

from billing.sandbox.cards import TEST_CARDS, SandboxCard, tokenize
from billing.sandbox.processor import KeyReused, SandboxProcessor, UnknownHold

__all__ = [
    "TEST_CARDS",
    "KeyReused",
    "SandboxCard",
    "SandboxProcessor",
    "UnknownHold",
    "tokenize",
]
