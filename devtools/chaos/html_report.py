"""The report as an HTML page that needs no other file."""

from html import escape
from typing import Any

from devtools.chaos.timeline import Bar, svg

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --paper: #fff; --muted: #66727f; --line: #e3e7eb;
  --placed: #2563a8; --ended: #1f8a5b; --fault: #c2452d; --calm: #1f8a5b14; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --paper: #14191f; --muted: #93a0ad;
  --line: #2a323b; --placed: #6db0f2; --ended: #55c898; --fault: #f08066; --calm: #55c89818; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; min-width: 40rem; }
svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .muted { fill: var(--muted); }
svg path { fill: none; stroke-width: 2; } svg path.placed { stroke: var(--placed); }
svg path.ended { stroke: var(--ended); } svg text.placed { fill: var(--placed); }
svg text.ended { fill: var(--ended); } svg .grid { stroke: var(--line); }
svg .fault { fill: var(--fault); } svg .calm { fill: var(--calm); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .6rem;
  border-bottom: 1px solid var(--line); vertical-align: top; } td.number { text-align: right; }
.bad { color: var(--fault); font-weight: 600; } .scroll { overflow-x: auto; }
"""


def html_report(report: dict[str, Any], placed: list[float], ended: list[float]) -> str:
    """Return the page of a run's report; `placed` and `ended` are seconds from its start."""
    title = f"Chaos, seed {report['seed']}, {report['broker']}"
    result = "Clean" if report["ok"] else '<span class="bad">Broken</span>'
    bars = [Bar(f["fault"], f["target"], f["began"], f["ended"]) for f in report["faults"]]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{result}. {_summary(report)}</p>"
        f'<div class="scroll">{svg(placed, ended, bars, report["calm_at"])}</div>'
        f"<h2>What was asked</h2>{_checks(report['checks'])}"
        f"<h2>What was done</h2>{_faults(report['faults'])}</body></html>"
    )


def _summary(report: dict[str, Any]) -> str:
    ends = ", ".join(f"{count} {state}" for state, count in sorted(report["ends"].items()))
    settled = report["settled_at"]
    when = f"all settled after {settled:g} s" if settled else "not settled"
    return (
        f"{report['placed']} of {report['orders']} shoppers ordered ({ends}), "
        f"{len(report['refused'])} were refused; {report['reactions']} reactions, "
        f"{report['sent_again']} sent again; {len(report['faults'])} faults in "
        f"{report['calm_at']:g} s, {when}."
    )


def _checks(checks: list[dict[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td>{'ok' if check['ok'] else '<span class=bad>broken</span>'}</td>"
        f'<td class="number">{check["checked"]}</td><td>{escape(check["name"])}'
        f"{''.join(f'<br>{escape(found)}' for found in check['found'][:10])}</td></tr>"
        for check in checks
    )
    return _table("<tr><th></th><th>checked</th><th></th></tr>", rows)


def _faults(faults: list[dict[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td class="number">{f["began"]:.0f} s</td><td class="number">'
        f"{f['ended'] - f['began']:.0f} s</td><td>{escape(f['fault'])} {escape(f['target'])}</td>"
        f"<td>{escape(f['trouble'])}</td></tr>"
        for f in faults
    )
    return _table("<tr><th>at</th><th>for</th><th>fault</th><th></th></tr>", rows)


def _table(heads: str, rows: str) -> str:
    return f'<div class="scroll"><table>{heads}{rows}</table></div>'
