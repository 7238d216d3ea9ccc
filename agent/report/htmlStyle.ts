/** The look of the HTML report: light and dark as the reader's system is, fit for print. */
export const htmlStyle = `
:root { color-scheme: light dark; --ink: #1f2328; --dim: #59636e; --line: #d1d9e0; --paper: #fff; --soft: #f6f8fa;
  --passed: #1a7f37; --failed: #d1242f; --stopped: #9a6700; --idle: #818b98; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9198a1; --line: #3d444d; --paper: #0d1117;
  --soft: #151b23; --passed: #3fb950; --failed: #f85149; --stopped: #d29922; --idle: #656c76; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
.outcome { margin: .2rem 0 1.4rem; font-size: 1.05rem; }
.passed { color: var(--passed); } .failed, .interrupted { color: var(--failed); } .cancelled { color: var(--stopped); }
.skipped, .not-run, .pending, .dim { color: var(--dim); } .running { color: var(--ink); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
.timeline { border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem .2rem; }
.row { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr 5.5rem; gap: .8rem; align-items: center;
  padding: .12rem 0; color: inherit; text-decoration: none; border-radius: 4px; }
.row:hover, .row:focus-visible { background: var(--soft); outline: none; }
.row > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row > :last-child { text-align: right; color: var(--dim); font-variant-numeric: tabular-nums; white-space: nowrap; }
.track { position: relative; height: .9rem; background: var(--soft); border-radius: 3px; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--idle); }
.bar.passed { background: var(--passed); } .bar.failed, .bar.interrupted { background: var(--failed); }
.bar.cancelled { background: var(--stopped); }
.axis { height: 1.3rem; background: none; font-size: .75rem; color: var(--dim); }
.axis span { position: absolute; top: 0; border-left: 1px solid var(--line); padding-left: .25rem; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; }
summary { padding: .5rem .8rem; cursor: pointer; } summary .dim { float: right; }
details > div { padding: 0 .8rem .6rem; scroll-margin-top: 4rem; }
pre { margin: .5rem 0; padding: .6rem .8rem; overflow: auto; max-height: 30rem; background: var(--soft);
  border-radius: 6px; font: 13px/1.45 ui-monospace, monospace; }
.earlier { margin: .5rem 0; } .earlier summary { color: var(--dim); } .earlier pre { margin: 0; }
@media (max-width: 40rem) { body { padding: 1rem .8rem 3rem; } dl { column-gap: .8rem; }
  .row { grid-template-columns: 1fr max-content; gap: 0 .8rem; padding: .25rem 0; }
  .row > .track { grid-area: 2 / 1 / 3 / 3; } .row > .axis { grid-row: 1; }
  .axis span:nth-child(even) { display: none; }
  .axis .late { transform: translateX(-100%); border: 0; padding: 0; }
  summary .dim { float: none; display: block; } }
@media print { details::details-content { content-visibility: visible; block-size: auto; }
  pre { max-height: none; white-space: pre-wrap; } }
`;
