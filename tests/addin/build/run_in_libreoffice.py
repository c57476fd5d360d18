"""Loads an add-in in a headless LibreOffice and follows steps; run by the Python that LibreOffice's bridge (uno) belongs to.

Arguments: the add-in, and a JSON list of steps: ``{"run": "Module.Procedure", "given": [...]}`` calls a procedure,
``{"formula": "=KW_…", "cell": "D1"}`` writes a formula and ``{"value": 1.0, "cell": "A1"}`` a number. Prints a JSON list with
the result of each: what the procedure returns, or what the cell shows.
"""

import json
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTER = "Calc MS Excel 2007 VBA XML"  # an .xlam is not recognised by itself
ALWAYS_EXECUTE = 4


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connected(pipe, seconds=60):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(seconds * 10):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise TimeoutError("LibreOffice did not start")


def followed(document, step):
    if "run" in step:
        script = f"vnd.sun.star.script:Klantwaarde.{step['run']}?language=Basic&location=document"
        return document.getScriptProvider().getScript(script).invoke(tuple(step["given"]), (), ())[0]
    cell = document.Sheets.getByIndex(0).getCellRangeByName(step["cell"])
    if "formula" in step:
        cell.Formula = step["formula"]
    else:
        cell.Value = step["value"]
    return cell.String


def main(addin, steps):
    pipe = f"klantwaarde{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ]
        office = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            context = connected(pipe)
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            options = (option("MacroExecutionMode", ALWAYS_EXECUTE), option("FilterName", FILTER))
            document = desktop.loadComponentFromURL(Path(addin).as_uri(), "_blank", 0, options)
            results = [followed(document, step) for step in steps]
            document.close(True)
            desktop.terminate()
        finally:
            office.terminate()
            office.wait(30)
    json.dump(results, sys.stdout)


main(Path(sys.argv[1]).resolve(), json.loads(sys.argv[2]))
