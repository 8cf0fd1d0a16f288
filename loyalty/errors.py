"""The exceptions of loyalty. The docstring names the cure."""


class LedgerIsFinal(Exception):
    """An entry of points stays as it was made: another one makes up for it."""
