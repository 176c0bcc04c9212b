/** The readable page's style: the colours of `app.css`, for a page that loads nothing. */
export const docsStyle = `
:root{color-scheme:light dark;--canvas:light-dark(#f5f4f0,#141311);--surface:light-dark(#fff,#1e1d1a);--sunken:light-dark(#eceae4,#282622);--line:light-dark(#dddad2,#38352f);--ink:light-dark(#1b1a17,#f5f3ec);--ink2:light-dark(#55524a,#c2bdb1);--get:light-dark(#e4edfa,#15263f);--get-text:light-dark(#17498f,#9cc4ff);--post:light-dark(#eee7fa,#2a1d45);--post-text:light-dark(#52309a,#cdb4ff);--lift:0 1px 2px light-dark(rgb(27 26 23/.06),transparent),0 0 0 1px light-dark(rgb(27 26 23/.06),#38352f)}
*{box-sizing:border-box}
html{scroll-padding-top:16px}
body{margin:0;background:var(--canvas);color:var(--ink);font:16px/24px "Inter Variable",Inter,system-ui,sans-serif}
a{color:inherit;text-underline-offset:4px}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
code,pre{font:14px/20px ui-monospace,"SF Mono",Menlo,Consolas,monospace}
h1{margin:0;font-size:28px;line-height:36px;letter-spacing:-.02em}
h2{margin:48px 0 0;font-size:22px;line-height:30px}
h3{margin:0;font-size:18px;line-height:24px}
p{margin:8px 0;max-width:72ch}
small{color:var(--ink2);font-size:13px}
.lead{color:var(--ink2)}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:16px;background:var(--surface);padding:8px 12px}
nav{padding:20px 16px;background:var(--surface);border-bottom:1px solid var(--line);font-size:14px;line-height:20px}
nav .name{margin:0 0 8px;font-weight:700;font-size:16px}
nav ul{list-style:none;margin:0;padding:0}
nav ul ul{display:none}
nav a{display:inline-block;padding:4px 0;text-decoration:none;color:var(--ink2)}
nav>ul>li>a{color:var(--ink);font-weight:600}
nav a:hover{text-decoration:underline}
main{padding:20px 16px 96px;max-width:1000px;min-width:0}
main:focus{outline:none}
.card{margin:16px 0;padding:16px 20px;background:var(--surface);border-radius:16px;box-shadow:var(--lift);overflow-wrap:break-word}
dd,.call{overflow-wrap:anywhere}
.card ul{padding-left:20px;margin:8px 0}
.call{margin:8px 0}
.method{display:inline-block;min-width:52px;padding:2px 8px;border-radius:10px;text-align:center;font-weight:700;font-size:13px;line-height:20px}
.get{background:var(--get);color:var(--get-text)}
.post{background:var(--post);color:var(--post-text)}
dl{display:grid;grid-template-columns:minmax(88px,max-content) minmax(0,1fr);gap:6px 16px;margin:12px 0 0;font-size:15px;line-height:22px}
dt{color:var(--ink2)}
dd{margin:0}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:12px 0;font-size:15px;line-height:22px}
th,td{text-align:left;vertical-align:top;padding:8px 16px 8px 0;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:break-word}
thead th{color:var(--ink2);font-size:14px}
td:last-child{min-width:220px}
summary{cursor:pointer;padding:8px 0;font-size:15px;font-weight:600}
pre{margin:0;padding:16px;border-radius:12px;background:var(--sunken);overflow-x:auto}
@media (min-width:960px){body{display:grid;grid-template-columns:280px minmax(0,1fr)}nav{position:sticky;top:0;height:100vh;overflow-y:auto;border:0;border-right:1px solid var(--line)}nav ul ul{display:block;padding-left:12px}nav>ul>li{margin-bottom:8px}main{padding:32px 40px 96px}}
@media print{nav,.skip{display:none}body{display:block}.card{box-shadow:none;border:1px solid var(--line);break-inside:avoid}}
`;
