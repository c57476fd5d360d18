"""Small auditfiles as text, for the tests of the import."""

from decimal import Decimal

XAF_40 = "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"
XAF_32 = "http://www.auditfiles.nl/XAF/3.2"

ACCOUNTS = (
    ("0500", "Eigen vermogen", "B", "BEivOkc"),
    ("1100", "Bank", "B", "BLimBan"),
    ("1300", "Debiteuren", "B", "BVorDeb"),
    ("1600", "Crediteuren", "B", "BSchCre"),
    ("1800", "Te betalen btw", "B", "BSchBtw"),
    ("4000", "Kantoorkosten", "P", "WBedKan"),
    ("8000", "Omzet", "P", "WOmzNop"),
)
RELATIONS = (("D1", "Klant Één", "C"), ("D2", "Klant Twee", "C"), ("C1", "Leverancier", "S"))


def tags(**texts: object) -> str:
    """Elements in the order given; None is left out."""
    return "".join(f"<{name}>{text}</{name}>" for name, text in texts.items() if text is not None)


def line(nr: int, account: str, amount: object, side: str, **more: object) -> str:
    """One transaction line; ``more`` are further elements by name."""
    return f"<trLine>{tags(nr=nr, accID=account, amnt=amount, amntTp=side, **more)}</trLine>"


def transaction(nr: object, lines: list[str], *, period: object = 1, date: str | None = "2024-01-15") -> str:
    """One transaction."""
    return f"<transaction>{tags(nr=nr, desc='Boeking', periodNumber=period, trDt=date)}{''.join(lines)}</transaction>"


def sale(nr: int, net: str, customer: str | None = "D1", *, period: object = 1, date: str = "2024-01-15") -> str:
    """An invoice with 21 % VAT; the customer stands on the debtor line only."""
    amount = Decimal(net)
    vat = (amount * 21 / 100).quantize(Decimal("0.01"))
    return transaction(nr, [
        line(1, "1300", amount + vat, "D", custSupID=customer, invRef=f"F{nr}"),
        line(2, "8000", amount, "C"),
        line(3, "1800", vat, "C"),
    ], period=period, date=date)  # fmt: skip


def journal(name: str, kind: str | None, transactions: list[str], **more: object) -> str:
    """One journal."""
    return f"<journal>{tags(jrnID=name, desc=name, jrnTp=kind, **more)}{''.join(transactions)}</journal>"


def month_periods(year: int = 2024) -> str:
    """Twelve periods of a month."""
    days = (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return "".join(
        f"<period>{tags(periodNumber=m, startDatePeriod=f'{year}-{m:02d}-01', endDatePeriod=f'{year}-{m:02d}-{d}')}</period>"
        for m, d in enumerate(days, start=1)
    )


def auditfile(
    journals: list[str],
    *,
    accounts: tuple[tuple[str | None, ...], ...] = ACCOUNTS,
    relations: tuple[tuple[str | None, ...], ...] = RELATIONS,
    totals: tuple[str, str] | None = None,
    lines_count: int | None = None,
    namespace: str = XAF_40,
    periods: str | None = None,
    opening: str = "",
    subledgers: str = "",
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> str:
    """A whole file. Accounts: number, name, type, RGS code; relations: id, name, type, group, credit limit."""
    in_40 = namespace.endswith("4.0")
    people = "".join(
        f"<customerSupplier>{tags(custSupID=r[0], custSupName=r[1], custSupTp=r[2])}"
        f"{'' if in_40 else tags(**dict(zip(('custSupGrpID', 'custCreditLimit'), r[3:], strict=False)))}"
        "</customerSupplier>"
        for r in relations
    )
    chart = "".join(
        f"<ledgerAccount>{tags(accID=a[0], accDesc=a[1], accTp=a[2], **{'RGScode' if in_40 else 'leadReference': a[3]})}"
        "</ledgerAccount>"
        for a in accounts
    )
    header = tags(fiscalYear=2024, startDate="2024-01-01", endDate="2024-12-31", curCode="EUR",
                  dateCreated="2025-02-01", softwareDesc="Proef", softwareVersion=1)  # fmt: skip
    debit, credit = totals or (None, None)
    declared = tags(linesCount=lines_count, totalDebit=debit, totalCredit=credit)
    return (
        f'{prolog}<auditfile xmlns="{namespace}"><header>{header}</header><company>'
        f"{tags(Commercenr='12345678', companyName='Voorbeeld')}"
        f"<customersSuppliers>{people}</customersSuppliers><generalLedger>{chart}</generalLedger>"
        f"<periods>{month_periods() if periods is None else periods}</periods>{opening}"
        f"<transactions>{declared}{''.join(journals)}{subledgers}</transactions></company></auditfile>"
    )
