import pytest

from console.audit_answer import patients_in
from console.audit_csv import cell
from console.replies import reply


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (12, "12"),
    ],
)
def test_no_cell_is_computed(typed: object, shown: str) -> None:
    assert cell(typed) == shown


def test_patients_are_found_wherever_an_answer_names_them() -> None:
    a, b, c = (f"00000000-0000-0000-0000-00000000000{n}" for n in range(3))
    answer = reply({"items": [{"patient": a}, {"mrn": "1", "id": b}], "x": {"patients": [c, None]}})
    assert {str(each) for each in patients_in(answer)} == {a, b, c}
    assert patients_in(reply({"id": a, "patient": "not an id"})) == set()
