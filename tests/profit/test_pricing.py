"""Break-even volumes and prices; the published table stands in tests/published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klantwaarde.money import AmountError
from klantwaarde.profit.pricing import break_even_price, volume_for_discount, volume_for_price_rise


@given(st.floats(0.01, 0.4), st.floats(0.45, 0.9))
def test_the_extra_volume_earns_exactly_what_the_discount_gave_away(discount: float, margin: float) -> None:
    volume = 1 + float(volume_for_discount(discount, margin))
    assert volume * (margin - discount) == pytest.approx(margin)
    fewer = 1 + float(volume_for_price_rise(discount, margin))
    assert fewer * (margin + discount) == pytest.approx(margin)


def test_whole_columns_go_in_and_out() -> None:
    assert volume_for_discount([0.05, 0.1], [0.2, 0.4]).tolist() == pytest.approx([1 / 3, 1 / 3])
    assert break_even_price([-5.0, 10.0, 0.0], [100.0, 100.0, 100.0]).tolist() == [0.05, -0.1, 0.0]


@pytest.mark.parametrize("discount", [0.25, 0.3, float("nan")])
def test_a_discount_that_takes_the_whole_margin_is_refused_with_its_place(discount: float) -> None:
    with pytest.raises(AmountError) as refused:
        volume_for_discount([0.1, discount], 0.25)
    [fault] = refused.value.faults
    assert (fault.code, fault.values["position"]) == ("KW-PL-010", 2)


@pytest.mark.parametrize("revenue", [0.0, -10.0, float("nan")])
def test_without_revenue_there_is_no_break_even_price(revenue: float) -> None:
    with pytest.raises(AmountError, match="KW-PL-011"):
        break_even_price(-1.0, revenue)
