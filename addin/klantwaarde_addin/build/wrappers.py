"""The VBA that follows from the declared functions: a wrapper each, and the texts for the function wizard."""

from collections.abc import Sequence

from klantwaarde.messages import label
from klantwaarde_addin.build.vba_code import literal, module_text
from klantwaarde_addin.build.vba_project import Module
from klantwaarde_addin.declare import Argument, Function


def functions_module(functions: Sequence[Function], language: str) -> Module:
    """Module ``KwFunctions``: what a cell calls."""
    note = "' Generated from the declarations in klantwaarde_addin.functions. Each function hands its arguments on."
    return Module("KwFunctions", module_text("KwFunctions", note, *(_wrapper(each, language) for each in functions)))


def wizard_module(functions: Sequence[Function], language: str) -> Module:
    """Module ``KwWizard``: what the function wizard shows."""
    note = "Option Private Module\n\n' Generated from the declarations in klantwaarde_addin.functions."
    calls = "".join(f"    {_describing(each)}\n" for each in functions)
    everything = f"Public Sub DescribeFunctions()\n{calls}End Sub"
    return Module(
        "KwWizard", module_text("KwWizard", note, everything, *(_texts(each, language) for each in functions))
    )


def _wrapper(function: Function, language: str) -> str:
    name = function.excel_name
    parameters = ", ".join(map(_parameter, function.arguments))
    handed_on = ", ".join(argument.name for argument in function.arguments)
    return (
        f"Public Function {name}({parameters}) As Variant\n"
        f"Attribute {name}.VB_Description = {literal(function.help(language))}\n"
        f"    {name} = AnswerOf({literal(function.name)}, {handed_on})\n"
        "End Function"
    )


def _parameter(argument: Argument) -> str:
    return f"{'' if argument.is_required else 'Optional '}{argument.name} As Variant"


def _describing(function: Function) -> str:
    return f"Describe_{function.excel_name}"


def _texts(function: Function, language: str) -> str:
    """One procedure per function: VBA limits the size of a procedure."""
    category = label(f"function_group_{function.group}", language)
    arguments = ", _\n        ".join(literal(argument.help(language)) for argument in function.arguments)
    return (
        f"Private Sub {_describing(function)}()\n"
        f"    Describe {literal(function.excel_name)}, {literal(category)}, _\n"
        f"        {literal(function.help(language))}, Array( _\n"
        f"        {arguments})\n"
        "End Sub"
    )
