"""Every output column, declared once: label in both languages and format."""

from dataclasses import dataclass

from klantwaarde.report.blocks import Format


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """Label and format of one canonical output column."""

    nl: str
    en: str
    format: Format = "text"
    note_nl: str = ""
    note_en: str = ""

    def label(self, language: str) -> str:
        return self.nl if language == "nl" else self.en

    def note(self, language: str) -> str:
        return self.note_nl if language == "nl" else self.note_en


OUTPUT: dict[str, OutputColumn] = {
    "customer_id": OutputColumn("Klantnummer", "Customer number", "id"),
    "name": OutputColumn("Naam", "Name"),
    "segment": OutputColumn("Segment", "Segment"),
    "list_revenue": OutputColumn("Bruto-omzet", "List revenue", "money"),
    "discount": OutputColumn("Korting", "Discount", "money"),
    "bonus": OutputColumn("Bonus", "Bonus", "money"),
    "net_revenue": OutputColumn("Netto-omzet", "Net revenue", "money", "Bruto-omzet − korting − bonus.", "List revenue − discount − bonus."),
    "cost_of_goods": OutputColumn("Inkoopwaarde", "Cost of goods", "money"),
    "gross_margin": OutputColumn("Brutomarge", "Gross margin", "money", "Netto-omzet − inkoopwaarde.", "Net revenue − cost of goods."),
    "cost_to_serve": OutputColumn("Bedieningskosten", "Cost to serve", "money", "Som van alle handelingen: aantal × minuten × tarief.", "All handlings together: times × minutes × rate."),
    "direct_cost": OutputColumn("Directe kosten", "Direct cost", "money"),
    "customer_result": OutputColumn("Klantresultaat", "Customer result", "money", "Brutomarge − bedieningskosten − directe kosten; vóór ongebruikte capaciteit en organisatiekosten.", "Gross margin − cost to serve − direct cost; before unused capacity and corporate cost."),
    "result_margin": OutputColumn("Resultaat %", "Result %", "percent", "Klantresultaat / netto-omzet; leeg zonder omzet.", "Customer result / net revenue; blank without revenue."),
    "abc_class": OutputColumn("ABC", "ABC", "text", "Naar netto-omzet; het cumulatieve aandeel vóór de klant bepaalt de klasse.", "By net revenue; the cumulative share before the customer decides."),
    "excluded": OutputColumn("Uitgesloten", "Excluded", "flag"),
    "dimension": OutputColumn("Indeling", "Dimension"),
    "key": OutputColumn("Groep", "Group"),
    "customers": OutputColumn("Klanten", "Customers", "integer"),
    "channel_cost": OutputColumn("Kanaalkosten", "Channel cost", "money"),
    "result_after_channel": OutputColumn("Na kanaalkosten", "After channel cost", "money"),
    "treatment": OutputColumn("Behandeling", "Treatment"),
    "target": OutputColumn("Doel", "Target"),
    "accounts": OutputColumn("Rekeningen", "Accounts", "integer"),
    "amount": OutputColumn("Bedrag", "Amount", "money"),
    "coverage": OutputColumn("Dekking", "Coverage", "percent"),
    "pool_id": OutputColumn("Poolcode", "Pool id", "id"),
    "kind": OutputColumn("Soort", "Kind"),
    "own_cost": OutputColumn("Eigen kosten", "Own cost", "money"),
    "received": OutputColumn("Ontvangen", "Received", "money"),
    "passed_on": OutputColumn("Doorgegeven", "Passed on", "money"),
    "support_unused": OutputColumn("Ongebruikte ondersteuning", "Unused support", "money"),
    "total": OutputColumn("Totaal", "Total", "money"),
    "activity_id": OutputColumn("Activiteitcode", "Activity id", "id"),
    "service_option": OutputColumn("Dienst", "Service option"),
    "quantity": OutputColumn("Aantal", "Quantity", "number"),
    "minutes": OutputColumn("Minuten", "Minutes", "minutes"),
    "minutes_each": OutputColumn("Minuten per keer", "Minutes each", "rate"),
    "rate": OutputColumn("Tarief per minuut", "Rate per minute", "rate", "Poolkosten / praktische capaciteit.", "Pool cost / practical capacity."),
    "price": OutputColumn("Kostprijs per keer", "Price each", "money", "Minuten per keer × tarief.", "Minutes each × rate."),
    "cost": OutputColumn("Kosten", "Cost", "money"),
    "capacity": OutputColumn("Praktische capaciteit (min)", "Practical capacity (min)", "minutes"),
    "used": OutputColumn("Gebruikt (min)", "Used (min)", "minutes"),
    "unused": OutputColumn("Ongebruikt (min)", "Unused (min)", "minutes"),
    "utilisation": OutputColumn("Bezetting", "Utilisation", "percent"),
    "used_cost": OutputColumn("Gebruikte kosten", "Used cost", "money"),
    "unused_cost": OutputColumn("Ongebruikte kosten", "Unused cost", "money"),
    "flag": OutputColumn("Signaal", "Signal"),
    "line": OutputColumn("Regel", "Line"),
    "ledger": OutputColumn("Grootboek", "Ledger", "money"),
    "at_customers": OutputColumn("Klanten", "Customers", "money"),
    "unused_total": OutputColumn("Ongebruikt", "Unused", "money"),
    "channel": OutputColumn("Kanaal", "Channel", "money"),
    "corporate": OutputColumn("Organisatie", "Corporate", "money"),
    "outside": OutputColumn("Buiten beschouwing", "Outside scope", "money"),
    "difference": OutputColumn("Verschil", "Difference", "money"),
    "rank": OutputColumn("Rang", "Rank", "integer"),
    "cumulative": OutputColumn("Cumulatief", "Cumulative", "money"),
    "cumulative_share": OutputColumn("Cumulatief aandeel", "Cumulative share", "percent", "Leeg als het totaal niet positief is.", "Blank when the total is not positive."),
    "customer_share": OutputColumn("Aandeel klanten", "Share of customers", "percent"),
    "measure": OutputColumn("Maatstaf", "Measure"),
    "value": OutputColumn("Waarde", "Value", "number"),
    "step": OutputColumn("Stap", "Step"),
    "level": OutputColumn("Stand", "Level", "money"),
    "share": OutputColumn("Aandeel", "Share", "percent"),
    "activities": OutputColumn("Handelingen", "Handlings", "integer"),
    "revenue": OutputColumn("Omzet", "Revenue", "money"),
    "handling_cost": OutputColumn("Kosten handelingen", "Handling cost", "money"),
    "result": OutputColumn("Resultaat", "Result", "money"),
    "status": OutputColumn("Status", "Status"),
    "net_revenue_before": OutputColumn("Netto-omzet vorig", "Net revenue before", "money"),
    "gross_margin_before": OutputColumn("Brutomarge vorig", "Gross margin before", "money"),
    "cost_to_serve_before": OutputColumn("Bedieningskosten vorig", "Cost to serve before", "money"),
    "result_before": OutputColumn("Resultaat vorig", "Result before", "money"),
    "contribution_before": OutputColumn("Bijdrage vorig", "Contribution before", "money", "Vóór bedieningskosten: van een van beide perioden zijn die niet bekend.", "Before cost to serve: unknown for one of the periods."),
    "contribution": OutputColumn("Bijdrage", "Contribution", "money", "Vóór bedieningskosten.", "Before cost to serve."),
    "change": OutputColumn("Verandering", "Change", "money"),
    "number": OutputColumn("Nr.", "No.", "integer"),
    "check": OutputColumn("Controle", "Check", "text"),
    "subject": OutputColumn("Onderwerp", "Subject"),
    "expected": OutputColumn("Verwacht", "Expected", "money"),
    "found": OutputColumn("Gevonden", "Found", "money"),
    "tolerance": OutputColumn("Tolerantie", "Tolerance", "rate"),
    "on_difference": OutputColumn("Bij verschil", "On difference"),
    "look_at": OutputColumn("Kijk op", "Look at"),
    "severity": OutputColumn("Ernst", "Severity"),
    "place": OutputColumn("Plaats", "Place"),
    "message": OutputColumn("Melding", "Message"),
    "code": OutputColumn("Code", "Code", "id"),
    "table": OutputColumn("Tabel", "Table"),
    "sheet": OutputColumn("Blad", "Sheet"),
    "rows_in": OutputColumn("Regels gelezen", "Rows in", "integer"),
    "rows_used": OutputColumn("Gebruikt", "Used", "integer"),
    "rows_set_aside": OutputColumn("Apart gezet", "Set aside", "integer"),
    "reason": OutputColumn("Reden", "Reason"),
    "control_total": OutputColumn("Controletotaal", "Control total", "money"),
    "item": OutputColumn("Gegeven", "Item"),
    "content": OutputColumn("Inhoud", "Content"),
    "source": OutputColumn("Bron", "Source"),
    "row": OutputColumn("Regel", "Row", "integer"),
    "document": OutputColumn("Document", "Document", "id"),
    "figure": OutputColumn("Cijfer", "Figure"),
    "origin_pool": OutputColumn("Herkomstpool", "Origin pool", "id"),
    "cost_element": OutputColumn("Kostensoort", "Cost element"),
    "account": OutputColumn("Rekening", "Account", "id"),
    "description": OutputColumn("Omschrijving", "Description"),
    "value_before": OutputColumn("Vorige berekening", "Previous run"),
    "value_now": OutputColumn("Deze berekening", "This run"),
    "destination": OutputColumn("Bestemming", "Destination"),
}
