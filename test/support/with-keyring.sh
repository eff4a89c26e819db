#!/bin/sh
# Runs CMD with an unlocked gnome-keyring in a throw-away data home, no desktop needed.
# usage: dbus-run-session -- test/support/with-keyring.sh CMD...
HOME_OF_KEYRING="$(mktemp -d)"
export XDG_DATA_HOME="$HOME_OF_KEYRING/data" XDG_RUNTIME_DIR="$HOME_OF_KEYRING/run" XDG_CACHE_HOME="$HOME_OF_KEYRING/cache"
mkdir -m 700 "$XDG_DATA_HOME" "$XDG_RUNTIME_DIR" "$XDG_CACHE_HOME"
# The daemon must own org.freedesktop.secrets before anything activates it; --unlock reads the password on standard input.
eval "$(printf 'test-password' | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"
export GNOME_KEYRING_CONTROL
"$@"
code=$?
rm -rf "$HOME_OF_KEYRING"
exit $code
