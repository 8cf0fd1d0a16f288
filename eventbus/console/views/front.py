"""The front page: what needs a person now, and what the project adds."""

from django.http import HttpRequest, HttpResponse

from eventbus.conf import conf
from eventbus.console.attention import attention_items
from eventbus.console.hooks import hooks
from eventbus.console.views.access import operators_only
from eventbus.console.views.page import render


@operators_only("GET")
def front(request: HttpRequest) -> HttpResponse:
    context = {"attention": attention_items(), "flower": conf.FLOWER_URL, "panels": hooks.panels}
    for panel in hooks.panels:
        context |= panel.context()
    return render(request, "console/front.html", context)
