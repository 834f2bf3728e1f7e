# Sourced by bin/test: finds or installs the Chromium that drives the browser journeys and exports CHROMIUM_PATH.
# CHROMIUM_PATH stays empty when there is none; with CI=true that is a failure.

_find_chromium() {
  local candidate
  if [ -n "${CHROMIUM_PATH:-}" ]; then
    [ -x "$CHROMIUM_PATH" ] && return 0
    _say "CHROMIUM_PATH=$CHROMIUM_PATH cannot be run: correct it or unset it."
    exit 1
  fi
  # The same browser without its windows starts and draws in little more than half the time.
  for candidate in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
    '/Applications/Chromium.app/Contents/MacOS/Chromium' \
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    CHROMIUM_PATH="$(command -v "$candidate" 2>/dev/null)" && return 0
  done
  CHROMIUM_PATH=''
  return 1
}

_has_chinese_font() {
  if command -v fc-list >/dev/null 2>&1; then
    [ -n "$(fc-list :lang=zh-cn file 2>/dev/null)" ]
  else
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname '*cjk*' 2>/dev/null | head -n 1)" ]
  fi
}

if [ -z "${CHROMIUM_PATH:-}" ] && _can_apt && ! command -v chromium-headless-shell >/dev/null 2>&1; then
  # Where there is no such package, the whole browser will do.
  (_apt_install chromium-headless-shell fonts-noto-cjk) || true
fi
if ! _find_chromium && _can_apt; then
  _apt_install chromium fonts-noto-cjk
  _find_chromium || true
elif [ -n "$CHROMIUM_PATH" ] && _can_apt && ! _has_chinese_font; then
  _apt_install fonts-noto-cjk
fi

if [ -z "$CHROMIUM_PATH" ]; then
  _say \
    '┌─────────────────────────────────────────────────────────────────────────────┐' \
    '│  No Chromium found: THE BROWSER JOURNEYS ARE NOT TESTED IN THIS RUN.        │' \
    '│  Install chromium (and a Chinese font), or set CHROMIUM_PATH to a browser.  │' \
    '└─────────────────────────────────────────────────────────────────────────────┘'
  if [ "${CI:-}" = true ]; then
    _say 'CI=true: refusing to go on without them.'
    exit 1
  fi
fi
export CHROMIUM_PATH
