"""Why a card was refused, for people."""

from billing.decline_reasons import REASONS, declined


def test_a_known_code_has_the_shops_own_words_whatever_the_processor_said():
    assert declined("expired_card", "Card expired!").reason == REASONS["expired_card"]


def test_of_an_unknown_code_the_processors_words_are_kept():
    assert declined("odd_code", "The processor says no.").reason == "The processor says no."
