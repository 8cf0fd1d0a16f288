"""Notes on failures: kept for the next time, and found again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventbus.console.forms import NoteForm, NotesFilter
from eventbus.console.views.access import operator, operators_only
from eventbus.console.views.page import render
from eventbus.operations import failure_notes, failures

PAGE = 50


@operators_only("GET")
def notes_page(request: HttpRequest) -> HttpResponse:
    form = NotesFilter(request.GET)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    text = form.cleaned_data["q"]
    page = Paginator(failure_notes.notes(text), PAGE).get_page(request.GET.get("page"))
    fingerprints = [note.fingerprint for note in page]
    open_now = failures.failed_or_parked().filter(fingerprint__in=fingerprints).order_by()
    context = {
        "page": page,
        "q": text,
        "failing": set(open_now.values_list("fingerprint", flat=True).distinct()),
    }
    return render(request, "console/failed/notes.html", context)


@operators_only("POST")
def annotate(request: HttpRequest, fingerprint: str) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "console/refused.html", {"form": form}, status=422)
    try:
        failure_notes.annotate(fingerprint, by=operator(request), **form.cleaned_data)
    except failure_notes.UnknownGroup:
        return render(request, "console/failed/no_group.html", status=404)
    messages.success(request, "Noted.")
    return redirect("console:group", fingerprint)
