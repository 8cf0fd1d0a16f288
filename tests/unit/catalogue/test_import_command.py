"""`manage.py import_products`."""

import json
import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import Product
from tests.unit.catalogue.files import MUG, SMALL_SHIRT, write

pytestmark = pytest.mark.django_db


def run(path, *options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_products", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_counts_what_went_in_and_lists_what_did_not(product_file):
    out, err = run(write(product_file, MUG, SMALL_SHIRT | {"Variant Price": "x"}))
    counts = "Products: 1 created, 0 updated, 0 unchanged, 1 left out. Variants: 1."
    assert out == f"{counts}\n"
    reason = "is not a number such as 12.50: 'x' (product shirt)"
    assert err == f"{product_file}, line 3, Variant Price: {reason}\n"


def test_a_problem_is_one_line_whatever_the_file_holds(product_file):
    _, err = run(write(product_file, MUG | {"Handle": "a\nb", "Variant Price": "x\ny"}))
    assert len(err.splitlines()) == 2


def test_the_result_can_be_had_as_json(product_file):
    out, err = run(write(product_file, MUG, SMALL_SHIRT | {"Variant Price": ""}), "--json")
    assert json.loads(out) == {
        "products": {"created": 1, "updated": 0, "unchanged": 0, "left_out": 1},
        "variants": 1,
        "columns_without_effect": [],
        "errors": [{"line": 3, "column": "Variant Price", "reason": "is blank", "handle": "shirt"}],
        "remarks": [],
    }
    assert err == ""


def test_columns_without_effect_are_named(product_file):
    """A gift card is sold as it is: nobody sends a code."""
    path = write(product_file, MUG)
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([f"{header},Gift Card,Cost per item", f"{rows[0]},TRUE,"]))
    assert "Columns without effect: Gift Card." in run(path)[0]


def test_only_new_is_an_option(product_file):
    run(write(product_file, MUG))
    run(write(product_file, MUG | {"Title": "Cup"}), "--only-new")
    assert Product.objects.get().title == "Mug"


def test_a_file_without_products_is_no_error(product_file):
    assert "0 created" in run(write(product_file))[0]


def test_a_file_that_cannot_be_read_is_an_error_of_one_line(tmp_path):
    with pytest.raises(CommandError, match=r"^.*nowhere\.csv: No such file or directory$"):
        run(tmp_path / "nowhere.csv")


def test_from_the_shell_it_exits_with_1_and_without_traceback(tmp_path):
    path = tmp_path / "picture.csv"
    path.write_bytes(bytes(range(256)))
    command = [sys.executable, "manage.py", "import_products", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("CommandError")
    assert "not UTF-8" in line
