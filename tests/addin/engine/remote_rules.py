"""What the remote engine of xlwings refuses although the desktop has it."""

REFUSED = frozenset(
    (
        *(
            "App.status_bar",
            "App.status_bar =",
            "App.enable_events",
            "App.enable_events =",
            "App.interactive",
            "App.interactive =",
        ),
        *("App.version", "App.screen_updating"),
        "Book.to_pdf",
        *(
            "Range.formula",
            "Range.formula2",
            "Range.formula_array",
            "Range.number_format",
            "Range.color",
            "Range.wrap_text",
        ),
        *(
            "Range.column_width",
            "Range.row_height",
            "Range.column_hidden",
            "Range.row_hidden",
            "Range.hyperlink",
            "Range.table",
        ),
        *("Range.left", "Range.top", "Range.width", "Range.height", "Range.current_region", "Range.merge_cells"),
        *("Range.horizontal_alignment", "Range.vertical_alignment"),
        *("Font.bold", "Font.italic", "Font.size", "Font.color", "Font.name"),
        *(
            "Border.line_style",
            "Border.weight",
            "Border.color",
            "Borders.line_style",
            "Borders.weight",
            "Borders.color",
        ),
        *(f"ChartSeriesCollection.{name}" for name in ("__len__", "__call__", "__iter__", "__contains__")),
        *(f"ConditionalFormats.{name}" for name in ("__len__", "__call__", "__iter__")),
        *(
            "DataValidation.type",
            "DataValidation.source",
            "Table.insert_row_range",
            "TableColumn.range",
            "TableColumn.data_body_range",
            "Name.name =",
        ),
    )
)
