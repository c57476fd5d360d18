"""Klantwaarde in xlwings Lite: the functions KW.… and a script for every command. Made by klantwaarde_addin.build.lite."""

import xlwings as xw

from klantwaarde_addin.scripts import run, show
from klantwaarde_addin.udfs import *  # noqa: F403 - every function, under its Excel name

LANGUAGE = "nl"


@xw.script(name="Nieuwe werkmap")
def new_workbook(book: xw.Book) -> None:
    """Maakt een lege werkmap met een blad voor elke invoertabel en drie stappen om te beginnen. Uw open werkmappen blijven zoals ze zijn."""
    show(book, run(book, "new_workbook", LANGUAGE), quiet=True)


@xw.script(name="Open voorbeeld")
def load_example(book: xw.Book) -> None:
    """Opent een gevulde werkmap van een technische groothandel; met Alles berekenen ziet u in één klik alle uitkomsten. Uw open werkmappen blijven zoals ze zijn."""
    show(book, run(book, "load_example", LANGUAGE), quiet=True)


@xw.script(name="Controleer invoer")
def check_inputs(book: xw.Book) -> None:
    """Leest alle invoerbladen en zet elke fout met blad en cel op het blad Invoercontrole. Verandert niets aan de invoer of de uitkomsten."""
    show(book, run(book, "check_inputs", LANGUAGE), quiet=True)


@xw.script(name="Alles berekenen")
def run_all(book: xw.Book) -> None:
    """Leest de invoerbladen, rekent alles door en vervangt de uitkomstbladen; de vorige uitkomst blijft bewaard. Invoer en eigen kolommen blijven zoals ze zijn."""
    show(book, run(book, "run_all", LANGUAGE), quiet=True)


@xw.script(name="Verdeel kosten")
def allocate_costs(book: xw.Book) -> None:
    """Leest de invoer en toont wat elke handeling kost en welke capaciteit ongebruikt bleef. Schrijft alleen uitkomstbladen; bestaande uitkomsten gaan mee, zodat alle bladen van één berekening zijn."""
    show(book, run(book, "allocate_costs", LANGUAGE), quiet=True)


@xw.script(name="Maak klant-P&L")
def build_customer_pl(book: xw.Book) -> None:
    """Leest de invoer en maakt de winst-en-verliesrekening per klant met groepen, winstcurve, prijs en de aansluiting op het grootboek. Schrijft alleen uitkomstbladen."""
    show(book, run(book, "build_customer_pl", LANGUAGE), quiet=True)


@xw.script(name="Bekijk klantenbestand")
def analyse_base(book: xw.Book) -> None:
    """Leest klanten en factuurregels en toont opbouw, piramide, instroom, vertrek en aandacht. Schrijft alleen uitkomstbladen."""
    show(book, run(book, "analyse_base", LANGUAGE), quiet=True)


@xw.script(name="Bekijk debiteuren")
def analyse_credit(book: xw.Book) -> None:
    """Leest de openstaande en betaalde posten en toont betaalgedrag, ouderdom, risico en wat krediet kost. Schrijft alleen uitkomstbladen."""
    show(book, run(book, "analyse_credit", LANGUAGE), quiet=True)


@xw.script(name="Bereken klantwaarde")
def lifetime_value(book: xw.Book) -> None:
    """Leest de invoer en berekent de huidige en potentiële klantwaarde (CLV), de waarde van het bestand en de brug daarnaartoe. Schrijft alleen uitkomstbladen."""
    show(book, run(book, "lifetime_value", LANGUAGE), quiet=True)


@xw.script(name="Toon aansluiting")
def reconcile(book: xw.Book) -> None:
    """Rekent opnieuw na of klanten, ongebruikte capaciteit en organisatie samen het grootboek zijn, en gaat naar het blad met de controles. Schrijft niets."""
    show(book, run(book, "reconcile", LANGUAGE), quiet=True)


@xw.script(name="Herleid getal")
def trace_number(book: xw.Book) -> None:
    """Zet de herkomst van het geselecteerde bedrag van een klant, tot en met de grootboekregels, op het blad Herleiding. Bij een foutwaarde van een KW-functie: de zin die zegt wat er mis is."""
    show(book, run(book, "trace_number", LANGUAGE), quiet=True)


@xw.script(name="Vergelijk uitkomsten")
def compare_runs(book: xw.Book) -> None:
    """Zet deze en de vorige berekening naast elkaar op het blad Verschillen: per klant wat er veranderde. Verandert invoer noch uitkomsten."""
    show(book, run(book, "compare_runs", LANGUAGE), quiet=True)


@xw.script(name="Zet vorige terug")
def restore_previous(book: xw.Book) -> None:
    """Brengt de vorige berekening terug op de uitkomstbladen; nog een keer drukken maakt dat ongedaan. Invoer en eigen kolommen blijven zoals ze zijn."""
    show(book, run(book, "restore_previous", LANGUAGE), quiet=True)


@xw.script(name="Toon instellingen", include=["Instellingen", "Settings"])
def settings(book: xw.Book) -> None:
    """Gaat naar het blad Instellingen: periode, methode, grenzen. Verandert niets."""
    show(book, run(book, "settings", LANGUAGE), quiet=True)
