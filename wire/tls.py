"""TLS towards the broker, from files."""

import ssl

from wire.address import TlsFiles


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """Reads the files: not on the event loop. The broker's name is checked, always."""
    context = ssl.create_default_context(
        ssl.Purpose.SERVER_AUTH, cafile=None if files.ca is None else str(files.ca)
    )
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if files.certificate is not None:
        context.load_cert_chain(files.certificate, files.key)
    return context
