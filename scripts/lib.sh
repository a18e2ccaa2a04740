# shellcheck shell=bash
# What the scripts share: the folder of the package, messages, missing packages of the system.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "${0##*/}: $*"
  exit 1
}

# Runs a command with the rights to install packages.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    return 126
  fi
}

# Runs a command whose output is shown only when it fails.
quietly() {
  local log status
  log=$(mktemp "${TMPDIR:-/tmp}/visionnet.XXXXXX") || return
  status=0
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  return "$status"
}

# The names of the system's packages that the build misses, one per line. pip brings the pretrained weights.
missing_packages() {
  if ! command -v pkg-config >/dev/null; then
    printf '%s\n' pkg-config libpng-dev libjpeg-dev zlib1g-dev libyaml-dev
  else
    pkg-config --exists libpng || echo libpng-dev
    pkg-config --exists libjpeg || echo libjpeg-dev
    pkg-config --exists zlib || echo zlib1g-dev
    pkg-config --exists yaml-0.1 || echo libyaml-dev
  fi
  if ! python3 -m pip --version >/dev/null 2>&1; then
    printf '%s\n' python3 python3-pip
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  fi
}

# The same for compiling for arm64 on another processor, and for running the result.
missing_arm64_packages() {
  command -v aarch64-linux-gnu-gcc >/dev/null || echo gcc-aarch64-linux-gnu
  [ -e /usr/aarch64-linux-gnu/include/stdio.h ] || echo libc6-dev-arm64-cross
  command -v qemu-aarch64 >/dev/null || echo qemu-user
}

# Whether packages may be installed: root may, others are asked, and where nobody can answer it needs VISIONNET_INSTALL=yes.
may_install() {
  local answer
  [ "$(id -u)" -ne 0 ] && [ "${VISIONNET_INSTALL-}" != yes ] || return 0
  [ -t 0 ] && [ -t 2 ] || return 1
  printf 'The build needs %s. Install by sudo apt-get? [y/N] ' "$*" >&2
  read -r answer
  case $answer in [yY] | [yY]es) return 0 ;; *) return 1 ;; esac
}

# Installs what the build misses.
install_missing_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  install_packages ${missing[@]+"${missing[@]}"}
}

# Installs packages of the system: by apt-get where there is one, else by saying what is missing.
install_packages() {
  local missing=("$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    if [ "$(uname -s)" = Darwin ]; then
      fail "missing: ${missing[*]}; install them, with Homebrew: brew install pkgconf libpng jpeg-turbo zlib libyaml"
    fi
    fail "missing: ${missing[*]} (Debian's names); install them with the package manager of this system"
  fi
  may_install "${missing[@]}" || fail "missing: ${missing[*]}; install them: sudo apt-get install ${missing[*]}"
  say "Installing ${missing[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  local status=0
  quietly as_root apt-get update -qq || status=$?
  if [ "$status" -eq 126 ]; then
    fail "missing: ${missing[*]}; as root: apt-get install ${missing[*]}"
  fi
  quietly as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
    fail "could not install ${missing[*]}"
}

need_swift() {
  command -v swift >/dev/null || fail "no swift in PATH; install Swift 6.3 or newer from swift.org"
}

# Runs swift build and says how far it is: on a terminal on one line, else at every quarter. Its output is shown only
# when it fails.
build_showing_progress() {
  local log status=0
  log=$(mktemp "${TMPDIR:-/tmp}/visionnet.XXXXXX") || return
  swift build "$@" 2>&1 | tee "$log" | show_progress >&2 || status=$?
  if [ "$status" -ne 0 ]; then cat "$log" >&2; fi
  rm -f "$log"
  return "$status"
}

# Reads the lines of a build, such as "[12/340] Compiling …"; the second number grows while the build finds out what there
# is to do. A loop of the shell, since some awks wait for a block of lines.
show_progress() {
  local line share best=0 told=0
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    [ "${BASH_REMATCH[2]}" -gt 20 ] || continue
    share=$((100 * BASH_REMATCH[1] / BASH_REMATCH[2]))
    [ "$share" -gt "$best" ] || continue
    best=$share
    if [ -t 1 ]; then
      printf '\r  %3d %%' "$best"
    elif [ "$best" -ge $((told + 25)) ]; then
      told=$((best - best % 25))
      printf '  %d %%\n' "$told"
    fi
  done
  if [ -t 1 ] && [ "$best" -gt 0 ]; then printf '\r         \r'; fi
}

# The options of release builds.
release_options() {
  # Nobody links against the programs, so their symbols need not be found by name at run time; equal functions are kept
  # once. Both together save 1.6 of 28.7 MB.
  if [ "$(uname -s)" = Linux ]; then
    printf '%s\n' --static-swift-stdlib -Xlinker --icf=all -Xlinker --no-export-dynamic
  fi
}

# The release binary of the package, and the file that says when its sources were last read.
binary=$root/.build/release/visionnet
stamp=$root/.build/visionnet.stamp

# The same of the service, which is a package of its own.
service_binary=$root/Service/.build/release/visionnet-serve
service_stamp=$root/Service/.build/visionnet-serve.stamp

# Whether a source or the manifest changed since the last build of a binary began: is_stale BINARY STAMP SOURCE…
is_stale() {
  local program=$1 built=$2
  shift 2
  [ -x "$program" ] && [ -e "$built" ] || return 0
  [ -n "$(find "$@" -newer "$built" -print -quit)" ]
}

# Builds a release binary; quiet, unless it fails: build_release FOLDER PRODUCT STAMP
build_release() {
  local folder=$1 product=$2 built=$3 begun options
  need_swift
  install_missing_packages
  mkdir -p "$folder/.build"
  begun=$built.$$
  : >"$begun"
  say "Building $product (the first time takes some minutes) …"
  mapfile -t options < <(release_options)
  if ! build_showing_progress --package-path "$folder" -c release --product "$product" ${options[@]+"${options[@]}"}; then
    rm -f "$begun"
    fail "the build failed"
  fi
  mv -f "$begun" "$built"
}

# Builds the release binary when it is stale.
build_visionnet() {
  is_stale "$binary" "$stamp" "$root/Package.swift" "$root/Sources" || return 0
  build_release "$root" visionnet "$stamp"
}

# Builds the service's release binary when it is stale.
build_service() {
  is_stale "$service_binary" "$service_stamp" "$root/Package.swift" "$root/Sources" "$root/Service/Package.swift" \
    "$root/Service/Sources" || return 0
  build_release "$root/Service" visionnet-serve "$service_stamp"
}

# Writes a program's manual page and completions, as it tells them itself: put_extras PROGRAM NAME SHARE [ZSH_FOLDER]
# SHARE is such as ~/.local/share. Manual pages need Python; without it there are none.
put_extras() {
  local program=$1 name=$2 share=$3 zsh=${4-site-functions} version seconds help
  mkdir -p -- "$share/bash-completion/completions" "$share/zsh/$zsh" "$share/fish/vendor_completions.d" "$share/man/man1"
  # Completions are read by shells, and not run.
  "$program" --generate-completion-script bash | sed '1{/^#!/d;}' >"$share/bash-completion/completions/$name"
  "$program" --generate-completion-script zsh >"$share/zsh/$zsh/_$name"
  "$program" --generate-completion-script fish >"$share/fish/vendor_completions.d/$name.fish"
  command -v python3 >/dev/null || return 0
  version=$("$program" --version | sed -n "1s/^$name \\([0-9.]*\\).*/\\1/p")
  # The page has the time of the last commit, so that the same sources give the same page.
  seconds=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
  help=$(mktemp "${TMPDIR:-/tmp}/visionnet-help.XXXXXX") || return
  "$program" --experimental-dump-help >"$help"
  python3 "$root/scripts/package.d/man.py" "$help" "$name" "$version" "$seconds" | gzip -9n >"$share/man/man1/$name.1.gz"
  rm -f -- "$help"
}
