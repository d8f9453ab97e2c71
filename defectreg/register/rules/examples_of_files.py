"""A wrong and a right example of each code of a file as such: its YAML, its schema, its place."""

from __future__ import annotations

OF_FILES = """\
Y006
- circumstances: "a\tb c"
+ circumstances: abc
Y007
- circumstances: a\x07bc
+ circumstances: abc
Y008
- circumstances: a\u202ebc
+ circumstances: abc
Y009
- circumstances: a\u200bbc
+ circumstances: abc
Y010
- circumstances: a\u2028bc
+ circumstances: abc
Y011
- circumstances: a\ufdd0bc
+ circumstances: abc
Y012
- circumstances: cafe\u0301
+ circumstances: abc
Y014
- circumstances: "abc
+ circumstances: abc
Y015
- ---
+ circumstances: abc
Y016
- %YAML 1.1
- ---
+ circumstances: abc
Y018
- circumstances: &name abc
+ circumstances: abc
Y019
- circumstances: *name
+ circumstances: abc
Y020
- circumstances: !text abc
+ circumstances: abc
Y021
- <<: {}
+ circumstances: abc
Y022
- title: Another title of it
+ circumstances: abc
Y023
- ? circumstances
- : abc
+ circumstances: abc
Y024
- circumstances: [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]
+ circumstances: abc
S001
- often: monthly
+ frequency: monthly
S002
- id: DR-7K3Q-X4MB
+ id: DR-7K3Q-X4MB
+ title: Meter stops sending billing alerts after a Communications Hub firmware update
S003
- impact: high
+ impact:
+   consumers: high
S004
- kind: bug
+ kind: issue
S005
- alerts:
-   - "0x8F1E"
+ alerts:
+   - 8F1E
S006
- title: Meter
+ title: Meter resets
S007
- since: "2026-02-30"
+ since: 2026-02-28
S008
- alerts: []
+ alerts:
+   - 8F1E
R001
- affected:
-   - ESME FF01 00010100
+ affected:
+   - ESME:FF01/00010100
R002
- id: DR-7K3Q-X4MC
+ id: DR-7K3Q-X4MB
R099
- manufacturer-ids:
-   - FF01
+ manufacturer-ids:
+   - FF02
"""
