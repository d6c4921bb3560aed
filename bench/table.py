"""The report: a block of rows, each figure that has a goal with the goal and whether it is met."""

from statistics import median

CLIENTS = ("raw", "libcurl", "cs")
# scheme -> measure -> the goals for cs_scale_out: times the raw exchange, times libcurl.
WARM = {
    "http": {"wall_ns": (1.8, 0.75), "cpu_ns": (None, 0.6)},
    "https": {"wall_ns": (1.5, 0.6), "cpu_ns": (None, 0.6)},
}
WHOLE = {
    "http": {"wall_ns": (None, None), "cpu_ns": (None, None)},
    "https": {"wall_ns": (None, 0.3), "cpu_ns": (None, None)},
}
MEASURES = {"wall_ns": "wall", "cpu_ns": "client CPU"}
MOST_SYSTEM_CALLS = {"http": 5}
# Four times the bytes: 4 is linear; beyond this something looks at everything for each thing.
MOST_GROWTH = 5
THREADS = ("clone", "clone3", "fork", "vfork")


class Table:
    """Prints as it goes, and counts the goals."""

    def __init__(self):
        self.goals = self.over = 0

    def judge(self, value, goal, digits=2):
        """`value`, and where there is a goal, `goal` and how it went."""
        if value is None:
            return "-"
        text = f"{value:.{digits}f}"
        if goal is None:
            return text
        self.goals += 1
        missed = round(value, digits) > goal
        self.over += missed
        return f"{text} ({goal:g} {'over' if missed else 'ok'})"

    def row(self, label, cells):
        widths = (9, 9, 15, 17, 18)
        print(f"{label:<36}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths)))

    def times(self, title, seen, unit, goals):
        self.row(title, ("raw", "libcurl", "cs_scale_out", "x raw (goal)", "x libcurl (goal)"))
        for scheme, clients in seen.items():
            for measure, label in MEASURES.items():
                values = {c: [m[measure] for m in rounds] for c, rounds in clients.items()}
                cells = [f"{median(values[c]) / unit:.2f}" if c in values else "-" for c in CLIENTS]
                for peer, goal in zip(("raw", "libcurl"), goals[scheme][measure]):
                    cells.append(self.judge(ratio(values, peer), goal))
                self.row(f"  {scheme}, {label}", cells)
        print()

    def system_calls(self, found):
        self.row("system calls of a warm call", ("raw", "libcurl", "cs_scale_out"))
        threads = {}
        for scheme in sorted({scheme for scheme, _ in found}):
            totals = {c: sum(found[scheme, c].values()) for c in CLIENTS if (scheme, c) in found}
            cells = [self.judge(totals.get(c), MOST_SYSTEM_CALLS.get(scheme) if c == "cs" else None, 1)
                     for c in CLIENTS]
            self.row(f"  {scheme}", cells)
            threads[scheme] = [
                self.judge(sum(found[scheme, c].get(name, 0) for name in THREADS) if c in totals else None,
                           0 if c == "cs" else None) for c in CLIENTS]
        for scheme, cells in threads.items():
            self.row(f"  {scheme}, threads started", cells)
        for scheme, client in found:
            if client == "cs":
                each = sorted(found[scheme, client].items(), key=lambda item: -item[1])
                print(f"  cs_scale_out over {scheme}: " + ", ".join(f"{n} {rate:.2f}" for n, rate in each))
        print()

    def instructions(self, example, growth, size):
        print("instructions of cs_scale_out_validate")
        print(f"  the reference's example, warm: {example:,.0f}")
        print(f"  a document of {4 * size // 1024} KiB over one of {size // 1024} KiB (4 is linear):")
        for name, value in growth:
            print(f"    {name:<34}{self.judge(value, MOST_GROWTH)}")
        print()


def ratio(values, peer):
    """The median of same-round ratios, or None without that peer."""
    if peer not in values:
        return None
    return median(ours / theirs for ours, theirs in zip(values["cs"], values[peer]))
