"""The scenes: one function for each thing that goes wrong in a city."""

from collections.abc import Callable, Mapping

from intake109.demo.standin.pictures import HEIGHT, WIDTH, Canvas

_HORIZON = 190


def street(canvas: Canvas, *, night: bool = False, road: str = "#5c6066") -> None:
    """Draw a street between houses: the ground of most scenes."""
    if night:
        canvas.band(0, _HORIZON, "#0a1020", "#18223a")
        canvas.band(_HORIZON, HEIGHT, "#14181f", "#0b0d12")
    else:
        canvas.band(0, _HORIZON, "#9db8cf", "#dfe6e8")
        canvas.band(_HORIZON, HEIGHT, "#a9a99b", "#8c8b7e")
    walls = ["#1c2433", "#202a3b", "#1a2130"] if night else ["#c9b79c", "#b9c2c4", "#d3c6a6"]
    x = -20.0
    while x < WIDTH:
        wide = canvas.chance.uniform(90, 150)
        canvas.house(x, canvas.chance.uniform(50, 110), wide, _HORIZON, canvas.chance.choice(walls), lit=0.12 * night)
        x += wide + canvas.chance.uniform(4, 26)
    canvas.shape(
        [(250, _HORIZON), (390, _HORIZON), (WIDTH + 130, HEIGHT), (-130, HEIGHT)], "#1d2026" if night else road
    )
    for step in range(6):
        near, far = 205 + step * 48, 225 + step * 50
        half = 1 + step * 1.1
        canvas.shape([(320 - half, near), (320 + half, near), (322 + half, far), (318 - half, far)], "#e8e4d0a0")


def pothole(canvas: Canvas) -> None:
    """A deep hole in the road with water in it."""
    street(canvas)
    canvas.blob(330, 372, 150, 52, "#3b3a38")
    canvas.blob(330, 378, 128, 40, "#26231f", 0.12)
    canvas.blob(342, 386, 92, 22, "#51636f", 0.1)
    canvas.blob(318, 382, 36, 7, "#a3b5bf90", 0.1)
    for _ in range(60):
        x, y = canvas.chance.gauss(330, 120), canvas.chance.gauss(380, 44)
        canvas.oval(x, y, canvas.chance.uniform(1.5, 5), canvas.chance.uniform(1, 3), "#34312dd0")
    canvas.line([(180, 372), (120, 390), (70, 384)], "#2d2b29", 2.5)
    canvas.line([(478, 366), (540, 356), (560, 340)], "#2d2b29", 2.5)


def open_manhole(canvas: Canvas) -> None:
    """A shaft without its lid, the lid beside it."""
    street(canvas, road="#6b6d70")
    canvas.oval(300, 365, 118, 52, "#8d8f90")
    canvas.oval(300, 365, 104, 44, "#17181a")
    canvas.oval(304, 374, 92, 34, "#000000")
    for step in range(3):
        canvas.line([(270, 350 + step * 14), (330, 350 + step * 14)], "#6a5a48", 4)
    canvas.oval(498, 408, 96, 36, "#2f3133")
    canvas.oval(498, 402, 94, 34, "#55595c")
    for step in range(-3, 4):
        canvas.line([(498 + step * 22, 378), (498 + step * 22, 428)], "#3e4245", 2)
    canvas.oval(498, 402, 20, 8, "#3e4245")


def rubbish(canvas: Canvas) -> None:
    """Containers that overflow, and a heap around them."""
    street(canvas)
    for left in (110, 300):
        canvas.box(left, 220, left + 160, 350, "#3f6b4f")
        canvas.box(left, 220, left + 160, 234, "#31543e")
        canvas.line([(left + 80, 240), (left + 80, 345)], "#31543e", 3)
    bags = ["#1e1e22", "#2b2b30", "#3d5a80", "#e7e5df", "#8a6d4b", "#b03a2e", "#23262b"]
    for step in range(70):
        y = 210 + 230 * (step / 70)
        x = canvas.chance.gauss(300, 150)
        canvas.blob(x, y, canvas.chance.uniform(16, 40), canvas.chance.uniform(12, 28), canvas.chance.choice(bags))
        canvas.blob(x - 6, y - 7, 7, 4, "#ffffff38")
    canvas.shape([(430, 380), (560, 350), (585, 420), (450, 450)], "#b58a57")
    canvas.line([(495, 365), (515, 436)], "#8f6a3f", 4)


def dark_street(canvas: Canvas) -> None:
    """A street at night where no lamp burns."""
    street(canvas, night=True)
    for x, top, foot in ((110, 60, 380), (210, 110, 270), (505, 70, 370), (420, 120, 260)):
        canvas.line([(x, foot), (x, top), (x + (34 if x < 320 else -34), top - 8)], "#3a4150", 5)
        canvas.oval(x + (36 if x < 320 else -36), top - 5, 11, 5, "#2a2f3b")
    canvas.oval(560, 50, 20, 20, "#d9d8c6")
    canvas.shape([(296, 300), (312, 300), (316, 352), (292, 352)], "#05070b")
    canvas.oval(304, 292, 8, 9, "#05070b")


def burst_pipe(canvas: Canvas) -> None:
    """Water that shoots out of the road."""
    street(canvas)
    canvas.blob(320, 420, 290, 56, "#7ba7c7d0", 0.06)
    canvas.blob(320, 412, 210, 34, "#a8cbe0c0", 0.08)
    canvas.blob(320, 392, 62, 20, "#3f3d3a")
    for step in range(46):
        lean = canvas.chance.gauss(0, 34)
        top = canvas.chance.uniform(70, 190)
        points = [(320 + lean * 0.1, 392), (320 + lean, top), (320 + lean * 3.2, canvas.chance.uniform(300, 410))]
        canvas.line(points, "#e4f2fac0" if step % 3 else "#b6d7eac0", canvas.chance.uniform(2, 6))
    for _ in range(120):
        canvas.oval(canvas.chance.gauss(320, 110), canvas.chance.uniform(70, 400), 2, 3, "#f2fafdd0")


def snow(canvas: Canvas) -> None:
    """A road and cars under snow that nobody cleared."""
    street(canvas, road="#e9edf0")
    canvas.shape([(0, _HORIZON), (250, _HORIZON), (-130, HEIGHT), (-200, HEIGHT)], "#f3f6f8")
    canvas.shape([(390, _HORIZON), (WIDTH, _HORIZON), (WIDTH, HEIGHT)], "#f3f6f8")
    canvas.blob(60, 420, 240, 120, "#f5f8fa")
    canvas.blob(600, 430, 240, 130, "#f1f5f8")
    canvas.blob(330, 470, 260, 40, "#dfe6ea")
    for left in (90, 420):
        canvas.blob(left + 60, 330, 92, 44, "#3c5068", 0.04)
        canvas.oval(left + 15, 366, 19, 19, "#22262b")
        canvas.oval(left + 106, 366, 19, 19, "#22262b")
        canvas.blob(left + 60, 302, 84, 26, "#ffffff", 0.08)
        canvas.box(left + 22, 318, left + 96, 332, "#a9bccb")
    for _ in range(420):
        canvas.oval(canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(0, HEIGHT), 1.8, 1.8, "#ffffffe0")


def playground(canvas: Canvas) -> None:
    """A broken swing, hanging by one chain."""
    canvas.band(0, 210, "#a9c7dc", "#e4ebe8")
    canvas.band(210, HEIGHT, "#b9a67f", "#9c8a66")
    canvas.house(20, 40, 260, 212, "#c9b79c")
    canvas.house(330, 70, 300, 212, "#b9c2c4")
    for left in (150, 430):
        canvas.line([(left - 40, 400), (left, 130), (left + 40, 400)], "#c2452d", 11)
    canvas.line([(146, 134), (434, 134)], "#2f6fa8", 11)
    canvas.line([(240, 138), (236, 330)], "#4a4d50", 3)
    canvas.line([(330, 138), (334, 190), (326, 240)], "#4a4d50", 3)
    canvas.shape([(222, 320), (254, 330), (300, 402), (270, 398)], "#7a5230")
    canvas.shape([(470, 410), (560, 396), (566, 412), (478, 428)], "#7a5230")
    canvas.line([(500, 408), (520, 422)], "#3a2614", 3)
    canvas.blob(320, 440, 190, 22, "#86754f")


def broken_lift(canvas: Canvas) -> None:
    """A lift with its doors ajar and a paper on it."""
    canvas.band(0, HEIGHT, "#b8bfae", "#8f967f")
    canvas.box(0, 400, WIDTH, HEIGHT, "#6d6a63")
    canvas.box(180, 50, 460, 410, "#5b6066")
    canvas.box(196, 66, 444, 402, "#0d0e10")
    canvas.shape([(196, 66), (300, 66), (290, 402), (196, 402)], "#a8adb2")
    canvas.shape([(352, 66), (444, 66), (444, 402), (364, 402)], "#9da3a9")
    for y in range(90, 400, 44):
        canvas.line([(205, y), (290, y)], "#8b9096", 2)
    canvas.box(500, 190, 540, 280, "#6b7076")
    canvas.oval(520, 215, 11, 11, "#b9372c")
    canvas.oval(520, 252, 11, 11, "#3d4145")
    canvas.shape([(214, 168), (288, 160), (292, 246), (218, 254)], "#f4f1e6")
    canvas.line([(228, 182), (278, 226)], "#b02a20", 9)
    canvas.line([(276, 178), (230, 230)], "#b02a20", 9)
    canvas.box(228, 238, 280, 243, "#8b8f96")


def bare_wire(canvas: Canvas) -> None:
    """A wire that hangs from a post to the ground and sparks."""
    street(canvas)
    canvas.box(150, 20, 170, 400, "#8b8d8a")
    canvas.box(100, 52, 230, 62, "#6c6e6b")
    canvas.line([(226, 58), (420, 96), (WIDTH, 84)], "#25272a", 3)
    canvas.line([(110, 58), (180, 160), (300, 290), (352, 398), (440, 420)], "#1b1c1e", 5)
    canvas.line([(440, 420), (468, 414)], "#c97b3a", 5)
    for length in (26, 40, 54):
        for turn in range(-4, 5):
            tip = (470 + length, 412 + turn * length * 0.22)
            canvas.line([(470, 414), tip], "#ffe98acc" if turn % 2 else "#fffbe0cc", 2)
    canvas.oval(470, 414, 13, 13, "#fff7c8")


def stray_dogs(canvas: Canvas) -> None:
    """Three dogs in the street."""
    street(canvas)
    for x, y, size, colour in ((170, 350, 1.0, "#5b4632"), (340, 400, 1.35, "#2f2a26"), (510, 345, 0.9, "#a98b62")):
        canvas.blob(x, y, 58 * size, 24 * size, colour, 0.05)
        canvas.oval(x + 60 * size, y - 24 * size, 20 * size, 17 * size, colour)
        canvas.oval(x + 80 * size, y - 19 * size, 12 * size, 8 * size, colour)
        canvas.shape(
            [(x + 50 * size, y - 36 * size), (x + 44 * size, y - 56 * size), (x + 62 * size, y - 40 * size)], colour
        )
        for leg in (-40, -26, 28, 42):
            canvas.line([(x + leg * size, y + 10 * size), (x + (leg - 3) * size, y + 58 * size)], colour, 9 * size)
        canvas.line([(x - 54 * size, y - 6 * size), (x - 84 * size, y - 38 * size)], colour, 8 * size)
        canvas.oval(x + 64 * size, y - 28 * size, 3 * size, 3 * size, "#f2ead8")


def tree_fallen(canvas: Canvas) -> None:
    """A tree across the road."""
    street(canvas)
    canvas.line([(60, 420), (250, 370), (560, 300)], "#5a4029", 32)
    canvas.line([(60, 412), (250, 362), (560, 294)], "#7a5a3c", 8)
    canvas.blob(48, 424, 40, 46, "#4a3521", 0.3)
    for base, tip in (((330, 350), (380, 230)), ((400, 334), (520, 400)), ((460, 320), (500, 210))):
        canvas.line([base, tip], "#5a4029", 12)
    for _ in range(120):
        x, y = canvas.chance.gauss(500, 75), canvas.chance.gauss(290, 60)
        colour = canvas.chance.choice(["#4f6b3a", "#3f5a2e", "#6b7f43"])
        canvas.blob(x, y, canvas.chance.uniform(8, 22), canvas.chance.uniform(6, 15), colour)


def flooded_street(canvas: Canvas) -> None:
    """A street under water with a car in it."""
    street(canvas)
    canvas.band(300, HEIGHT, "#8a8a72", "#6d705e")
    canvas.blob(190, 300, 120, 48, "#a63d32", 0.03)
    canvas.blob(196, 264, 74, 32, "#a63d32", 0.03)
    canvas.box(146, 250, 246, 274, "#bcd0da")
    canvas.band(318, HEIGHT, "#858871", "#63664f")
    for _ in range(60):
        x, y = canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(320, 475)
        canvas.line([(x, y), (x + canvas.chance.uniform(20, 80), y)], "#c9cdb670", 2)
    canvas.box(470, 150, 482, 400, "#70757a")
    canvas.shape([(440, 150), (512, 150), (476, 96)], "#d8402f")
    canvas.shape([(452, 144), (500, 144), (476, 108)], "#f4f1e6")
    canvas.line([(476, 118), (476, 134)], "#20232a", 4)


def receipt(canvas: Canvas) -> None:
    """A bill on a table, one line marked."""
    canvas.band(0, HEIGHT, "#7b5a3d", "#5f432c")
    for y in range(20, HEIGHT, 46):
        canvas.line([(0, y), (WIDTH, y + canvas.chance.uniform(-8, 8))], "#00000022", 2)
    canvas.shape([(170, 20), (480, 34), (466, 470), (150, 452)], "#f5f3ec")
    canvas.box(196, 54, 330, 74, "#26292e")
    canvas.text(394, 50, "109", 22, "#2f6fa8")
    for step in range(9):
        y = 110 + step * 34
        wide = canvas.chance.uniform(70, 130)
        canvas.box(196, y, 196 + wide, y + 9, "#8b8f96")
        canvas.text(382, y - 4, f"{canvas.chance.randint(300, 9800)}.00", 13, "#3a3e45")
    canvas.oval(300, 322, 138, 24, "#d8402f40")
    canvas.box(196, 426, 270, 442, "#26292e")
    canvas.text(352, 422, "48 260.00", 18, "#b02a20")


def bus_stop(canvas: Canvas) -> None:
    """A bus stop with people and no bus."""
    street(canvas)
    canvas.box(80, 150, 460, 166, "#2f6fa8")
    canvas.box(92, 166, 100, 392, "#6b7076")
    canvas.box(440, 166, 448, 392, "#6b7076")
    canvas.box(100, 170, 440, 330, "#cfe0ea70")
    canvas.box(130, 340, 400, 352, "#8a6a45")
    coats = ["#7a2e2e", "#2e4a7a", "#3c3f45", "#5c6b3a", "#8a5a86", "#c08a3e"]
    for place, coat in enumerate(coats):
        x = 130 + place * 62
        canvas.shape([(x - 17, 400), (x - 13, 300), (x + 13, 300), (x + 17, 400)], coat)
        canvas.oval(x, 284, 13, 15, "#d8b08c")
        canvas.oval(x, 277, 14, 9, "#2b2320")
    canvas.box(540, 130, 552, 400, "#6b7076")
    canvas.box(512, 120, 580, 180, "#2f6fa8")
    canvas.text(530, 132, "A", 30, "#ffffff")


SCENES: Mapping[str, Callable[[Canvas], None]] = {
    "pothole": pothole,
    "open_manhole": open_manhole,
    "rubbish": rubbish,
    "dark_street": dark_street,
    "burst_pipe": burst_pipe,
    "snow": snow,
    "playground": playground,
    "broken_lift": broken_lift,
    "bare_wire": bare_wire,
    "stray_dogs": stray_dogs,
    "tree_fallen": tree_fallen,
    "flooded_street": flooded_street,
    "receipt": receipt,
    "bus_stop": bus_stop,
}
