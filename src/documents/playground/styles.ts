/** How the page looks: one column on a phone, two on a screen, light or dark as the reader has it. */

const levels = Array.from(
  { length: 10 },
  (_, level) => `.level-${level}{background:color-mix(in srgb,var(--accent) ${level * 5}%,transparent)}`,
);

export const styles = `
:root{--paper:#fbfaf8;--panel:#fff;--ink:#1d2433;--soft:#566072;--line:#dfe1e6;--accent:#2457c5;--warn:#8a4b00;--bad:#a3161f;
--c0:#2457c5;--c1:#b4560b;--c2:#1a7a4c;--c3:#8a3aa8;--c4:#0d7288;--c5:#a3265e}
@media (prefers-color-scheme:dark){:root{--paper:#12151c;--panel:#1a1f29;--ink:#e8eaf0;--soft:#a6afbf;--line:#333b4a;--accent:#8ab0ff;
--warn:#ffb86b;--bad:#ff9aa0;--c0:#8ab0ff;--c1:#ffab6b;--c2:#6fd6a2;--c3:#d8a1f0;--c4:#6fd0e3;--c5:#ff9ac3}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
header,main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 0}
main{padding-bottom:3rem}
h1{font-size:2rem;line-height:1.2;margin:.2rem 0 .4rem;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:0 0 .8rem}
h3{font-size:.95rem;margin:1.2rem 0 .3rem}
p{margin:.3rem 0 .8rem}
.eyebrow,.hint,.unit,.range,dt,caption{color:var(--soft);font-size:.875rem}
.eyebrow{margin:0}
.lead{max-width:44rem;margin:0 0 .6rem}
a{color:var(--accent);margin-right:1rem}
.columns{display:grid;gap:1rem;margin-bottom:1rem;align-items:start}
.results{display:grid;gap:1rem;align-content:start;min-width:0}
.panel{background:var(--panel);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem;min-width:0}
.panel[hidden]{display:none}
.samples{display:flex;flex-wrap:wrap;gap:.4rem;margin-bottom:1rem}
button,select,input[type=text]{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.3rem .6rem;max-width:100%}
button{cursor:pointer;min-height:2rem}
button:hover{border-color:var(--accent);color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.field{display:grid;grid-template-columns:1fr auto;gap:.1rem .8rem;align-items:baseline;padding:.6rem 0;border-top:1px solid var(--line)}
.field label{font-weight:600;overflow-wrap:anywhere}
.field .range{text-align:right}
.field input{grid-column:1/-1}
.field input[type=text]{width:100%;padding:.4rem .6rem}
.field input[type=checkbox]{justify-self:start;width:1.2rem;height:1.2rem}
.field input[type=range]{width:100%;accent-color:var(--accent);margin:.3rem 0 0}
.field p{grid-column:1/-1;margin:0}
.warning{color:var(--warn);font-size:.9rem}
.problem{border-left:4px solid var(--bad);padding:.2rem .8rem;margin-bottom:.8rem;overflow-wrap:anywhere}
.problem strong{color:var(--bad)}
.problem ul{margin:.2rem 0;padding-left:1.1rem}
.stale{opacity:.45}
.headline{font-size:1.9rem;font-weight:650;line-height:1.2;margin:0 0 .8rem;overflow-wrap:anywhere}
.row{display:grid;grid-template-columns:minmax(4.5rem,9rem) 1fr 4.6rem;gap:.6rem;align-items:center;padding:.15rem 0}
.row .name{overflow-wrap:anywhere}
.row.chosen{font-weight:650}
.row .number{text-align:right;white-space:nowrap}
.track{position:relative;height:.8rem;background:color-mix(in srgb,var(--ink) 8%,transparent);border-radius:.2rem;overflow:hidden}
.track.both{border-left:0}
.bar{position:absolute;inset:0 auto 0 0;background:var(--accent);transition:width .15s}
.both .bar{transition:none}
.bar.less{background:var(--c1)}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:13px}
svg .grid{stroke:var(--line)}
svg .line{fill:none;stroke-width:2.5}
svg .marker{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:4 4}
.color-0{stroke:var(--c0);background:var(--c0)}.color-1{stroke:var(--c1);background:var(--c1)}.color-2{stroke:var(--c2);background:var(--c2)}
.color-3{stroke:var(--c3);background:var(--c3)}.color-4{stroke:var(--c4);background:var(--c4)}.color-5{stroke:var(--c5);background:var(--c5)}
.empty svg,.empty .legend{display:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:.4rem 0 0}
.swatch{display:inline-block;width:.9rem;height:.25rem;margin-right:.4rem;vertical-align:middle}
details{border-top:1px solid var(--line);padding:.5rem 0}
summary{cursor:pointer;font-weight:600}
pre{overflow:auto;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;font-size:.85rem;white-space:pre}
.card{display:grid;gap:0 2rem}
.card>div{min-width:0}
dl{display:grid;grid-template-columns:minmax(5rem,10rem) minmax(0,1fr);gap:.1rem 1rem;margin:0}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.matrix{border-collapse:collapse;margin-top:.8rem}
.matrix caption{text-align:left;padding-bottom:.3rem}
.matrix th,.matrix td{padding:.35rem .8rem;text-align:right;font-weight:500}
.matrix thead th{color:var(--soft);font-size:.875rem}
.matrix tbody td{border:1px solid var(--line);min-width:3.5rem;color:var(--ink)}
${levels.join('\n')}
@media (min-width:56rem){.columns{grid-template-columns:minmax(18rem,2fr) 3fr}.card{grid-template-columns:1fr 1fr}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;
