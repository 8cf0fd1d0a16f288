"""Error answers: problem details (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Field, Schema
from ninja.errors import HttpError, Throttled, ValidationError

from shop.api.schemas import MONEY

#: Seconds after which a database that was away, or had too much to do, may answer.
SOON = 10
MEDIA_TYPE = "application/problem+json"
Errors = Mapping[str, list[str]]


class Problem(Schema):
    """Why a request was refused (RFC 9457). Nothing was changed by it."""

    type: str = Field(examples=["about:blank"], description="always about:blank: see the status")
    title: str = Field(examples=["Unprocessable Entity"], description="the status in words")
    status: int = Field(examples=[422])
    detail: str = Field(
        examples=["Please correct what is named below."],
        description="for people, in the language asked for",
    )
    errors: dict[str, list[str]] = Field(
        default_factory=dict,
        examples=[{"ship_to.postcode": ["This is needed."]}],
        description="what is wrong, by field",
    )


class Refusal(Exception):
    """The answer is a problem: a status, and for people why; `errors` by field."""

    def __init__(self, status: int, detail: str, errors: Errors | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors or {}


def missing(what: str) -> Refusal:
    """Make the refusal of what is not there, or is not the caller's: they are not told which."""
    return Refusal(404, what)


def wrong(errors: Errors) -> Refusal:
    """Make the refusal of what cannot be carried out as it was sent."""
    return Refusal(422, _("Please correct what is named below."), errors)


def response(status: int, detail: str = "", errors: Errors | None = None) -> HttpResponse:
    """Make the answer that says so; without a detail, the usual one for this status."""
    title = HTTPStatus(status).phrase
    problem = Problem(
        type="about:blank",
        title=title,
        status=status,
        detail=detail or str(DETAILS.get(status, title)),
        errors=dict(errors or {}),
    )
    answer = JsonResponse(problem.dict(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return response(refusal.status, refusal.detail, refusal.errors)


def of_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    answer = response(error.status_code)
    if isinstance(error, Throttled):
        answer["Retry-After"] = str(error.wait or 1)
    return answer


def of_validation(
    request: HttpRequest, error: ValidationError, further: Errors | None = None
) -> HttpResponse:
    """Refuse what the schema does not allow. `further`: what else is wrong, by field."""
    errors: dict[str, list[str]] = {}
    for fault in error.errors:
        errors.setdefault(_field(fault["loc"]), []).append(_text(fault))
    # What the schema says of a field, or of the object it is in, is enough.
    rest = {name: texts for name, texts in (further or {}).items() if not _is_in(name, errors)}
    refusal = wrong(errors | rest)
    if any(fault["loc"][0] == "header" for fault in error.errors):
        refusal.status = HTTPStatus.BAD_REQUEST
    return of_refusal(request, refusal)


def of_bug(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log and signal it as Django does for a page; its caller is told no more than that."""
    got_request_exception.send(sender=None, request=request)
    answer = response(HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, OperationalError | InterfaceError):
        answer = response(HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = str(SOON)
    log_response(
        "%s: %s",
        answer.reason_phrase,
        request.path,
        response=answer,
        request=request,
        exception=error,
    )
    return answer


def _field(place: tuple[str | int, ...]) -> str:
    """Name a field without where it was sent (body, query, ...) or our parameter for a body."""
    source, *path = place
    inner = path[1:] if source == "body" else path
    return ".".join(str(part) for part in inner) or str(source)


def _is_in(field: str, errors: Errors) -> bool:
    return any(f"{field}.".startswith(f"{named}.") for named in errors)


def _text(fault: dict[str, Any]) -> str:
    details = fault.get("ctx", {})
    known = FAULTS.get(details.get("pattern", "")) or FAULTS.get(fault["type"])
    return str(known) % details if known else fault["msg"]


DETAILS: Mapping[int, str | Promise] = {
    400: gettext_lazy("This is not JSON that can be read."),
    401: gettext_lazy("This needs a token: send it as Authorization: Bearer …"),
    404: gettext_lazy("There is nothing at this address."),
    405: gettext_lazy("This address does not do that."),
    413: gettext_lazy("This is too much at once."),
    415: gettext_lazy("Send it as application/json."),
    429: gettext_lazy("These are too many requests: wait, and send it again."),
    503: gettext_lazy("The shop cannot answer just now: wait, and send it again."),
    500: gettext_lazy("This went wrong on our side. Please send it again later."),
}

#: pydantic's kinds of faults, or patterns that are not met, in our words.
FAULTS: Mapping[str, str | Promise] = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("This must be a text."),
    "string_unicode": gettext_lazy("This must be a text."),
    "string_pattern_mismatch": gettext_lazy("This has characters that cannot be here."),
    "string_too_short": gettext_lazy("This must have at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("This must have at most %(max_length)s characters."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_from_float": gettext_lazy("This must be a whole number."),
    "finite_number": gettext_lazy("This must be a number."),
    "bool_parsing": gettext_lazy("This must be true or false."),
    MONEY: gettext_lazy("This must be an amount such as 12.50."),
    "greater_than_equal": gettext_lazy("This must be at least %(ge)s."),
    "less_than_equal": gettext_lazy("This must be at most %(le)s."),
    "literal_error": gettext_lazy("This must be one of %(expected)s."),
    "enum": gettext_lazy("This must be one of %(expected)s."),
    "uuid_parsing": gettext_lazy("This must be an id (UUID)."),
    "uuid_type": gettext_lazy("This must be an id (UUID)."),
    "list_type": gettext_lazy("This must be a list."),
    "model_attributes_type": gettext_lazy("This must be an object."),
}
