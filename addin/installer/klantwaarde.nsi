; The setup program for one user: copies a complete Python with Klantwaarde, then lets Klantwaarde install its add-in.
; Built with: makensis -DVERSION=... -DSTAGE=<folder> -DOUT=<file> klantwaarde.nsi
; Exit codes of a silent run (/S): 0 installed, 2 refused or failed, and then everything is as it was.

Target amd64-unicode
Unicode true
ManifestDPIAware true
SetDateSave off
RequestExecutionLevel user

!include LogicLib.nsh
!include MUI2.nsh

Name "Klantwaarde ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Klantwaarde"
BrandingText " "
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Klantwaarde"
VIAddVersionKey FileDescription "Klantwaarde"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT"

!define ARP "Software\Microsoft\Windows\CurrentVersion\Uninstall\Klantwaarde"
!define ADDIN "$APPDATA\Microsoft\Excel\XLSTART\klantwaarde.xlam"
!define PYTHON '"$INSTDIR\python\python.exe" -I -m klantwaarde_addin'

!define MUI_WELCOMEFINISHPAGE_BITMAP "${NSISDIR}\Contrib\Graphics\Wizard\nsis3-metro.bmp"
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!define MUI_FINISHPAGE_TEXT "$(FINISH)"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Dutch"
!insertmacro MUI_LANGUAGE "English"

LangString CODE ${LANG_DUTCH} "nl"
LangString CODE ${LANG_ENGLISH} "en"
LangString WELCOME ${LANG_DUTCH} "Sluit eerst Excel.$\r$\n$\r$\nKlantwaarde komt alleen in uw eigen profiel. Er zijn geen beheerdersrechten nodig, en aan de rest van de computer verandert niets.$\r$\n$\r$\nU verwijdert het weer via Instellingen > Apps."
LangString WELCOME ${LANG_ENGLISH} "Close Excel first.$\r$\n$\r$\nKlantwaarde goes into your own profile only. No administrator rights are needed, and nothing else on this computer changes.$\r$\n$\r$\nYou remove it through Settings > Apps."
LangString FINISH ${LANG_DUTCH} "Start Excel. In het lint staat het tabblad Klantwaarde.$\r$\n$\r$\nKies Open voorbeeld en dan Alles berekenen."
LangString FINISH ${LANG_ENGLISH} "Start Excel. The ribbon has a tab Klantwaarde.$\r$\n$\r$\nChoose Load example and then Run all."
LangString IN_USE ${LANG_DUTCH} "Excel gebruikt Klantwaarde. Sluit alle vensters van Excel en probeer het opnieuw; er is niets gewijzigd."
LangString IN_USE ${LANG_ENGLISH} "Excel is using Klantwaarde. Close all windows of Excel and try again; nothing was changed."
LangString FAILED ${LANG_DUTCH} "Klantwaarde is niet geïnstalleerd; alles is zoals het was."
LangString FAILED ${LANG_ENGLISH} "Klantwaarde was not installed; everything is as it was."

; Asks a running engine to end, and gives it two seconds to let go of its files.
!macro STOP_ENGINE
  ${If} ${FileExists} "$INSTDIR\python\python.exe"
    nsExec::Exec '"$INSTDIR\python\python.exe" -I -m klantwaarde_addin.com_server --stop'
    Pop $0
    Sleep 2000
  ${EndIf}
!macroend

; Stops with a sentence, before anything was changed.
!macro REFUSE_IN_USE
  DetailPrint "$(IN_USE)"
  MessageBox MB_OK|MB_ICONEXCLAMATION "$(IN_USE)" /SD IDOK
  SetErrorLevel 2
  Abort
!macroend

; Excel keeps an open add-in from being written.
!macro REFUSE_OPEN_ADDIN
  ${If} ${FileExists} "${ADDIN}"
    ClearErrors
    FileOpen $0 "${ADDIN}" a
    ${If} ${Errors}
      !insertmacro REFUSE_IN_USE
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

; The folder of Python is moved aside: that succeeds as a whole or not at all.
!macro SET_PYTHON_ASIDE
  ${If} ${FileExists} "$INSTDIR\python\*.*"
    ClearErrors
    Rename "$INSTDIR\python" "$INSTDIR\python.old"
    ${If} ${Errors}
      !insertmacro REFUSE_IN_USE
    ${EndIf}
  ${EndIf}
!macroend

Section
  !insertmacro REFUSE_OPEN_ADDIN
  !insertmacro STOP_ENGINE
  !insertmacro SET_PYTHON_ASIDE
  SetOutPath "$INSTDIR\python"
  File /r "${STAGE}\*.*"
  SetOutPath "$INSTDIR"
  StrCpy $2 "--lang $(CODE)"
  ${If} ${FileExists} "$INSTDIR\klantwaarde.toml" ; the user has chosen before
    StrCpy $2 ""
  ${EndIf}
  nsExec::ExecToStack '${PYTHON} install $2 --without-start-test'
  Pop $0
  Pop $1
  DetailPrint "$1"
  ${If} $0 != 0
  ${AndIf} $0 != 1 ; installed, with advice
    RMDir /r "$INSTDIR\python"
    Rename "$INSTDIR\python.old" "$INSTDIR\python"
    SetOutPath "$TEMP"
    RMDir "$INSTDIR"
    MessageBox MB_OK|MB_ICONSTOP "$(FAILED)$\r$\n$\r$\n$1" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  ${If} $0 == 1
    MessageBox MB_OK|MB_ICONINFORMATION "$1" /SD IDOK
  ${EndIf}
  RMDir /r "$INSTDIR\python.old"
  ; The first click would otherwise wait while Python prepares a thousand modules.
  nsExec::Exec '"$INSTDIR\python\python.exe" -I -c "import klantwaarde_addin.call, klantwaarde_addin.run"'
  Pop $0
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${ARP}" "DisplayName" "Klantwaarde"
  WriteRegStr HKCU "${ARP}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ARP}" "Publisher" "Klantwaarde"
  WriteRegStr HKCU "${ARP}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ARP}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${ARP}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${ARP}" "NoModify" 1
  WriteRegDWORD HKCU "${ARP}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro REFUSE_OPEN_ADDIN
  !insertmacro STOP_ENGINE
  nsExec::ExecToStack '${PYTHON} uninstall --lang $(CODE)'
  Pop $0
  Pop $1
  DetailPrint "$1"
  ${If} $0 != 0
    MessageBox MB_OK|MB_ICONSTOP "$1" /SD IDOK
    SetErrorLevel 2
    Abort
  ${EndIf}
  !insertmacro SET_PYTHON_ASIDE
  RMDir /r "$INSTDIR\python.old"
  Delete "$INSTDIR\uninstall.exe"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${ARP}"
SectionEnd
