"""The proof that a change comes from a page of ours."""

from hypothesis import given
from hypothesis import strategies as st

from console.web import csrf

TOKENS = st.text(min_size=1, max_size=80)


@given(TOKENS)
def test_a_page_shows_it_differently_each_time_and_either_is_good(token: str) -> None:
    proof = csrf.csrf_token(token)
    one, other = csrf.masked(proof), csrf.masked(proof)
    assert one != other
    assert proof not in one
    assert csrf._is_ours(one, token)
    assert csrf._is_ours(other, token)
    assert csrf._is_ours(proof, token)


@given(TOKENS, TOKENS, st.text(max_size=200))
def test_nothing_else_is_good(token: str, another: str, made_up: str) -> None:
    proof = csrf.csrf_token(token)
    if another != token:
        assert not csrf._is_ours(csrf.masked(csrf.csrf_token(another)), token)
    if made_up != proof:
        assert not csrf._is_ours(made_up, token)
    assert not csrf._is_ours(csrf.masked(proof)[:-2], token)
    assert not csrf._is_ours("", token)
