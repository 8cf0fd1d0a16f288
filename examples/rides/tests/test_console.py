"""The console of the bus in Django's own admin, without a theme."""

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.urls import reverse

from eventbus.console.places import PLACES


class Console(TestCase):
    def setUp(self) -> None:
        operator = get_user_model().objects.create_superuser("operator", password="operator")
        self.client.force_login(operator)

    def test_every_page_of_the_console_stands_in_the_admin(self) -> None:
        for place in PLACES:
            with self.subTest(place.title):
                page = self.client.get(place.link)
                self.assertTemplateUsed(page, "admin/base_site.html")
                self.assertContains(page, 'id="nav-sidebar"')
                self.assertContains(page, 'aria-label="Console"')
                self.assertContains(page, "django_htmx/htmx-2.min.js", count=1)
                assert "unsafe" not in page["Content-Security-Policy"]

    def test_every_page_of_the_admin_leads_an_operator_to_the_console(self) -> None:
        link = f'<a href="{PLACES[0].link}">Console</a>'
        self.assertContains(self.client.get(reverse("admin:index")), link)
        self.client.force_login(get_user_model().objects.create_user("sam", is_staff=True))
        self.assertNotContains(self.client.get(reverse("admin:index")), link)
