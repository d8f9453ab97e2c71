"""A wrong and a right example of each code of a statement's content."""

from __future__ import annotations

OF_STATEMENTS = """\
R060
- devices: "1"
- firmware: "00030005"
+ devices: "1"
R061
- says: The Hub answers before the meter has slept.
+ says: The Hub answers before the meter has slept.
+ cause: suspected
R062
- by: supplier-nine
+ by: supplier-two
R063
- date: 2026-03-01
+ date: 2026-03-02
R066
- by: supplier-two
+ by: supplier-one
R067
- by: supplier-two
+ by: maker-one
R068
- received: letter
+ received: letter
+ letter: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
R070
- device: GSME
+ device: ESME:FF01/00010100
R071
- device: METER
+ device: ESME
R072
- device: CHF
+ device: CHF
+ lives-with: ESME
R074
- by: supplier-one
+ by: supplier-two
R080
- fixes-checked: false
+ fixes-checked: true
R081
- role: validator
+ role: validator
+ says: Which firmware was on the Hub before?
R082
- role: validator
+ role: validator
+ code: reported-in-error
R083
- code: duplicate-of
+ code: duplicate-of
+ other: DR-0000-0001
R084
- decision: return
- role: security
- says: Not yet.
+ decision: hold
+ role: security
R085
- read:
-   - 0cfe9c85e758dd5c42988cef03e2f4cc0c307f5c20b305af2e280efe10529b01  DR-7K3Q-X4MB.yaml
+ read:
+   - e084671978891a1921662d5697881409ffd40fd7bb2f719b4dfb0baf1ebedb87  \
2026-03-02-report-supplier-one.yaml
R087
- by: supplier-two
+ by: maker-one
R088
- read:
-   - 0000000000000000000000000000000000000000000000000000000000000000  DR-7K3Q-X4MB.yaml
+ read:
+   - 0cfe9c85e758dd5c42988cef03e2f4cc0c307f5c20b305af2e280efe10529b01  DR-7K3Q-X4MB.yaml
R094
- state: distrusted
+ state: active
R097
- state: retired
+ state: active
"""
