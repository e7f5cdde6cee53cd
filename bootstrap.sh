# shellcheck shell=bash
# Prepares the environment in .venv from the locks.  Sourced by ./yushen and ./run-tests, which set $root.
#
#   need runtime|dev    returns at once where .venv was made from the very lock; else makes it so
#
# Which index the packages come from is the business of the user's own pip configuration (pip.conf, PIP_*).
# Nothing is written outside the checkout, except that root on a Debian without venv gets its package.

# Modules named like ours in the working directory or in the caller's PYTHONPATH must not be taken for ours.
unset PYTHONHOME PYTHONPATH
export PYTHONSAFEPATH=1

python=$root/.venv/bin/python

need() {
  is_current "$1" || (
    exec 9< "$root"
    flock 9 # of calls that start together one prepares and the others wait
    is_current "$1" || prepare "$1"
  ) || return
  is_compiled || [[ ! -w $root/.venv ]] || compile_own_code || :
}

is_current() {
  [[ -x $python ]] && cmp --silent "$root/locks/$1.txt" "$root/.venv/installed-$1.txt"
}

prepare() {
  say "预审：正在准备运行环境（首次使用约需一分钟）… / preparing .venv, about a minute the first time …"
  if ! is_new_enough "$python"; then
    rm -rf "$root/.venv"
    trap 'rm -rf "$root/.venv"' EXIT # no half environment is left, whatever ends this
    find_python && quietly "$system_python" -m venv --without-pip "$root/.venv" || exit
  fi
  find_pip && install_lock "$1" || exit
  trap - EXIT
}

is_new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

find_python() {
  local candidates=(python3 python3.13 python3.12 python3.11 python)
  [[ -z ${YUSHEN_PYTHON:-} ]] || candidates=("$YUSHEN_PYTHON")
  for system_python in "${candidates[@]}"; do
    is_new_enough "$system_python" && return
  done
  say "预审：找不到 Python 3.11 或更高版本。请安装后重试，或用环境变量 YUSHEN_PYTHON 指明其路径。"
  say "yushen: no Python 3.11 or newer was found. Install one, or name it in YUSHEN_PYTHON."
  return 1
}

# Sets $pip.  Debian keeps ensurepip in a package of its own, python3-venv, and pip in another.
find_pip() {
  pip=("$python" -m pip)
  "$python" -c 'import pip' 2> /dev/null && return
  "$python" -m ensurepip &> /dev/null && return
  if find_python && "$system_python" -c 'import pip' 2> /dev/null; then
    pip=("$system_python" -m pip --python "$python")
    return
  fi
  install_venv_package
  "$python" -m ensurepip &> /dev/null && return
  say "预审：本机的 Python 缺少 venv 和 pip 组件。请管理员执行 apt-get install python3-venv 后重试。"
  say "yushen: this Python has neither venv nor pip. Have an administrator run: apt-get install python3-venv"
  return 1
}

install_venv_package() {
  [[ $EUID == 0 ]] && command -v apt-get > /dev/null || return
  say "预审：正在安装系统软件包 python3-venv … / installing the system package python3-venv …"
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get update -qq
  quietly apt-get install -y -qq --no-install-recommends python3-venv
}

install_lock() {
  rm -f "$root/.venv/installed-$1.txt"
  # jieba is published as source only, and built with the locked setuptools; which goes again afterwards, since
  # jieba loads it, slowly, where it finds it.
  install_from "$root/locks/build.txt" && install_from "$root/locks/$1.txt" || return
  quietly "${pip[@]}" uninstall --yes --quiet setuptools || return
  compile_own_code
  link_checkout
  rm -rf "$root/.venv/tmp"
  [[ $1 != dev ]] || cp "$root/locks/runtime.txt" "$root/.venv/installed-runtime.txt"
  cp "$root/locks/$1.txt" "$root/.venv/installed-$1.txt"
}

install_from() {
  mkdir -p "$root/.venv/tmp"
  PIP_USER=0 TMPDIR=$root/.venv/tmp quietly "${pip[@]}" install --quiet --disable-pip-version-check \
    --no-cache-dir --compile --no-deps --no-build-isolation --use-pep517 --require-hashes --requirement "$1"
}

# So that no call is three times as slow: the process that opens a document may not write what it compiled.
compile_own_code() {
  local packages=("$root"/*/__init__.py)
  "$python" -m compileall -q "${packages[@]%/*}" && : > "$root/.venv/compiled"
}

# Whether no file of ours came, went or was exchanged, as `git pull` does, since they were compiled.
is_compiled() {
  local package
  for package in "$root"/*/__init__.py "$root"/*/*/__init__.py; do
    [[ ! ${package%/*} -nt $root/.venv/compiled ]] || return
  done
}

# The application runs from the checkout: its root is on the environment's path, relative, so that the whole
# folder may be moved; and `yushen` is there for whoever activates the environment.
link_checkout() {
  local site_packages
  site_packages=$(echo "$root"/.venv/lib/python3.*/site-packages)
  echo ../../../.. > "$site_packages/yushen.pth"
  ln -sf ../../yushen "$root/.venv/bin/yushen"
}

# What a command prints is of interest only where it failed.
quietly() {
  local output
  if ! output=$("$@" 2>&1); then
    say "$output"
    say "预审：这一步失败了：$* / this step failed. 请检查网络和 pip 配置后重试；内网安装见 docs/deploy.md。"
    return 1
  fi
}

say() {
  printf '%s\n' "$*" >&2
}
