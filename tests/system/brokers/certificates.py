"""A certificate for `localhost` that nobody but its owner has signed."""

import subprocess
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from devtools.chaos.rabbitmq import Certificate

MADE_WITH = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
    "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem"
)


def self_signed(folder: Path) -> Certificate:
    subprocess.run(MADE_WITH.split(), cwd=folder, check=True, capture_output=True)
    certificate = folder / "cert.pem"
    return Certificate(certificate, certificate, folder / "key.pem")


def server_side(certificate: Certificate) -> SSLContext:
    """Return what a server needs to speak TLS with it."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    return context
