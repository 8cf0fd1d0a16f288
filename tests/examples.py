"""How many examples Hypothesis makes up: a part of them in every run, all in a thorough one."""

import hypothesis
from hypothesis import HealthCheck, is_hypothesis_test

#: `pytest --hypothesis-profile=thorough` tries all examples; else this part, and at least so many.
THOROUGH = "thorough"
PART, FEWEST = 5, 5
#: How many a test tries that says nothing of it.
USUALLY = 50

hypothesis.settings.register_profile(THOROUGH, hypothesis.settings(max_examples=USUALLY))


def tried(examples: int) -> int:
    """Return how many of so many examples are tried in this run."""
    if hypothesis.settings.get_current_profile_name() == THOROUGH:
        return examples
    return min(examples, max(FEWEST, examples // PART))


def try_fewer(test) -> None:
    """Have a test try the part of its examples, however slow the machine; others stay as they are.

    Hypothesis has no other way to change what a decorator has set.
    """
    name = "_hypothesis_internal_use_settings"
    if is_hypothesis_test(test) and (usual := getattr(test, name, None)):
        fewer = hypothesis.settings(
            usual,
            max_examples=tried(usual.max_examples),
            deadline=None,
            suppress_health_check={*usual.suppress_health_check, HealthCheck.too_slow},
        )
        setattr(test, name, fewer)
