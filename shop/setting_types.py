"""The types of settings that other programs read: what they would misread is refused.

A comma makes two passwords for Flower, a `#` ends an address, a blank begins another word of a
command, and a line break another header. Each text in the settings is one of these.
"""

import re
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

#: Settings of time are counted in seconds; ten years are longer than anything waits here.
LONGEST = 10 * 366 * 86400


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has a line break or another character that cannot be seen")
    return text


def _ascii(text: str) -> str:
    """Check a text that goes unchanged into a header or another program's environment."""
    if not re.fullmatch(r"[\x20-\x7e]*", text) or text != text.strip():
        raise ValueError("may have only the characters of ASCII that can be seen")
    return text


def _flowers(password: str) -> str:
    if "," in password:
        raise ValueError("must have no comma, at which Flower would begin another password")
    return _ascii(password)


def _token(text: str) -> str:
    """Check the token of `Authorization: Bearer` (RFC 6750, section 2.1)."""
    if not re.fullmatch(r"([A-Za-z0-9._~+/-]+=*)?", text):
        raise ValueError("may have letters, digits and ._~+/- alone, as a bearer token does")
    return text


def _mailbox(text: str) -> str:
    found = getaddresses([_plain(text)])
    if len(found) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", found[0][1]):
        raise ValueError(
            "must be one address, Name <shop@shop.example>; a name with a comma stands in quotes"
        )
    return text


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is no time zone's name in the IANA database, such as Europe/Vienna")
    return name


def _host(name: str) -> str:
    """Check a host's name or address; empty means every address."""
    if not re.fullmatch(r"[0-9A-Za-z._:-]*", name):
        raise ValueError("must be the name or the address of a host")
    return name


def _hosts(names: str) -> str:
    for name in names.split(","):
        if not re.fullmatch(r"\*|\.?[0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\]", name.strip()):
            raise ValueError(f"{name.strip()!r} is no host's name, which has no scheme and no port")
    return names


def _address(url: str, schemes: tuple[str, ...], local: tuple[str, ...] = ()) -> str:
    """Check a URL of one of these schemes; with one of the `local` ones it needs no host."""
    if not url:
        return url
    scheme = _plain(url).partition("://")[0]
    if scheme not in schemes:
        raise ValueError(f"{scheme} is not one of {', '.join(schemes)}")
    if not _is_whole(url, needs_host=scheme not in local):
        raise ValueError("is no whole address; in a password, %23 is #, %2F is /, %3F is ?")
    return url


def _is_whole(url: str, needs_host: bool) -> bool:
    """Tell whether a URL has a host, if it needs one, and neither a fragment nor a blank."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return not parts.fragment and " " not in url and bool(host or not needs_host)


def _database(url: str) -> str:
    return _address(url, ("postgres", "postgresql"), local=("postgres", "postgresql"))


def _broker(url: str) -> str:
    schemes = ("redis", "rediss", "redis+socket", "amqp", "amqps", "pyamqp")
    return _address(url, schemes, local=("redis+socket",))


def _mail_server(url: str) -> str:
    parts = urlsplit(_address(url, ("smtp", "smtps", "smtp+tls")))
    if parts.path.strip("/") or parts.query:
        raise ValueError("ends with the host and its port; in a password, %2F is / and %3F is ?")
    # Python's SMTP speaks ASCII when it logs in.
    _ascii(unquote(parts.username or ""))
    _ascii(unquote(parts.password or ""))
    return url


def _web(url: str) -> str:
    return _address(url, ("http", "https"))


def _site(url: str) -> str:
    """Check a web address to which paths are added, so without a query."""
    if urlsplit(_web(url)).query:
        raise ValueError("must have no ? in it")
    return url


def _file(path: str) -> str:
    if path and not Path(path).is_file():
        raise ValueError("is no file")
    return path


#: Read by us alone, or shown to people.
Plain = Annotated[str, AfterValidator(_plain)]
FlowerPassword = Annotated[str, AfterValidator(_flowers)]
#: A credential that goes into a header.
HeaderText = Annotated[str, AfterValidator(_ascii)]
BearerToken = Annotated[str, AfterValidator(_token)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Host = Annotated[str, AfterValidator(_host)]
Hosts = Annotated[str, AfterValidator(_hosts)]
DatabaseAddress = Annotated[str, AfterValidator(_database)]
BrokerAddress = Annotated[str, AfterValidator(_broker)]
MailServer = Annotated[str, AfterValidator(_mail_server)]
WebAddress = Annotated[str, AfterValidator(_web)]
SiteAddress = Annotated[str, AfterValidator(_site)]
ExistingFile = Annotated[str, AfterValidator(_file)]
Folder = Annotated[Path, BeforeValidator(lambda path: _plain(str(path)))]
Seconds = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=LONGEST / 86400, allow_inf_nan=False)]
