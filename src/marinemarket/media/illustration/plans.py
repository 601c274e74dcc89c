"""Deck plans of large, working and sailing craft, seen from above, in the notation of
+ :mod:`.notation`.

Bow at x = 1000, centreline at y = 0. Option groups named as in a boat's profile
follow the choice made there, so plan and profile show the same boat.
"""

from __future__ import annotations

LARGE_PLANS: dict[str, str] = {
    "pilothouse": """
~e:inboard
@box house -58 6 110 12
~e:one
@motors 1 78
~e:two
@motors 2 70
~
@outline house 176 160 460 0.56
@outline none 176 160 460 0.56 12
@box teak 20 290 144 12
@box cush 26 70 120 12
@taper trim 300 122 640 104 24
@twin glass M632,-108 L664,-96 L678,0 L656,0 L646,-84 L616,-92Z
@box glass 380 470 56 12
@taper house 690 96 900 36 22
@box glass 780 840 34 10
@box metal 962 992 8 3
""",
    "trawler": """
@outline house 168 140 520 0.62
@outline none 168 140 520 0.62 12
@taper trim 40 126 660 122 12
@box teak 40 140 118 10
@taper dark 110 34 270 22 16
@box metal 322 356 44 10
@taper house 440 112 650 100 20
@twin glass M640,-104 L672,-96 L684,0 L662,0 L652,-84 L622,-92Z
@twin trim M690,-132 L744,-124 L764,0 L750,0 L732,-108 L690,-116Z
@box teak 780 930 40 20
@box glass 800 850 26 8
@box metal 900 960 16 6
@ovals spar 410 0 1 0 9 9
""",
    "workboat": """
@outline dark 170 152 560 0.66
@outline house 170 152 560 0.66 14
@box teak 24 520 132 10
@planks plank 24 520 132 9
@taper cream 556 108 790 96 24
@taper trim 572 84 736 78 18
@twin glass M736,-80 L762,-74 L774,0 L758,0 L748,-62 L730,-66Z
@ovals metal 518 0 1 0 20 20
@ovals metal 880 0 1 0 26 26
@box metal 940 970 10 3
~b:crane
@ovals orange 350 -70 1 0 30 30
orange M352,-84 L110,-40 L106,-56 L346,-104Z
~b:gantry
@box orange 60 96 140 6
~b:winch
@box dark 236 330 60 12
@box accent 254 312 50 8
~
""",
    "power-catamaran": """
@twin house M0,-96 L0,-216 L80,-230 C500,-244 800,-226 940,-190 C976,-180 976,-150 940,-140
+ L860,-110 L860,0 L40,0 L40,-96Z
@box teak 40 180 190 14
@box cush 50 96 160 14
@taper trim 180 186 640 150 60
@twin glass M600,-160 L670,-120 L716,0 L694,0 L650,-108 L592,-142Z
@box cush 750 830 120 24
@pair metal 900 940 156 172 3
~b:fly
@taper house 230 150 620 120 30
@pair cush 280 420 70 120 14
@box cush 470 520 56 12
~b:low
@box glass 330 420 70 14
@box glass 460 550 60 14
~
""",
    "motor-yacht": """
@box teak -62 8 112 14
@outline house 144 130 460 0.46
@outline none 144 130 460 0.46 8
@box teak 20 170 116 10
@box cush 30 70 104 12
@taper trim 150 116 720 84 40
@taper house 170 104 640 76 40
@twin glass M620,-80 L690,-60 L720,0 L704,0 L676,-50 L616,-64Z
@pair cush 190 290 46 92 12
@box cush 320 420 60 14
@box cush 450 490 44 10
@twin glass M500,-82 L560,-70 L596,0 L584,0 L552,-58 L500,-68Z
@box metal 296 360 86 10
@box cush 800 870 44 18
@box metal 950 990 7 3
""",
    "mega-yacht": """
@box teak -64 10 74 12
@outline house 96 82 420 0.4
@outline teak 96 82 420 0.4 6
@taper trim 70 78 700 56 46
@taper house 120 68 650 48 40
@taper trim 190 58 590 42 34
@taper house 280 48 540 34 26
@twin glass M640,-52 L690,-38 L712,0 L702,0 L682,-32 L636,-42Z
@box cush 80 110 50 8
@box cush 136 176 40 8
@pair cush 206 250 14 44 6
@box metal 390 470 34 8
@ovals house 410 -20 1 0 13 13
@ovals house 410 20 1 0 13 13
~b:tender
@taper dark 780 18 870 12 12
@pair dark 770 830 30 46 8
~b:helipad
@ovals metal 850 0 1 0 46 46
@ovals house 850 0 1 0 40 40
seam M838,-16 L838,16 M862,-16 L862,16 M838,0 L862,0
~
""",
    "houseboat": """
@box house 0 996 170 16
@box teak 8 110 160 10
@box teak 820 988 160 10
@box trim 30 936 166 8
@box teak 50 900 146 6
@planks plank 50 900 146 13
@box house 400 520 60 8
~b:awning
@box none 150 496 120 10
~b:stove
@ovals dark 310 -80 1 0 20 20
~b:chairs
@pair cush 180 260 20 70 12
@pair cush 290 370 20 70 12
~
@pair leaf 560 640 100 132 10
@pair leaf 700 772 100 132 10
""",
    "pontoon": """
@motors 1 80 -14
@pair metal -20 960 96 166 40
@box house -20 1000 176 18
@box teak 0 984 160 12
@box none 20 976 168 14
@pair cush 40 250 96 158 18
@box cush 40 100 96 14
@pair cush 600 860 96 158 18
@box house 430 520 70 18
@box cush 350 410 50 16
@ovals wheel 430 0 1 0 10 26
~b:bimini
@box none 92 502 172 30
~b:hardtop
@box none 96 516 172 12
~
""",
}

SAIL_PLANS: dict[str, str] = {
    "dinghy": """
@outline wood 196 140 460 0.6
@outline house 196 140 460 0.6 16
@outline edge 196 140 460 0.6 16
@planks plank 0 980 160 7
@box wood 60 110 150 4
@box wood 330 400 172 4
@box wood 560 640 172 4
@box wood -40 16 20 6
~r:lug
@ovals spar 650 0 1 0 14 14
line M650,0 L90,20
~r:oars
@twin wood M420,-180 L425,-186 L340,-330 L300,-420 L286,-414 L330,-326Z
~
""",
    "other": """
@twin wood M-4,0 C60,-90 220,-168 460,-170 C720,-168 920,-90 1004,0Z
@twin house M24,0 C90,-80 240,-150 460,-152 C710,-150 880,-80 974,0Z
@planks plank 130 880 90 5
@box wood 240 310 126 4
@box wood 420 500 148 4
@box wood 640 710 138 4
~r:oars
@twin wood M560,-166 L566,-174 L440,-330 L390,-420 L376,-412 L428,-320Z
~r:motor
@motors 1 70 70
~
""",
    "launch": """
@outline house 138 96 480 0.42
@outline wood 138 96 480 0.42 10
@outline teak 138 96 480 0.42 26
@pair cush 190 420 60 90 12
@box cush 150 190 90 12
@pair cush 520 690 58 90 12
@box bronze 440 496 36 8
@box wood 760 900 4 2
@planks plank 780 900 50 3
~b:canopy
@box none 124 722 122 24
~b:cabin
@taper wood 290 96 650 84 24
@box glass 330 640 70 10
~b:hood
@taper none 480 112 700 92 40
~
@ovals wheel 506 0 1 0 10 24
""",
    "sailboat": """
@outline house 166 124 440 0.36
@outline teak 166 124 440 0.36 12
@taper house 330 104 720 44 70
@twin glass M420,-84 C520,-88 640,-70 690,-48 L690,-40 C620,-58 520,-74 420,-72Z
@box teak 20 310 56 16
@pair cush 150 310 62 96 10
@ovals wheel 110 0 1 0 8 46
@box glass 800 850 26 8
@box glass 610 660 24 8
@box trim 330 400 40 8
@ovals spar 570 0 1 0 11 11
line M570,0 L130,0
@twin line M560,-150 L570,-10
@pair metal 270 290 116 128 6
~c:hood
@box canvas 330 440 92 30
~c:bimini
@box none 110 306 104 20
~c:none
~
""",
    "day-sailer": """
@twin house M0,-60 C140,-116 300,-136 460,-136 C700,-130 880,-64 1000,0 L0,0Z
@twin teak M20,-48 C150,-100 300,-120 460,-120 C680,-116 840,-62 960,0 L20,0Z
@taper house 200 84 640 40 50
@taper wood 214 74 460 66 6
@planks plank 220 450 60 7
@pair cush 230 430 30 66 8
@taper trim 470 62 640 36 30
@ovals spar 600 0 1 0 11 11
line M600,0 L150,0
@twin line M590,-118 L600,-10
@box glass 720 760 20 6
wood M30,-4 L290,-10 L290,10 L30,4Z
""",
    "catamaran": """
@twin house M0,-176 C0,-250 60,-270 130,-276 C400,-300 760,-290 1000,-226 C800,-196 700,-170
+ 690,-150 L690,0 L110,0 L110,-160Z
@twin none M700,-152 L936,-206 L936,0
@twin line M740,-164 L740,0 M780,-174 L780,0 M820,-182 L820,0 M860,-190 L860,0 M900,-198 L900,0
+ M700,-40 L936,-40 M700,-80 L936,-80 M700,-120 L936,-120
@box metal 930 946 214 4
@taper trim 250 178 640 130 70
@twin glass M600,-146 C680,-120 712,-70 720,0 L694,0 C684,-60 660,-100 592,-126Z
@box teak 116 250 156 12
@pair cush 130 180 90 150 12
@ovals spar 560 0 1 0 12 12
line M560,0 L170,0
@pair glass 780 830 228 256 8
@pair teak 10 100 196 250 10
~b:hardtop
@box none 84 430 150 30
~b:bimini
@box none 96 360 150 20
~
""",
    "trimaran": """
@twin coat M112,-318 C200,-346 420,-356 560,-350 C740,-342 880,-326 968,-312 C860,-300 700,-290
+ 520,-290 C320,-290 180,-300 112,-318Z
@twin trim M300,-90 C320,-180 330,-240 330,-300 L400,-300 C396,-240 390,-170 390,-90Z
@twin trim M610,-90 C630,-180 650,-240 656,-300 L722,-300 C710,-240 690,-170 690,-80Z
@twin line M400,-130 L614,-130 M400,-170 L620,-170 M400,-210 L630,-210 M400,-250 L640,-250
+ M450,-100 L450,-290 M500,-100 L500,-290 M550,-100 L550,-290
@outline house 110 74 440 0.34
@outline teak 110 74 440 0.34 10
@taper house 310 84 720 36 60
@twin glass M400,-66 C520,-72 620,-56 680,-36 L680,-26 C610,-44 510,-58 400,-54Z
@box teak 40 296 44 12
@box glass 800 846 20 6
@ovals spar 560 0 1 0 11 11
line M560,0 L120,0
""",
    "motorsailer": """
@twin house M-4,0 C30,-100 200,-160 460,-164 C720,-160 900,-80 1000,0Z
@twin teak M14,0 C46,-88 210,-144 460,-148 C710,-144 870,-76 976,0Z
spar M940,0 L1080,0
@taper house 300 112 760 50 40
@taper trim 290 96 510 84 26
@twin glass M494,-86 L526,-76 L540,0 L522,0 L512,-66 L484,-74Z
@box cush 110 270 70 16
@box teak 130 250 50 12
@box glass 600 660 36 8
@box glass 850 890 20 6
@ovals spar 640 0 1 0 12 12
@ovals spar 180 0 1 0 9 9
line M640,0 L330,0 M180,0 L-60,0
@box metal 930 970 10 3
""",
}
