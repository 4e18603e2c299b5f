"""The production alert process. Arguments: DSN."""

import asyncio
import sys

from alerts import process
from alerts.settings import AlertSettings

if __name__ == "__main__":
    asyncio.run(process.run(AlertSettings(), dsn=sys.argv[1], stop=asyncio.Event()))
