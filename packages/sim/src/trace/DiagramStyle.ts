/** How a diagram looks, in light and in dark. */
const light = `
  --ground: #ffffff; --raised: #f6f7f9; --ink: #1b1f24; --soft: #5c6670; --faint: #c9d0d8;
  --hair: #eceff3; --data: #1f6fd0; --quiet: #8a949f; --udp: #7a4fc4; --bad: #cf222e;
  --good: #1a7f37; --warn: #9a6700; --band: #fff1d6; --band-edge: #e0b252; --accent: #b0480a;
  --bar: #d7e8fb; --bar-edge: #5c9be0; --open: #eceff3; --shade: rgba(20, 30, 45, 0.12);`

const dark = `
  --ground: #0f1318; --raised: #171c23; --ink: #e4e9ef; --soft: #98a4b1; --faint: #3d4752;
  --hair: #1b212a; --data: #69aef8; --quiet: #7c8894; --udp: #b794f6; --bad: #ff7b72;
  --good: #56d364; --warn: #e3b341; --band: #2a2312; --band-edge: #7d6226; --accent: #ffa657;
  --bar: #14304f; --bar-edge: #4a8ad4; --open: #20262e; --shade: rgba(0, 0, 0, 0.5);`

const page = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 13px/1.45 system-ui, "Segoe UI", Roboto, sans-serif; }
header { position: sticky; top: 0; z-index: 2; background: var(--ground);
  border-bottom: 1px solid var(--faint); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 10px 16px 6px;
  position: sticky; left: 0; max-width: 100vw; }
h1 { font-size: 15px; margin: 0; font-weight: 650; }
.facts { color: var(--soft); }
.facts b { color: var(--ink); font-weight: 600; }
.facts .bad b { color: var(--bad); }
.tools { margin-left: auto; display: flex; gap: 8px; align-items: center; }
button, input { font: inherit; color: inherit; background: var(--raised);
  border: 1px solid var(--faint); border-radius: 6px; padding: 3px 9px; }
button { cursor: pointer; }
button[aria-pressed="true"] { background: var(--ink); color: var(--ground);
  border-color: var(--ink); }
input { width: 15em; }
.found { color: var(--soft); min-width: 4.5em; font-variant-numeric: tabular-nums; }
.legend { color: var(--soft); padding: 0 16px 6px; display: flex; flex-wrap: wrap; gap: 2px 14px;
  position: sticky; left: 0; max-width: 100vw; font-size: 12px; }
.legend svg { vertical-align: -3px; margin-right: 4px; }
pre.story { margin: 8px 16px; padding: 8px 12px; background: var(--raised); border-radius: 6px;
  border-left: 3px solid var(--bad); overflow-x: auto; font: 12px/1.5 ui-monospace, monospace;
  position: sticky; left: 16px; max-width: min(110ch, 96vw); }
main { padding: 0 16px 120px; }
header .headings { margin: 0 16px; display: block; }
.figure { display: block; }
.figure[hidden] { display: none; }
.definitions { position: absolute; }
#detail { position: fixed; right: 12px; bottom: 12px; z-index: 3; width: min(430px, 92vw);
  background: var(--raised); border: 1px solid var(--faint); border-radius: 8px;
  padding: 9px 12px; font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; max-height: 44vh; overflow-y: auto;
  box-shadow: 0 4px 18px var(--shade); }
#detail:empty { display: none; }
#detail b { color: var(--accent); font-weight: 600; }
#detail i { color: var(--soft); font-style: normal; }`

const figure = `
svg text { font: 11px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--ink); }
svg .label, svg .band, svg .skip { paint-order: stroke; stroke: var(--ground); stroke-width: 3px;
  stroke-linejoin: round; }
.host { font-weight: 650; font-size: 13px; }
.client { fill: var(--soft); font-size: 12px; }
.time { fill: var(--soft); font-variant-numeric: tabular-nums; font-size: 10.5px; }
.break { fill: var(--soft); font-size: 16px; }
.skip { fill: var(--warn); font-style: italic; }
.row { stroke: var(--hair); }
.lane { stroke: var(--quiet); stroke-width: 1.5; }
.lane.down { stroke: var(--faint); stroke-dasharray: 1 6; stroke-linecap: round; }
.lane.client { stroke: var(--faint); stroke-width: 1; }
rect.hatch { fill: url(#hatch); stroke: var(--warn); stroke-width: 1; }
.hatching { stroke: var(--warn); stroke-width: 1; fill: none; }
rect.band { fill: var(--band); stroke: var(--band-edge); stroke-dasharray: 4 3; }
text.band { fill: var(--warn); font-weight: 600; stroke: var(--band); }
.packet { fill: none; stroke-width: 1.4; }
.packet.data { stroke: var(--data); } .head.data, .dot.data { fill: var(--data); }
.packet.udp { stroke: var(--udp); } .head.udp, .dot.udp { fill: var(--udp); }
.packet.rst { stroke: var(--bad); stroke-width: 2; } .head.rst, .dot.rst { fill: var(--bad); }
.packet.quiet { stroke: var(--quiet); stroke-width: 1; }
.head.quiet, .dot.quiet { fill: var(--quiet); }
.packet.held { stroke-dasharray: 6 4; } .packet.again { stroke-dasharray: 8 3 2 3; }
.packet.wake { stroke-dasharray: 2 3; } .packet.flying { stroke-dasharray: 2 4; }
.packet.lost { stroke-dasharray: none; opacity: 0.75; }
.label.data { fill: var(--data); } .label.udp { fill: var(--udp); }
.label.rst { fill: var(--bad); font-weight: 600; } .label.quiet { fill: var(--quiet); }
path.drop { stroke: var(--bad); stroke-width: 2; }
path.hold { stroke: var(--soft); stroke-width: 2; }
path.crash { stroke: var(--bad); stroke-width: 3.5; stroke-linecap: round; }
.label.crash { fill: var(--bad); font-weight: 700; font-size: 12px; }
circle.restart { fill: var(--ground); stroke: var(--good); stroke-width: 2.5; }
.label.restart { fill: var(--good); font-weight: 600; }
.label.lost { fill: var(--bad); text-decoration: line-through; }
.run { fill: var(--ground); stroke: var(--quiet); } .label.run { fill: var(--quiet); }
line.write { stroke: var(--quiet); stroke-width: 2; } .label.write { fill: var(--soft); }
line.fsync { stroke: var(--good); stroke-width: 4; stroke-linecap: round; }
.label.fsync { fill: var(--good); font-weight: 600; }
path.pause { stroke: var(--warn); stroke-width: 3; } path.resume { fill: var(--warn); }
.label.pause, .label.resume { fill: var(--warn); font-weight: 600; }
path.fault { fill: var(--warn); }
.label.fault, .label.signal { fill: var(--warn); font-weight: 600; }
circle.clock { fill: var(--ground); stroke: var(--warn); stroke-width: 1.5; }
path.hand { stroke: var(--warn); fill: none; }
.label.clockStep { fill: var(--warn); font-weight: 600; }
rect.note { fill: var(--soft); } .label.note { font-style: italic; }
circle.decision { fill: var(--accent); }
circle.decision.minor { fill: var(--accent); opacity: 0.55; }
text.number { fill: var(--ground); font-weight: 700; font-size: 10px; }
.label.decision { fill: var(--accent); }
line.violation { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 3; }
rect.violation { fill: var(--bad); } text.violation { fill: var(--ground); font-weight: 700; }
rect.operation { fill: var(--bar); stroke: var(--bar-edge); }
rect.operation.unknown { fill: var(--open); stroke: var(--quiet); stroke-dasharray: 3 3; }
rect.operation.failed { fill: none; stroke: var(--faint); }
rect.operation.stuck { fill: var(--bad); stroke: var(--bad); }
.label.failed, .label.unknown { fill: var(--soft); }
.label.stuck { fill: var(--bad); font-weight: 700; }
circle.end { fill: var(--bar-edge); }
.point { fill: var(--ink); stroke: var(--ground); stroke-width: 1.5; pointer-events: none; }`

const interaction = `
.e { cursor: pointer; transition: opacity 0.1s; }
.focus .e { opacity: 0.13; } .focus .e.past { opacity: 0.55; }
.focus .e.chain, .focus .e.here { opacity: 1; }
.focus .points, .focus .times { opacity: 0.35; }
.e.here .packet, .e.chain .packet { stroke-width: 2.6; }
.e.here text { text-decoration: underline; }
.hit text { text-decoration: underline 2px var(--accent); }
.hit .dot, .hit .run { stroke: var(--accent); stroke-width: 3; }
@media (prefers-reduced-motion: reduce) { .e { transition: none; } }`

export const diagramStyle = `:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
${page}${figure}${interaction}
`
