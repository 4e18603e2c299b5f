"""Every page: what is served, and who may see it, from this one table."""

from typing import Final

from console.account import table as account
from console.audit_pages import PAGES as AUDIT_PAGES
from console.billing import table as billing
from console.chart import table as chart
from console.clinic import table as clinic
from console.desk import table as desk
from console.my import table as my
from console.queue import table as queue
from console.routing import Route
from console.timelog import table as timelog
from console.web.assets import ASSETS
from console.web.reports import REPORTING

PAGES: Final[tuple[Route, ...]] = (
    ASSETS,
    REPORTING,
    *account.PAGES,
    *queue.PAGES,
    *chart.PAGES,
    *desk.PAGES,
    *timelog.PAGES,
    *billing.PAGES,
    *clinic.PAGES,
    *my.PAGES,
    *AUDIT_PAGES,
)
