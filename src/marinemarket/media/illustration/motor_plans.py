"""Deck plans of the smaller motor boats, seen from above, in the notation of :mod:`.notation`.

Bow at x = 1000, centreline at y = 0. Option groups named as in a boat's profile
follow the choice made there, so plan and profile show the same boat.
"""

from __future__ import annotations

MOTOR_PLANS: dict[str, str] = {
    "bowrider": """
~e:stern
@box teak -64 6 130 14
~e:outboard
@motors 1 74
~
@outline house 192 168 480 0.62
@outline teak 192 168 480 0.62 26
@box cush 20 150 150 20
@pair cush 310 400 46 136 18
@pair cush 440 470 60 160 8
@twin cush M640,-156 C760,-140 850,-96 900,-40 L840,-36 C790,-76 720,-104 640,-112Z
@twin glass M440,-166 L620,-150 L690,-30 L670,-28 L606,-128 L444,-148Z
@box cush 900 930 30 10
@ovals wheel 440 92 1 0 12 26
seam M760,-96 L760,96
""",
    "runabout": """
~e:one
@motors 1 76
~e:two
@motors 2 66
~
@outline house 180 158 480 0.5
@outline none 180 158 480 0.5 14
@box teak 60 600 136 40
@pair cush 120 200 20 124 16
@pair cush 290 370 20 124 16
@twin glass M430,-150 L520,-138 L616,-70 L640,0 L624,0 L602,-62 L512,-122 L430,-136Z
@ovals wheel 440 76 1 0 12 28
@box accent 660 930 7 5
@ovals metal 960 0 1 0 12 6
""",
    "motorboat": """
@box house -68 6 120 14
@outline house 178 160 460 0.5
@outline none 178 160 460 0.5 12
@box teak 30 460 140 26
@box cush 40 130 134 18
@pair cush 318 388 36 122 16
@twin glass M410,-154 L540,-140 L650,-74 L678,0 L660,0 L634,-64 L532,-122 L410,-138Z
@taper none 660 96 880 26 14
@box glass 740 800 32 10
@ovals wheel 450 78 1 0 12 26
~b:canopy
@box none 150 520 156 40
~b:arch
@box trim 180 240 158 12
~b:open
~
""",
    "sport-boat": """
@box house -62 6 96 12
@outline house 142 128 420 0.34
@outline none 142 128 420 0.34 10
@twin stripe M40,-112 C300,-118 620,-90 930,-18 L960,-6 C640,-64 300,-92 40,-92Z
@box teak 230 470 104 24
@box cush 30 220 100 26
@pair cush 280 350 12 88 16
@pair cush 362 424 12 88 16
@twin glass M470,-108 L560,-94 L632,-46 L648,0 L634,0 L616,-38 L552,-78 L470,-92Z
@taper none 700 50 860 16 10
""",
    "ski-boat": """
@box teak -96 8 130 16
@outline house 182 160 500 0.66
@outline none 182 160 500 0.66 12
@box cush 16 290 140 24
seam M16,0 L290,0 M150,-140 L150,140
@box teak 310 640 146 20
@pair cush 330 400 70 144 14
@pair cush 420 600 104 146 14
@box metal 420 470 168 8
@twin glass M480,-160 L600,-150 L676,-50 L680,0 L664,0 L658,-42 L590,-132 L480,-144Z
@twin cush M700,-130 C790,-116 860,-80 900,-40 L850,-36 C810,-66 760,-84 700,-92Z
@pair accent 430 456 172 196 6
@ovals wheel 490 96 1 0 12 26
""",
    "cuddy-cabin": """
~e:stern
@box house -64 6 124 14
~e:outboard
@motors 1 74
~
@outline house 184 164 470 0.52
@outline none 184 164 470 0.52 14
@box teak 30 460 144 24
@box cush 40 120 138 18
@pair cush 306 380 36 124 16
@taper house 500 140 860 40 26
@box glass 690 770 38 10
@twin glass M402,-158 L520,-146 L600,-80 L612,0 L594,0 L584,-70 L512,-128 L402,-142Z
@ovals wheel 424 80 1 0 12 26
~b:bimini
@box none 214 494 158 30
~b:open
~
""",
    "deck-boat": """
~e:outboard
@motors 1 76 -20
~e:stern
~
@box teak -90 8 150 14
@outline house 198 180 640 0.95
@outline teak 198 180 640 0.95 24
@box cush 16 90 164 16
@pair cush 100 260 110 168 16
@pair cush 352 420 46 140 18
@twin cush M650,-172 L900,-150 L930,-90 L880,-86 L860,-116 L650,-126Z
@twin glass M446,-172 L560,-160 L616,-50 L600,-46 L548,-142 L446,-156Z
@ovals wheel 450 92 1 0 12 26
@box metal 970 1036 44 6
""",
    "center-console": """
~e:one
@motors 1 80
~e:two
@motors 2 78
~e:three
@motors 3 74
~
@outline house 178 168 430 0.5
@outline teak 178 168 430 0.5 20
@box none 20 70 120 10
@box cush 322 386 66 14
@box house 416 560 72 22
@twin glass M440,-60 L500,-58 L524,-20 L524,0 L510,0 L506,-16 L490,-42 L440,-44Z
@box cush 616 716 56 20
@box none 286 610 124 34
@twin cush M750,-108 C830,-94 890,-60 930,-22 L880,-18 C850,-46 810,-62 750,-74Z
@ovals wheel 428 0 1 0 10 24
@pair metal 60 70 140 150 4
@pair metal 160 170 146 156 4
""",
    "inflatable": """
~e:one
@motors 1 78 -10
~e:two
@motors 2 70 -10
~
@outline coat 192 172 560 0.74
@outline teak 192 172 560 0.74 52
@pair coat -52 60 124 178 26
@twin seam M240,-192 L240,-138 M500,-192 L500,-140 M760,-180 L740,-120 M880,-124 L836,-82
@box cush 240 310 60 16
@box cush 316 376 60 16
@box house 420 560 64 20
@twin glass M440,-54 L490,-50 L508,-20 L508,0 L494,0 L488,-34 L440,-38Z
@box cush 580 660 50 20
@taper house 760 84 830 50 30
~b:arch
@box metal 92 124 136 8
~b:bare
@box cush 70 150 116 18
~
""",
    "classic": """
@outline wood 162 104 520 0.44
@outline edge 162 104 520 0.44 12
@planks plank 0 960 150 11
@outline none 162 104 520 0.44 12
@box cush 296 400 112 30
@box cush 462 566 116 30
@box wood 404 458 100 6
@twin glass M584,-118 L640,-70 L668,0 L654,0 L628,-60 L574,-108Z
@ovals wheel 566 56 1 0 10 24
@box metal 690 968 4 2
@ovals metal 812 0 1 0 26 9
@pair metal 110 130 60 66 3
""",
    "cabin-cruiser": """
@box house -64 6 120 12
@outline house 172 156 440 0.52
@outline none 172 156 440 0.52 12
@box teak 24 240 140 14
@box cush 30 80 132 14
@taper trim 236 142 640 112 24
@twin glass M556,-122 L610,-110 L664,-60 L668,0 L640,0 L634,-52 L590,-96 L548,-106Z
@taper house 676 98 880 36 22
@box glass 760 820 36 10
@box glass 350 430 46 10
@box metal 960 990 8 3
""",
    "express-cruiser": """
@box teak -84 8 128 16
@outline house 158 142 430 0.4
@outline none 158 142 430 0.4 10
@box teak 90 470 124 20
@box cush 20 86 116 14
@pair cush 120 330 62 118 16
@box cush 400 456 46 14
@twin glass M430,-130 C560,-126 660,-90 716,0 L694,0 C640,-72 550,-104 430,-110Z
@taper none 700 86 910 22 14
@box cush 740 850 48 18
@box glass 872 900 18 6
~b:hardtop
@taper none 200 128 600 92 24
~b:arch
@box trim 200 300 140 14
~
""",
    "fishing-boat": """
@outline house 176 156 480 0.46
@outline none 176 156 480 0.46 12
@box teak 14 312 138 10
@ovals metal 150 0 1 0 26 26
@box wood 128 172 26 8
@taper trim 326 140 690 96 34
@twin glass M560,-132 L664,-92 L716,0 L694,0 L644,-80 L552,-116Z
@taper house 350 116 550 96 14
@box cush 420 466 60 12
@box none 396 518 84 10
@twin line M400,-140 L40,-300
@box glass 800 850 26 8
@box metal 960 1000 8 3
@pair metal 40 60 146 152 3
""",
    "flybridge": """
@box teak -72 8 128 14
@outline house 160 146 440 0.5
@outline none 160 146 440 0.5 10
@box teak 20 150 130 10
@taper trim 150 130 700 96 40
@twin glass M600,-116 L690,-92 L738,0 L716,0 L672,-80 L596,-100Z
@taper house 96 118 580 92 30
@pair cush 180 300 60 104 14
@box cush 330 440 70 14
@box cush 470 510 54 12
@twin glass M510,-96 L570,-86 L604,0 L590,0 L560,-72 L508,-80Z
@box cush 780 880 52 20
@box metal 960 990 8 3
~b:bimini
@box none 210 540 110 24
~b:hardtop
@box none 190 556 112 24
~b:open
~
""",
}
