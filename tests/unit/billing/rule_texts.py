"""Files of rules, as somebody might hand them in."""


def rules_text(
    name: str = "medicare-2027",
    begins: str = "2027-01-01",
    ends: str | None = None,
    *,
    through: str = "2027-12-31",
    version: int = 1,
    minutes: int = 20,
) -> str:
    until = "" if ends is None else f"effective_to = {ends}"
    said = 'certainty = "V1", source = "test-page"'
    return f"""
["{name}"]
effective_from = {begins}
{until}
confirmed_through = {through}
source_read_on = 2026-11-22
version = {version}
supply = [{{ code = "99454", min_days = 16, max_days = 30, {said} }}]
setup = {{ code = "99453", min_days = 2, {said} }}
mgmt_base = [{{ code = "99457", min_seconds = {minutes * 60}, {said} }}]
mgmt_addon = {{ code = "99458", requires = "99457", each_seconds = 1200, {said} }}
"""
