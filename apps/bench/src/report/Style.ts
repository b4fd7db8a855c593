/** The page's style sheet. Colours are those that the eye tells apart on both backgrounds. */
export const style = `:root {
  color-scheme: light dark;
  --ground: #ffffff; --ink: #1c2024; --muted: #5c656e; --line: #d9dee3; --panel: #f6f8fa;
  --portico: #2563b8; --effect: #b3600c; --host: #8a949e;
  --program: #2f8f6b; --collector: #8f5bb3; --rest: #d3d9de;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --ink: #e6e9ec; --muted: #9aa4ad; --line: #333a41; --panel: #1c2126;
    --portico: #6aa5f0; --effect: #e39a4e; --host: #77818b;
    --program: #58bd94; --collector: #b98add; --rest: #3a424a;
  }
}
body {
  font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
  max-width: 1000px; margin: 2rem auto; padding: 0 1rem;
}
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { margin: 2rem 0 .3rem; }
h3 + p { margin-top: 0; color: var(--muted); }
pre { background: var(--panel); padding: .6rem .8rem; overflow-x: auto; border-radius: 4px; }
nav { display: flex; flex-wrap: wrap; gap: .4rem 1rem; }
a { color: var(--portico); }
.plots {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
  gap: 1rem 2rem;
}
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .title { fill: var(--muted); }
svg .name { text-anchor: end; }
svg .value { font-variant-numeric: tabular-nums; }
svg .axis, svg .whisker { fill: none; stroke: var(--line); }
svg .whisker { stroke: var(--ink); stroke-width: 1.2; }
svg .portico rect { fill: var(--portico); }
svg .effect rect { fill: var(--effect); }
svg .host rect, rect.host { fill: var(--host); }
rect.portico { fill: var(--portico); }
rect.effect { fill: var(--effect); }
rect.program { fill: var(--program); }
rect.collector { fill: var(--collector); }
rect.rest { fill: var(--rest); }
svg.stack { grid-column: 1 / -1; }
.legend span::before {
  content: ""; display: inline-block; width: .8em; height: .8em; margin: 0 .35em 0 .8em;
  background: var(--host);
}
.legend .portico::before { background: var(--portico); }
.legend .effect::before { background: var(--effect); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td {
  padding: .25rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap;
  text-align: right;
}
th:first-child { text-align: left; font-weight: 600; }
thead th { color: var(--muted); font-weight: 400; }
summary { cursor: pointer; color: var(--muted); }
.small { color: var(--muted); font-size: 13px; }`
