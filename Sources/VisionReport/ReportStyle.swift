/// The style sheet of reports: one column, light or dark according to the reader's system, suitable for
/// phones.
package enum ReportStyle {
  /// The colors on white paper. Text has a contrast of 4.5:1 or more on everything that it stands on, in both modes.
  static let light =
    "--ink:#1c2026;--soft:#5d6470;--paper:#fff;--card:#f5f6f8;--rule:#dfe3e8;--link:#2563c9;--bar:#d6e4fb;"
    + "--right:37 99 201;--wrong:209 89 15"

  /// The colors of the dark mode.
  static let dark =
    "--ink:#e7eaef;--soft:#a9b0bc;--paper:#15181d;--card:#1f242b;--rule:#363c46;--link:#8ab4ff;--bar:#2a436b;"
    + "--right:98 152 240;--wrong:240 140 70"

  /// The most of its color that a cell with a number gets, so that the number can be read.
  package static let strongest = 0.55

  /// The share of the color for a cell with so large a part of its row. The square root makes single mistakes visible next to a
  /// hundred right answers.
  package static func strength(_ share: Double) -> Double { 0.1 + (strongest - 0.1) * share.squareRoot() }

  package static let sheet = """
    :root{color-scheme:light dark;\(light)}
    @media(prefers-color-scheme:dark){:root{\(dark)}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
    body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:70rem;background:var(--paper);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
    h1{margin:0 0 .3rem;font-size:1.9rem;line-height:1.2}
    h2{margin:0 0 .2rem;font-size:1.35rem;line-height:1.3}
    h3{margin:1.4rem 0 .5rem;font-size:1.02rem}
    p{margin:.5rem 0;max-width:46rem}
    section{margin:2.2rem 0 0;padding:1.4rem 0 0;border-top:1px solid var(--rule)}
    .lead{font-size:1.05rem}.how,.note,footer,small{color:var(--soft)}.note{border-left:3px solid var(--rule);padding-left:.7rem}
    .warning{border-left:4px solid rgb(var(--wrong));padding:.4rem .7rem;background:var(--card)}
    a{color:var(--link)}
    nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin-top:1rem;font-size:.92rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.6rem;margin:1rem 0}
    .tile{padding:.6rem .8rem;border-radius:.5rem;background:var(--card)}
    .tile span,.tile small{display:block;color:var(--soft);font-size:.82rem;line-height:1.35}
    .tile b{font-size:1.45rem;line-height:1.3;font-variant-numeric:tabular-nums}
    .tile.main{outline:2px solid var(--link)}
    code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
    .try code{display:inline-block;padding:.25rem .5rem;border-radius:.3rem;background:var(--card)}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.2rem;margin:.8rem 0}
    .wide{overflow-x:auto;margin:.8rem 0}.wide:focus-visible{outline:2px solid var(--link)}
    .beside{display:flex;flex-wrap:wrap;gap:0 3rem;align-items:flex-start}.beside>div{min-width:0}.beside h3:first-child{margin-top:.8rem}
    .charts .wide{max-height:20rem;overflow-y:auto}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.93rem}
    th{font-weight:600;text-align:left;color:var(--soft)}
    th,td{padding:.3rem .6rem;vertical-align:top;border-bottom:1px solid var(--rule)}
    .n{text-align:right;white-space:nowrap}
    .bars{min-width:min(100%,34rem)}.bars td:first-child{min-width:6.5rem}
    td small{display:block;font-size:.78rem;line-height:1.2}
    .bar{min-width:4.6rem;background:linear-gradient(to right,var(--bar) var(--v),transparent 0) no-repeat 0 100%/100% 4px}
    .path{overflow-wrap:anywhere;min-width:9rem}
    .confusion th[scope=col]{padding:.2rem;vertical-align:bottom;text-align:left}
    .confusion th[scope=col] span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:13rem;overflow-wrap:anywhere;\
    display:inline-block}
    .confusion th[scope=row]{position:sticky;left:0;z-index:1;min-width:5.5rem;max-width:14rem;overflow-wrap:anywhere;background:var(--paper);\
    text-align:right;vertical-align:middle}
    .confusion .corner{font-weight:400;font-size:.78rem;vertical-align:bottom;text-align:right;white-space:normal;max-width:8rem}
    .confusion td{padding:0;width:2.3rem;min-width:2.1rem;height:2.1rem;text-align:center;vertical-align:middle;border:1px solid var(--rule)}
    .confusion .right{background:rgb(var(--right)/var(--a))}.confusion .wrong{background:rgb(var(--wrong)/var(--a))}
    .map{max-width:34rem}.confusion-map{display:block;width:100%;height:auto;border:1px solid var(--rule)}
    .confusion-map .back{fill:var(--card)}.confusion-map .right{fill:rgb(var(--right))}.confusion-map .wrong{fill:rgb(var(--wrong))}
    .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));gap:1rem;margin:1rem 0}
    .cards.small{grid-template-columns:repeat(auto-fill,minmax(10rem,1fr))}
    figure{margin:0;padding:.6rem;border-radius:.5rem;background:var(--card)}
    .pair{display:flex;gap:.4rem;align-items:flex-start}
    .pair img{flex:1 1 0;min-width:0;width:100%;height:auto;max-height:15rem;object-fit:contain;border-radius:.25rem}
    .pair .tiny{image-rendering:pixelated}
    figcaption{margin-top:.4rem;font-size:.9rem;line-height:1.4}
    figcaption small{display:block;font-size:.78rem}
    .gone{color:var(--soft)}
    details{margin:.5rem 0}summary{cursor:pointer;color:var(--link)}
    footer{margin-top:3rem;font-size:.85rem}
    @media(max-width:40rem){body{font-size:15px;padding-top:1rem}.bars{font-size:.85rem}th,td{padding:.28rem .4rem}\
    .bars{min-width:0}.bars th,.bars td{padding:.28rem .25rem}.bars td:first-child{min-width:4.6rem}.bar{min-width:3rem}\
    .confusion{font-size:.76rem}.confusion th{padding:.15rem}.confusion th[scope=row]{min-width:5rem;max-width:6rem}\
    .confusion th[scope=col] span{max-height:9rem}.confusion td{width:1.65rem;min-width:1.65rem;height:1.8rem}}
    @media print{:root{color-scheme:light;\(light)}nav{display:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}\
    body{max-width:none;font-size:11pt;padding:0}section,.charts>div,figure,.tile,tr{break-inside:avoid}section:has(.cards,.foldable){break-inside:auto}\
    h2,h3,.how{break-after:avoid}.how{break-inside:avoid}.charts{display:block}.charts>div{break-inside:auto;margin:0 0 1rem}.charts .wide table{font-size:.8rem}\
    .wide,.charts .wide{overflow:visible;max-height:none}\
    details::details-content{content-visibility:visible;block-size:auto}summary{color:var(--soft)}}
    """
}
