"""The table of sizes counts code alone."""

import subprocess

from devtools.docs.layout import rows

MODULE = '''"""What it is."""

def twice(n):
    """Double it."""
    # A reason.

    return 2 * n
'''


def test_a_line_of_code_is_no_blank_no_comment_and_no_docstring(tmp_path):
    for path in ("app/one.py", "app/two.py", "app/migrations/0001.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text(MODULE)
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert list(rows(tmp_path)) == [
        "| app | 2 | 2 | 2, 2 | 2, 2 | 4 |",
        "| all | 2 | 2 | 2, 2 | 2, 2 | 4 |",
    ]
