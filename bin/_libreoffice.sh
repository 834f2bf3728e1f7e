# Sourced by bin/test: finds or installs the LibreOffice that writes and opens workbooks in tests and exports SOFFICE_PATH.
# SOFFICE_PATH stays empty when there is none; with CI=true that is a failure.

_find_libreoffice() {
  local candidate
  if [ -n "${SOFFICE_PATH:-}" ]; then
    [ -x "$SOFFICE_PATH" ] && return 0
    _say "SOFFICE_PATH=$SOFFICE_PATH cannot be run: correct it or unset it."
    exit 1
  fi
  for candidate in soffice libreoffice '/Applications/LibreOffice.app/Contents/MacOS/soffice'; do
    SOFFICE_PATH="$(command -v "$candidate" 2>/dev/null)" && return 0
  done
  SOFFICE_PATH=''
  return 1
}

if ! _find_libreoffice && _can_apt; then
  _apt_install libreoffice-calc-nogui
  _find_libreoffice || true
fi

if [ -z "$SOFFICE_PATH" ]; then
  _say \
    '┌─────────────────────────────────────────────────────────────────────────────┐' \
    '│  No LibreOffice found: ITS WORKBOOKS ARE NOT TESTED IN THIS RUN.            │' \
    '│  Install libreoffice-calc-nogui, or set SOFFICE_PATH to its soffice.        │' \
    '└─────────────────────────────────────────────────────────────────────────────┘'
  if [ "${CI:-}" = true ]; then
    _say 'CI=true: refusing to go on without them.'
    exit 1
  fi
fi
export SOFFICE_PATH
