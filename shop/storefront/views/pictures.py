"""Our own photographs, in the width a screen needs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.pictures import photograph, resized


@require_safe
@cache_control(public=True, max_age=365 * 86400, immutable=True)
def picture(request: HttpRequest, width: int, stamp: str, src: str) -> HttpResponse:
    """Send a picture. An address names one state of one file, and so never shows anything else."""
    photo = photograph(src)
    if photo is None or photo.stamp != stamp or width not in photo.widths:
        raise Http404(f"There is no picture {src} of this width.")
    try:
        file = resized(photo, width)
    except OSError as error:
        raise Http404(f"The picture {src} cannot be read: {error}.") from error
    return HttpResponse(file.read_bytes(), content_type="image/webp")
