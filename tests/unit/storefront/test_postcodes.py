"""Postcodes as people type them."""

import pytest

from shop.checkout.addresses import layout_of
from shop.checkout.delivery import COUNTRIES
from shop.checkout.postcodes import normal_postcode

TYPED = """
AT 1010 : A-1010 | AT 1010 | 01010 | 1010. | １０１０
AU 2060 : AUS 2060 | NSW 2060
AU 0800 : 800
BE 1000 : B-1000 | BE1000
BR 40301-110 : 40301110 | 40.301-110 | CEP 40301-110
BR 01310-100 : 1310100
BG 1000 : BG-1000
CA K1A 0B1 : k1a0b1 | K1A-0B1 | k1a ob1 | ON K1A 0B1 | K1A  0B1
CH 8001 : CH-8001 | 8 001
CY 2008 : CY-2008
CZ 110 00 : 11000 | 110-00 | CZ-110 00 | PSČ 110 00
DE 10115 : D-10115 | DE 10115 | 1 0115 | １０１１５ | ١٠١١٥ | PLZ: 10115 | D–10115
DE 01067 : 1067
DK 8660 : DK-8660
EE 10111 : EE-10111
ES 08001 : 8001 | E-08001 | 08 001
FI 00100 : FI-00100 | FIN-00100 | 100
FI 22100 : AX-22100
FR 75008 : F-75008 | 75 008 | 75\u00a0008
FR 01000 : 1000
GB EC1Y 8SY : ec1y8sy | EC1Y-8SY | ＥＣ１Ｙ　８ＳＹ
GB M2 5BQ : m25bq | M2.5BQ
GB OX1 1AA : 0x11aa
GB GIR 0AA : gir0aa
GB BFPO 57 : bfpo57
GR 151 24 : 15124 | GR-151 24 | 151-24
HR 10000 : HR-10000
HU 1037 : H-1037
IE A65 F4E2 : a65f4e2 | A65-F4E2
IE D02 AF30 : d02af30
IL 9614303 : 96143-03 | IL-9614303
IS 950 : 00950 | IS-950
IT 00144 : 144 | I-00144 | RM 00144
JP 154-0023 : 〒154-0023 | 1540023 | １５４－００２３ | 154ー0023 | T154-0023 | 〒１５４００２３
JP 154-0024 : 154−0024
JP 060-0001 : 600001
LI 9490 : FL-9490 | LI 9490
LT 04340 : LT-04340 | 4340
LU 4750 : L-4750
LV LV-1073 : 1073 | LV1073 | lv 1073
MT VLT 1117 : vlt1117 | VLT-1117
NL 1234 AB : 1234ab | 1234-AB | NL-1234 AB | 1234  ab
NO 0150 : 150 | N-0150 | NO-0150
NZ 0610 : 610
PL 00-950 : 00950 | 00 950 | PL-00-950 | 950 | 00–950
PT 1250-096 : 1250096 | 1250 096 | P-1250-096
RO 060274 : 60274
SE 114 55 : 11455 | S-114 55 | SE-11455 | 114-55
SG 546080 : S546080 | S(546080) | Singapore 546080
SI 4000 : SI-4000
SK 010 01 : 01001 | 1001 | SK-010 01
US 00950 : 950
US 02138 : 2138 | 02138- | MA 02138
US 95014-1010 : 950141010 | 95014 1010 | 95014–1010
""".strip().splitlines()
CASES = [
    (line[:2], line[3:].partition(" : ")[0], typed)
    for line in TYPED
    for typed in (line[3:].partition(" : ")[0], *line.partition(" : ")[2].split(" | "))
]


def test_a_postcode_is_understood_however_it_is_typed():
    for country, written, typed in CASES:
        assert normal_postcode(country, "", typed) == written, (country, typed)


def test_the_example_of_a_country_is_one_of_its_postcodes():
    for country, _name in COUNTRIES:
        assert normal_postcode(country, "", layout_of(country).postcode_example), country


@pytest.mark.parametrize("typed", ["nonsense", "0", "-", "123456789012", "１2Ⅳ", "1111 Ünder"])
def test_what_is_no_postcode_is_refused(typed):
    understood = [code for code, _ in COUNTRIES if normal_postcode(code, "", typed) is not None]
    assert understood == []


def test_a_postcode_of_another_region_is_refused():
    assert normal_postcode("US", "NY", "90210") is None
    assert normal_postcode("ES", "B", "8001") == "08001"
