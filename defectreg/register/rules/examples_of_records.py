"""A wrong and a right example of each code of a record's content, and of the words of all texts."""

from __future__ import annotations

OF_RECORDS = """\
R010
- classification: amber
+ classification: clear
R011
- name: examples
+ name: examples
+ ceiling: amber
R013
- impact:
-   consumers: high
- frequency: monthly
+ impact:
+   consumers: high
R014
- device: ESME
+ device: ESME
+ firmware: "00030005"
R018
- openly-discussed: a working group of Suppliers
+ openly-discussed: a working group of Suppliers, 2026-02-24
R020
- affected:
-   - ESME:FF01/00010100 + CHF:FF02/00020001
+ affected:
+   - CHF:FF02/00020001 + ESME:FF01/00010100
R021
- affected:
-   - ESME:FF01/00010100
-   - ESME:FF01/00010100
+ affected:
+   - ESME:FF01/00010100
+   - GSME:FF04/00040001
R022
- affected:
-   - ESME:FF01/00010100
+ affected:
+   - ESME:FF01/00010100 in North
R023
- affected:
-   - ESME:FF01/meter-7
+ affected:
+   - IHD:FF05/display-7
R024
- affected:
-   - ESME:FFEE/00010100
+ affected:
+   - ESME:FF07/00010100
R025
- affected:
-   - CHF:FF02/00020001
+ affected:
+   - CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004 in North
R026
- affected:
-   - ESME:FF01/00010100
+ affected:
+   - ESME:FF01/00010100@00030000
R032
- trigger: firmware-update
+ trigger: firmware-update
+ alerts:
+   - 8F1E
R033
- alerts:
-   - 8F1E
-   - "0001"
+ alerts:
+   - 8F1E
+   - N13
R034
- service-requests:
-   - 6.2.1
-   - "99.9"
+ service-requests:
+   - 6.2.1
+   - "8.4"
R035
- affected:
-   - GSME:FF04/00040001
+ affected:
+   - CHF:FF02/00020001 + ESME:FF01/00010100@0001*,00030000..00030004 in North
R036
- related:
-   - DR-7K3Q-X4MB
+ related:
+   - DR-0000-0001
R037
- since: 2026-03-03
+ since: 2026-03-02
R038
- alerts:
-   - 8F1E
-   - 8F1E
+ alerts:
+   - 8F1E
+   - 8F1F
R040
- behaviour: |
-   After the Hub takes 00020002 the faulty meter sends no 8F1E.
+ behaviour: |
+   After the Hub takes 00020002 the affected meter sends no 8F1E.
R041
- says: We recommend to wait for the next release.
+ says: We have asked for captures of three installations.
R050
- who-reports:
-   - networks
+ who-reports:
+   - suppliers
R051
- received: incident
+ received: incident
+ told-by: small-supplier
R052
- since: 2026-02-09
- until: 2026-02-02
+ since: 2026-02-02
+ until: 2026-02-09
R053
- since: 2026-03-10
+ since: 2026-03-09
R101
- The meter with Device ID 00-1A-2B-3C-4D-5E-6F-70
+ The meter of model 00010100
R102
- The meter with serial number 21M0123456
+ The meter of model 00010100
R103
- The meter at MPAN 2000000000006
+ The meter at some premises
R104
- The meter at MPRN 1234567890
+ The meter at some premises
R105
- The meter at UPRN 100012345678
+ The meter at some premises
R106
- The meter near SW1A 1AA
+ The meter in the region North
R107
- The meter at 12 Example Street
+ The meter in the region North
R108
- The meter after a join with 00112233445566778899AABBCCDDEEFF
+ The meter after a join
R109
- The meter as heard on 020 7946 0123
+ The meter as the supplier says
R110
- The meter as fitter@example.org says
+ The meter as the supplier says
R111
- The meter as Mr John Example says
+ The meter as the fitter says
"""
