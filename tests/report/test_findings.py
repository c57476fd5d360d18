"""What the findings say when there is one of something."""

import pytest

from companies import analysed, sale
from klantwaarde.messages import label
from klantwaarde.report.findings import findings


@pytest.mark.parametrize(("language", "start"), [("nl", "1 klant bracht 100 "), ("en", "1 customer brought 100 ")])
def test_one_customer_is_spoken_of_as_one(language: str, start: str) -> None:
    first, second, *_ = findings(analysed({"language": language}, invoice_lines=[sale("A", 100.0, 60.0)]), language)
    assert first.startswith(start)
    assert second == label("finding_no_losses_only", language)


@pytest.mark.parametrize(
    ("lines", "dutch", "english"),
    [
        (
            [sale("A", 100.0, 160.0)],
            "De enige klant in de ranglijst maakt verlies: 60.",
            "The only ranked customer makes a loss: 60.",
        ),
        (
            [sale("A", 100.0, 160.0), sale("B", 100.0, 60.0)],
            "1 van de 2 klanten in de ranglijst (50 %) maakt verlies: 60.",
            "1 of the 2 ranked customers (50 %) makes a loss: 60.",
        ),
    ],
)
def test_one_loss_is_not_several_together(lines: list[dict[str, object]], dutch: str, english: str) -> None:
    outcome = analysed(invoice_lines=lines)
    assert (findings(outcome, "nl")[1], findings(outcome, "en")[1]) == (dutch, english)
