"""What a template says is marked for translation."""

import re
from pathlib import Path

from django.conf import settings

from tests.unit.i18n.marking import unmarked

#: Templates of these folders are for staff and developers, who read English.
ENGLISH = {"admin", "console", "api", "audit", "backoffice", "tour"}
TEMPLATES = [
    file.relative_to(settings.BASE_DIR)
    for app in settings.OUR_PACKAGES
    for file in sorted((settings.BASE_DIR / app).glob("**/templates/**/*.*"))
    if not ENGLISH & set(file.parts) and file.suffix in (".html", ".txt")
]
#: What is translated, and what is no text.
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def test_templates_are_found():
    assert Path("shop/storefront/templates/storefront/home.html") in TEMPLATES


def test_template_has_no_text_that_is_not_translated():
    for template in TEMPLATES:
        source = (settings.BASE_DIR / template).read_text()
        assert unmarked(TAGS.sub("", TRANSLATED.sub("", source))) == [], template
