"""The commands behind the ribbon, each declared once: the ribbon XML, the dispatcher, the help and the tests read this list.

A command is a function ``(book, context) -> Reply`` in one of the modules of this package, under its own id. It uses
xlwings' public API only, the part that the desktop and the server engines share.
"""

from dataclasses import dataclass
from typing import Literal

CommandGroup = Literal["prepare", "calculate", "review", "share"]

GROUP_LABELS: dict[CommandGroup, tuple[str, str]] = {
    "prepare": ("Voorbereiden", "Prepare"),
    "calculate": ("Berekenen", "Calculate"),
    "review": ("Nakijken", "Review"),
    "share": ("Delen", "Share"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One ribbon button.

    Attributes:
        id: Of the control in the ribbon XML, and the name of the function that runs.
        group: Its group on the tab, which is also the module that holds the function.
        nl, en: Label: verb first, at most four words.
        tip_nl, tip_en: What it reads, what it writes, and that it never changes the input.
        key: KeyTip, the same in both languages.
        icon: The name of one of Microsoft's own images (imageMso).
        large: Whether the button takes the full height of the ribbon.
        needs_book: Whether a workbook must be open.
    """

    id: str
    group: CommandGroup
    nl: str
    en: str
    tip_nl: str
    tip_en: str
    key: str
    icon: str
    large: bool = False
    needs_book: bool = True

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def tip(self, language: str) -> str:
        return self.tip_nl if language == "nl" else self.tip_en


COMMANDS: tuple[Command, ...] = (
    Command(
        "new_workbook", "prepare", "Nieuwe werkmap", "New workbook",
        "Maakt een lege werkmap met een blad voor elke invoertabel en drie stappen om te beginnen. Uw open werkmappen blijven zoals ze zijn.",
        "Makes an empty workbook with a sheet for every input table and three steps to start. Your open workbooks stay as they are.",
        "N", "FileNew", large=True, needs_book=False,
    ),
    Command(
        "load_example", "prepare", "Open voorbeeld", "Load example",
        "Opent een gevulde werkmap van een technische groothandel; met Alles berekenen ziet u in één klik alle uitkomsten. Uw open werkmappen blijven zoals ze zijn.",
        "Opens a filled workbook of a technical wholesaler; Run all then shows every result in one click. Your open workbooks stay as they are.",
        "E", "TableInsertExcel", needs_book=False,
    ),
    Command(
        "check_inputs", "prepare", "Controleer invoer", "Check inputs",
        "Leest alle invoerbladen en zet elke fout met blad en cel op het blad Invoercontrole. Verandert niets aan de invoer of de uitkomsten.",
        "Reads every input sheet and lists each fault with its sheet and cell on the sheet Input_Check. Changes neither input nor results.",
        "C", "ErrorChecking", large=True,
    ),
    Command(
        "run_all", "calculate", "Alles berekenen", "Run all",
        "Leest de invoerbladen, rekent alles door en vervangt de uitkomstbladen; de vorige uitkomst blijft bewaard. Invoer en eigen kolommen blijven zoals ze zijn.",
        "Reads the input sheets, computes everything and replaces the result sheets; the previous results are kept. Input and your own columns stay as they are.",
        "R", "CalculateNow", large=True,
    ),
    Command(
        "allocate_costs", "calculate", "Verdeel kosten", "Allocate costs",
        "Leest de invoer en toont wat elke handeling kost en welke capaciteit ongebruikt bleef. Schrijft alleen uitkomstbladen; bestaande uitkomsten gaan mee, zodat alle bladen van één berekening zijn.",
        "Reads the input and shows what every handling costs and which capacity stayed unused. Writes result sheets only; existing results move along, so that all sheets are of one run.",
        "A", "OutlineSubtotals",
    ),
    Command(
        "build_customer_pl", "calculate", "Maak klant-P&L", "Build customer P&L",
        "Leest de invoer en maakt de winst-en-verliesrekening per klant met groepen, winstcurve, prijs en de aansluiting op het grootboek. Schrijft alleen uitkomstbladen.",
        "Reads the input and builds the profit and loss account per customer with groups, profit curve, price and the tie-out to the ledger. Writes result sheets only.",
        "P", "PivotTableInsert",
    ),
    Command(
        "analyse_base", "calculate", "Bekijk klantenbestand", "Analyse customer base",
        "Leest klanten en factuurregels en toont opbouw, piramide, instroom, vertrek en aandacht. Schrijft alleen uitkomstbladen.",
        "Reads customers and invoice lines and shows composition, pyramid, arrivals, departures and attention. Writes result sheets only.",
        "L", "ChartInsert",
    ),
    Command(
        "analyse_credit", "calculate", "Bekijk debiteuren", "Analyse credit",
        "Leest de openstaande en betaalde posten en toont betaalgedrag, ouderdom, risico en wat krediet kost. Schrijft alleen uitkomstbladen.",
        "Reads open and paid items and shows payment behaviour, ageing, risk and what credit costs. Writes result sheets only.",
        "Q", "DataValidation",
    ),
    Command(
        "lifetime_value", "calculate", "Bereken klantwaarde", "Lifetime value",
        "Leest de invoer en berekent de huidige en potentiële klantwaarde (CLV), de waarde van het bestand en de brug daarnaartoe. Schrijft alleen uitkomstbladen.",
        "Reads the input and computes current and potential customer lifetime value, customer equity and its bridge. Writes result sheets only.",
        "W", "AccountingFormat",
    ),
    Command(
        "reconcile", "review", "Toon aansluiting", "Reconcile",
        "Rekent opnieuw na of klanten, ongebruikte capaciteit en organisatie samen het grootboek zijn, en gaat naar het blad met de controles. Schrijft niets.",
        "Checks again that customers, unused capacity and corporate cost add up to the ledger, and goes to the sheet with the checks. Writes nothing.",
        "K", "WatchWindow", large=True,
    ),
    Command(
        "trace_number", "review", "Herleid getal", "Trace number",
        "Zet de herkomst van het geselecteerde bedrag van een klant, tot en met de grootboekregels, op het blad Herleiding. Bij een foutwaarde van een KW-functie: de zin die zegt wat er mis is.",
        "Puts the origin of the selected customer amount, down to the ledger rows, on the sheet Trace. On an error value of a KW function: the sentence that says what is wrong.",
        "T", "TracePrecedents",
    ),
    Command(
        "compare_runs", "review", "Vergelijk uitkomsten", "Compare runs",
        "Zet deze en de vorige berekening naast elkaar op het blad Verschillen: per klant wat er veranderde. Verandert invoer noch uitkomsten.",
        "Puts this and the previous run side by side on the sheet Run_Changes: what changed per customer. Changes neither input nor results.",
        "V", "ViewSideBySide",
    ),
    Command(
        "restore_previous", "review", "Zet vorige terug", "Restore previous",
        "Brengt de vorige berekening terug op de uitkomstbladen; nog een keer drukken maakt dat ongedaan. Invoer en eigen kolommen blijven zoals ze zijn.",
        "Brings the previous run back to the result sheets; pressing once more undoes that. Input and your own columns stay as they are.",
        "B", "Undo",
    ),
    Command(
        "pdf_pack", "share", "Maak pdf", "PDF pack",
        "Slaat de uitkomstbladen op als één pdf naast de werkmap, in vaste volgorde. Verandert niets in de werkmap.",
        "Saves the result sheets as one PDF beside the workbook, in a fixed order. Changes nothing in the workbook.",
        "D", "FileSaveAsPdfOrXps",
    ),
    Command(
        "values_only_copy", "share", "Kopieer als waarden", "Values-only copy",
        "Opent een nieuwe werkmap met de uitkomstbladen als waarden, zonder formules en zonder invoer, om te delen. Deze werkmap blijft zoals ze is.",
        "Opens a new workbook with the result sheets as values, without formulas and without input, to share. This workbook stays as it is.",
        "O", "PasteValues",
    ),
    Command(
        "settings", "share", "Toon instellingen", "Settings",
        "Gaat naar het blad Instellingen: periode, methode, grenzen. Verandert niets.",
        "Goes to the sheet Settings: period, method, boundaries. Changes nothing.",
        "S", "ApplicationOptionsDialog",
    ),
    Command(
        "help_page", "share", "Help", "Help",
        "Opent de handleiding, die met Klantwaarde op deze computer staat. Verandert niets.",
        "Opens the manual, which came with Klantwaarde on this computer. Changes nothing.",
        "H", "Help", needs_book=False,
    ),
    Command(
        "doctor", "share", "Onderzoek installatie", "Check installation",
        "Onderzoekt de installatie op deze computer en zegt wat er mis is en wat u kunt doen. Verandert niets.",
        "Examines the installation on this computer and says what is wrong and what to do. Changes nothing.",
        "I", "ControlProperties", needs_book=False,
    ),
)  # fmt: skip

COMMAND: dict[str, Command] = {command.id: command for command in COMMANDS}
