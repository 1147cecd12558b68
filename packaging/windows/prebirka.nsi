; The installer for Windows: per machine, silent with /S (and /D=FOLDER as its last argument), in Czech and English.
; Run by build_windows.py, which gives VERSION (1.2.3), NUMBERS (1.2.3.0), PROGRAM (the frozen folder), SIZE (kB), OUT.
;
; Exit codes, also of the uninstaller: 0 done; 1 cancelled by a person; 2 it failed; 3 this Windows is too old;
; 4 the program is running. Data of stations lie elsewhere: neither an upgrade nor the uninstaller touches them.

Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
ManifestDPIAware true
RequestExecutionLevel admin
SetDateSave on
ManifestSupportedOS all ; else a newer Windows calls itself an older one

!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Prebirka"

Name "Přebírka ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\Prebirka"
InstallDirRegKey HKLM "Software\Prebirka" "Folder"
BrandingText "Přebírka ${VERSION}"

VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey /LANG=0 "ProductName" "Přebírka"
VIAddVersionKey /LANG=0 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "FileDescription" "Přebírka: instalace · installer"
VIAddVersionKey /LANG=0 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=0 "LegalCopyright" "EUPL-1.2"

!define MUI_ICON "prebirka.ico"
!define MUI_UNICON "prebirka.ico"
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Czech"
!insertmacro MUI_LANGUAGE "English"

LangString TooOld ${LANG_CZECH} "Přebírka potřebuje 64bitové Windows 10 nebo novější."
LangString TooOld ${LANG_ENGLISH} "Přebírka needs 64-bit Windows 10 or newer."
LangString Running ${LANG_CZECH} "Přebírka je spuštěná. Zavřete ji a spusťte instalaci znovu."
LangString Running ${LANG_ENGLISH} "Přebírka is running. Close it and run this again."
LangString DataStay ${LANG_CZECH} "Odinstaluje se jen program. Data přebíracích míst zůstávají."
LangString DataStay ${LANG_ENGLISH} "Only the program is removed. The data of transfer points stay."

; A program that runs cannot be written; nothing is half replaced.
!macro NotRunning
  IfFileExists "$INSTDIR\prebirka.exe" 0 +8
  ClearErrors
  FileOpen $0 "$INSTDIR\prebirka.exe" a
  IfErrors 0 +4
  MessageBox MB_OK|MB_ICONSTOP "$(Running)" /SD IDOK
  SetErrorLevel 4
  Quit
  FileClose $0
!macroend

Function .onInit
  SetRegView 64
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(TooOld)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
FunctionEnd

Section "Program"
  SetShellVarContext all
  !insertmacro NotRunning
  ; Of the version before, what is the program's own: it is listed here by name, so no data can be among it.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  ClearErrors
  File /r "${PROGRAM}\*"
  IfErrors 0 +3
  SetErrorLevel 2
  Abort
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\Přebírka.lnk" "$INSTDIR\prebirka.exe" "desk" "$INSTDIR\prebirka.exe"
  WriteRegStr HKLM "Software\Prebirka" "Folder" "$INSTDIR"
  WriteRegStr HKLM "Software\Prebirka" "Version" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Přebírka"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL}" "DisplayIcon" "$INSTDIR\prebirka.exe"
  WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
  SetErrorLevel 0
SectionEnd

Function un.onInit
  SetRegView 64
FunctionEnd

Section "Uninstall"
  SetShellVarContext all
  !insertmacro NotRunning
  DetailPrint "$(DataStay)"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\prebirka.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; goes only when nothing else is in it
  Delete "$SMPROGRAMS\Přebírka.lnk"
  DeleteRegKey HKLM "${UNINSTALL}"
  DeleteRegKey HKLM "Software\Prebirka"
  SetErrorLevel 0
SectionEnd
