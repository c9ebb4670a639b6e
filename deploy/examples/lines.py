#!/usr/bin/env python3
"""A collector in Python: the lines of a file that came since the last time. See docs/COLLECTORS.md.

Which file it is stands in the settings ("environment": {"LINES_FILE": "/var/log/app.log"}): a target must not choose.
"""
import json
import os
import sys

target = json.loads(sys.stdin.readline())
path = os.environ["LINES_FILE"]
offset = int(target["bookmark"] or 0)
with open(path, "rb") as file:
    if file.seek(0, 2) < offset:
        offset = 0  # the file was begun anew
    file.seek(offset)
    for line in file:
        if not line.endswith(b"\n"):
            break  # somebody is still writing it
        offset += len(line)
        text = line.decode("utf-8", "replace").strip()
        if text:
            print(json.dumps({"content": text, "source": f"file:{path}", "metadata": {"offset": str(offset)}}))
print(f"read up to {offset}", file=sys.stderr)
print(json.dumps({"bookmark": str(offset)}))
