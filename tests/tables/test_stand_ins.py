"""What an export leaves out but says in other columns: quantity x price is the amount, the order is the invoice."""

import pandas as pd
import pytest

from klantwaarde import InputError, tables_from

CUSTOMERS = pd.DataFrame({"customer_id": ["K1"]})


def lines(**columns):
    frame = {"InvoiceNo": ["F1", "F2"], "InvoiceDate": pd.to_datetime(["2025-01-01", "2025-02-01"]), "Klant": ["K1", "K1"]}
    return tables_from({"customers": CUSTOMERS, "invoice_lines": pd.DataFrame(frame | columns)})


def test_quantity_times_price_is_the_net_amount_in_cents_and_the_user_hears_it():
    tables = lines(Quantity=[3, -2], UnitPrice=[1.115, 2.5])
    assert tables["invoice_lines"]["net_amount"].tolist() == [3.35, -5.0]
    assert [fault.code for fault in tables.messages] == ["KW-IN-033"]


def test_a_blank_amount_is_filled_and_a_given_one_stays():
    tables = lines(Quantity=[3, 4], UnitPrice=[2.0, 2.0], Nettobedrag=[None, 7.0])
    assert tables["invoice_lines"]["net_amount"].tolist() == [6.0, 7.0]


def test_a_blank_price_without_an_amount_is_a_fault_at_the_quantity():
    with pytest.raises(InputError) as caught:
        lines(Quantity=[3, 4], UnitPrice=[2.0, None])
    assert [(fault.code, fault.cell) for fault in caught.value.faults] == [("KW-IN-004", "D3")]


def test_the_order_number_stands_in_for_the_invoice_number():
    frame = pd.DataFrame({"OrderNumber": ["S1"], "OrderDate": [pd.Timestamp(2025, 1, 1)], "Klant": ["K1"], "Omzet": [5.0]})
    tables = tables_from({"customers": CUSTOMERS, "invoice_lines": frame})
    assert tables["invoice_lines"]["invoice_id"].tolist() == ["S1"]


def test_the_cost_of_goods_follows_from_quantity_and_unit_cost():
    tables = lines(Quantity=[3, -2], UnitPrice=[2.0, 2.0], **{"Unit cost": [1.25, 1.25]})
    assert tables["invoice_lines"]["cost_amount"].tolist() == [3.75, -2.5]
