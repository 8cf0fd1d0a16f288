"""The pages that are measured are there."""

from collections import defaultdict
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import resolve

from devtools.bench import operator_pages, pages


@pytest.mark.parametrize("measured", [operator_pages.PAGES, pages.PAGES])
def test_every_measured_address_leads_to_a_page(measured):
    known = {"delivery": 1, "event": uuid4(), "order": uuid4()}
    for address in measured.values():
        path = urlsplit(address.format_map(defaultdict(lambda: "x", known))).path
        # The admin takes every address below its own, but gives only its pages a name.
        assert resolve(path).url_name, path
