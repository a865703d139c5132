/** The page's styles: one column on phones, two on wide screens, light or dark by preference, no animation. */

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
button{cursor:pointer;min-height:2rem;overflow-wrap:anywhere}
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
.results:has(#problem:not([hidden])) :is(#result,#curve,#explanation),.problem:not([hidden])~:is(svg,[role=list]){opacity:.65;filter:grayscale(1)}
[aria-invalid=true]{border-color:var(--bad)!important;box-shadow:0 0 0 1px var(--bad)}
.headline{font-size:1.9rem;font-weight:650;line-height:1.2;margin:0 0 .8rem;overflow-wrap:anywhere}
[role=list]{display:grid;grid-template-columns:fit-content(45%) 1fr auto;column-gap:.8rem}
.row{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:center;padding:.15rem 0}
.row .name{overflow-wrap:anywhere}
.row.chosen{font-weight:650}
.row .number{text-align:right;white-space:nowrap}
.track{position:relative;height:.8rem;background:color-mix(in srgb,var(--ink) 8%,transparent);border-radius:.2rem;overflow:hidden}
.bar{position:absolute;top:0;bottom:0;background:var(--accent)}
.bar.less{background:var(--c1)}
.track:has(.signed)::after{content:'';position:absolute;left:50%;top:0;bottom:0;border-left:1px solid var(--soft)}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--soft);font-size:13px}
svg .grid{stroke:var(--line)}
svg .line{fill:none;stroke-width:2.5;stroke-linejoin:round}
svg .marker{stroke:var(--soft);stroke-width:1}
svg .dot{fill:var(--panel);stroke-width:2.5;stroke-dasharray:none}
.color-0{stroke:var(--c0)}.color-1{stroke:var(--c1)}.color-2{stroke:var(--c2)}.color-3{stroke:var(--c3)}.color-4{stroke:var(--c4)}.color-5{stroke:var(--c5)}
.line.color-1{stroke-dasharray:9 3}.line.color-2{stroke-dasharray:3 3}.line.color-3{stroke-dasharray:9 3 3 3}.line.color-4{stroke-dasharray:14 4}.line.color-5{stroke-dasharray:5 2}
.legend{display:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:.4rem 0 0}
.swatch{display:inline-block;width:1.75rem;height:.4rem;margin-right:.5rem;vertical-align:middle}
.legend li{overflow-wrap:anywhere}
details{border-top:1px solid var(--line);padding:.5rem 0}
summary{cursor:pointer;font-weight:600}
pre{overflow:auto;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;padding:.7rem;font-size:.85rem;white-space:pre}
.card{display:grid;gap:0 2rem}
.card>div{min-width:0}
dl{display:grid;grid-template-columns:minmax(5rem,10rem) minmax(0,1fr);gap:.1rem 1rem;margin:0}
dd{margin:0}dt,dd{overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.matrix{border-collapse:collapse;margin-top:.8rem}
.matrix caption{text-align:left;padding-bottom:.3rem}
.matrix th,.matrix td{padding:.35rem .8rem;text-align:right;font-weight:500}
.matrix th{overflow-wrap:anywhere;min-width:6rem}
.matrix thead th{color:var(--soft);font-size:.875rem}
.matrix tbody td{border:1px solid var(--line);min-width:3.5rem;color:var(--ink)}
${levels.join('\n')}
@media (max-width:30rem){[role=list]{grid-template-columns:1fr auto}.row{padding:.3rem 0}.row .track{grid-area:2/1/3/3}}
@media (min-width:56rem) and (min-height:40rem){.columns{align-items:stretch}.columns>.panel{align-self:start}.prediction{position:sticky;top:0;z-index:1}html{scroll-padding-top:24rem}}
@media (min-width:56rem){.columns{grid-template-columns:minmax(18rem,2fr) 3fr}.card{grid-template-columns:1fr 1fr}}
`;
