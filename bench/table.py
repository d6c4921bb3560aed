"""The report: a block of rows, each figure that has a goal with the goal and whether it is met."""

from statistics import median

CLIENTS = ("raw", "raw+sign", "libcurl", "cs")
PEERS = ("raw", "raw+sign", "libcurl", "before")
MEASURES = {"wall_ns": "wall", "cpu_ns": "client CPU"}
# scheme -> measure -> peer -> the most that cs_scale_out may take, times the peer.
WARM = {
    "http": {"wall_ns": {"raw+sign": 1.45, "libcurl": 0.55}, "cpu_ns": {"libcurl": 0.6}},
    "https": {"wall_ns": {"raw+sign": 1.25, "libcurl": 0.5}, "cpu_ns": {"libcurl": 0.6}},
}
OWN = {scheme: {"wall_ns": {"libcurl": 1.05}} for scheme in ("http", "https")}
WHOLE = {"https": {"wall_ns": {"libcurl": 0.3}}}
MOST_SYSTEM_CALLS = {"http": 8, "https": 9}
MOST_INSTRUCTIONS = {"call": 65_000, "validate": 20_000}
# Of the shared library, stripped.
MOST_BYTES = 2_600_000
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
        text = f"{value:,.{digits}f}"
        if goal is None:
            return text
        self.goals += 1
        missed = round(value, digits) > goal
        self.over += missed
        return f"{text} ({goal:,} {'over' if missed else 'ok'})"

    def row(self, label, cells):
        print(f"{label:<32}" + "".join(f"{cell:>{width}}" for cell, width in cells))

    def times(self, title, seen, unit, goals):
        """`seen`: scheme -> client -> one measurement a round. Peers that nobody measured have no column."""
        measured = {client for clients in seen.values() for client in clients}
        clients = [c for c in (*CLIENTS, "before") if c in measured]
        peers = [peer for peer in PEERS if peer in measured]
        head = [("cs_scale_out" if c == "cs" else c, 14 if c == "cs" else 10) for c in clients]
        self.row(title, head + [(f"x {peer}", 17) for peer in peers])
        for scheme, rounds in seen.items():
            for measure, label in MEASURES.items():
                values = {c: [m[measure] for m in taken] for c, taken in rounds.items()}
                cells = [(f"{median(values[c]) / unit:.2f}" if c in values else "-", width)
                         for c, (_, width) in zip(clients, head)]
                for peer in peers:
                    goal = goals.get(scheme, {}).get(measure, {}).get(peer)
                    cells.append((self.judge(ratio(values, peer), goal), 17))
                self.row(f"  {scheme}, {label}", cells)
        print()

    def system_calls(self, found):
        widths = (10, 10, 10, 17)
        names = ("raw", "raw+sign", "libcurl", "cs_scale_out")
        self.row("system calls of a warm call", zip(names, widths))
        threads = {}
        for scheme in sorted({scheme for scheme, _ in found}):
            totals = {c: sum(found[scheme, c].values()) for c in CLIENTS if (scheme, c) in found}
            cells = [self.judge(totals.get(c), MOST_SYSTEM_CALLS.get(scheme) if c == "cs" else None, 1)
                     for c in CLIENTS]
            self.row(f"  {scheme}", zip(cells, widths))
            threads[scheme] = [
                self.judge(sum(found[scheme, c].get(name, 0) for name in THREADS) if c in totals else None,
                           0 if c == "cs" else None) for c in CLIENTS]
        for scheme, cells in threads.items():
            self.row(f"  {scheme}, threads started", zip(cells, widths))
        for scheme, client in found:
            if client == "cs":
                each = sorted(found[scheme, client].items(), key=lambda item: -item[1])
                print(f"  cs_scale_out over {scheme}: " + ", ".join(f"{n} {rate:.2f}" for n, rate in each))
        print()

    def instructions(self, calls, example, growth, size):
        print("instructions in user space")
        for scheme, count in calls.items():
            goal = MOST_INSTRUCTIONS["call"] if scheme == "http" else None
            print(f"  a warm call over {scheme}: {self.judge(count, goal, 0)}")
        goal = MOST_INSTRUCTIONS["validate"]
        print(f"  cs_scale_out_validate of the reference's example, warm: {self.judge(example, goal, 0)}")
        print(f"  of a document of {4 * size // 1024} KiB over one of {size // 1024} KiB (4 is linear):")
        for name, value in growth:
            print(f"    {name:<34}{self.judge(value, MOST_GROWTH)}")
        print()

    def size(self, size):
        print(f"the shared library, stripped: {self.judge(size, MOST_BYTES, 0)} bytes\n")


def ratio(values, peer):
    """The median of same-round ratios, or None without that peer."""
    if peer not in values:
        return None
    return median(ours / theirs for ours, theirs in zip(values["cs"], values[peer]))
