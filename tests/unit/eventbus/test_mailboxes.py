"""An e-mail address has one way of being written, and no letter is taken for another."""

import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from eventbus import mailbox, registry

SAME = [
    ("Ada@Example.COM", "ada@example.com"),
    ("  ada@example.com\n", "ada@example.com"),
    ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
    ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
    ("ada@ｅxample.com", "ada@example.com"),
    ("ada@example。com", "ada@example.com"),
    ("Staff", "staff"),
    ("", ""),
]

#: Each is taken for the other by upper(), lower(), casefold() or a compatible form of Unicode.
DIFFERENT = [
    ("ada@gıthub.com", "ada@github.com"),
    ("ada@gİthub.com", "ada@github.com"),
    ("adaı@example.com", "adai@example.com"),
    ("adaİ@example.com", "adai@example.com"),
    ("\u212aate@example.com", "kate@example.com"),
    ("ſam@example.com", "sam@example.com"),
    ("ａda@example.com", "ada@example.com"),
    ("straße@example.com", "strasse@example.com"),
    ("ada@straße.example", "ada@strasse.example"),
    ("ﬁn@example.com", "fin@example.com"),
    ("\u212bda@example.com", "åda@example.com"),
]


@pytest.mark.parametrize(("typed", "kept"), SAME)
def test_spellings_of_one_mail_box_are_one(typed, kept):
    assert mailbox(typed) == kept


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_looks_alike_is_somebody_elses(one, other):
    assert mailbox(one) != mailbox(other)


@pytest.mark.parametrize(
    "strange",
    ["@", "a@", "@b", "a@" + "ü" * 63, "a@ü..com", "a@\u05d0a", "\ud800@ü", "a@ü_b", "ü@@ü"],
)
def test_it_takes_any_text_and_says_the_same_twice(strange):
    assert mailbox(mailbox(strange)) == mailbox(strange)


def addresses() -> list[FieldInfo]:
    """Every address in every event of ours."""
    types = map(registry.event_class, registry.event_types())
    ours = [each for each in types if not each.__module__.startswith("tests")]
    return [field for each in ours for name, field in each.model_fields.items() if "email" in name]


def test_every_address_in_every_event_is_emitted_as_it_is_compared():
    assert addresses()
    for field in addresses():
        validated = TypeAdapter(field.rebuild_annotation()).validate_python("Ada@BÜCHER.example")
        assert validated == "ada@xn--bcher-kva.example"
