"""How many order pages a process keeps open."""

import subprocess
import sys

import pytest

from devtools.system import PROJECT

#: How many streams a process may have, and how many files it may then open, by how it was started.
ASK = """
import resource, django
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
django.setup()
from shop.storefront.live.stream_limit import stream_limit
print(stream_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "expected"), [(256, 1024, "512 1024"), (1024, 12000, "5000 12000")]
)
def test_process_takes_all_files_it_may_have_and_leaves_half_to_the_rest(soft, hard, expected):
    process = subprocess.run(
        [sys.executable, "-c", ASK.format(soft=soft, hard=hard)],
        cwd=PROJECT,
        env={"DJANGO_SETTINGS_MODULE": "shop.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == expected
