#!/bin/sh
# A collector in shell: one artifact with the host's load. See docs/COLLECTORS.md.
set -eu

read -r target # one line of JSON; this collector needs nothing of it
echo "asked for ${#target} bytes of target" >&2
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
printf '{"content": "load %s", "source": "exec:uptime", "metadata": {"host": "%s"}, "confidence": 1}\n' \
    "$load" "$(uname -n)"
