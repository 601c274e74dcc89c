"""Foam around the hull, in boat units with the waterline at y = 0."""

from __future__ import annotations

from .palette import Light, mix


def wake(gait: str, entry: float, light: Light, transform: str) -> str:
    """Return the water a boat throws up; ``entry`` is where its stem meets the sea."""
    foam, shade = light.foam, mix(light.foam, light.sea_near, 0.38)
    shapes = {
        "plane": _planing,
        "displace": _steaming,
        "sail": _sailing,
    }.get(gait, _resting)(entry)
    paths = "".join(
        f'<path d="{data}" fill="{shade if under else foam}"{opacity}/>'
        for data, under, opacity in shapes
    )
    return f'<g transform="{transform}">{paths}</g>'


Shape = tuple[str, bool, str]


def _planing(entry: float) -> list[Shape]:
    e = entry - 130
    sheet = (
        f"M{e + 60:.0f},6 C{e + 66:.0f},-14 {e + 30:.0f},-40 {e - 30:.0f},-42 "
        f"C{e - 90:.0f},-40 {e - 150:.0f},-22 {e - 260:.0f},-14 "
        f"C{e - 420:.0f},-6 120,-6 -20,-14 C-90,-34 -170,-30 -250,-12 "
        f"C-330,2 -420,2 -560,12 L{e + 40:.0f},16Z"
    )
    under = (
        f"M{e + 90:.0f},8 C{e - 40:.0f},-4 {e - 200:.0f},4 {e - 320:.0f},6 "
        f"C160,10 0,2 -120,4 C-240,8 -420,12 -640,14 C-420,22 -120,34 120,30 "
        f"C{e - 300:.0f},30 {e - 120:.0f},34 {e + 20:.0f},22Z"
    )
    return [(sheet, False, ""), (under, True, "")]


def _steaming(entry: float) -> list[Shape]:
    e = entry
    bow = (
        f"M{e + 34:.0f},8 C{e + 24:.0f},-8 {e + 6:.0f},-24 {e - 22:.0f},-24 "
        f"C{e - 90:.0f},-20 {e - 130:.0f},-4 {e - 220:.0f},-3 C{e - 420:.0f},-2 {e - 480:.0f},-10 "
        f"{e - 560:.0f},-9 C200,-6 120,-2 40,-10 C-40,-16 -90,-6 -150,0 "
        f"C-220,4 -320,4 -420,9 L-60,14 L300,9 L{e - 120:.0f},12Z"
    )
    under = (
        f"M{e + 60:.0f},10 C{e - 60:.0f},2 {e - 200:.0f},8 400,8 C200,10 0,6 -160,10 "
        f"L-460,14 C-200,24 200,22 420,20 C600,26 {e - 60:.0f},24 {e + 60:.0f},10Z"
    )
    return [(bow, False, ""), (under, True, ' opacity=".8"')]


def _sailing(entry: float) -> list[Shape]:
    e = entry
    bow = (
        f"M{e + 36:.0f},8 C{e + 20:.0f},-10 {e - 4:.0f},-22 {e - 34:.0f},-20 "
        f"C{e - 100:.0f},-14 {e - 160:.0f},2 {e - 260:.0f},1 C400,0 300,-3 200,-5 "
        f"C100,-9 20,-14 -40,-9 C-110,-2 -200,4 -330,9 L0,14 L400,8 L{e - 120:.0f},12Z"
    )
    under = (
        f"M{e + 70:.0f},10 C{e - 100:.0f},4 400,10 200,8 L-380,14 C-100,26 300,22 500,20 "
        f"C700,26 {e - 40:.0f},24 {e + 70:.0f},10Z"
    )
    return [(bow, False, ""), (under, True, ' opacity=".8"')]


def _resting(entry: float) -> list[Shape]:
    e = entry
    line = (
        f"M-50,3 C100,-3 {e - 300:.0f},-2 {e + 40:.0f},3 C{e - 200:.0f},8 160,9 -50,3Z "
        f"M{e - 60:.0f},14 q60,-5 130,0 q-60,5 -130,0Z M-90,16 q70,-5 150,0 q-70,5 -150,0Z"
    )
    return [(line, False, ' opacity=".55"')]
