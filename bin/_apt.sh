# Sourced by what bin/test needs besides npm packages: installs Debian packages where that is allowed.

_can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

_apt_install() {
  _say "Installing $* (apt-get)…"
  if ! { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } </dev/null >&2; then
    _say "apt-get could not install $*."
  fi
}
