/**
 * What a tablet that came by plain http is shown: how to trust this shop's Till once, and where to go then. Without
 * scripts, and nothing of the shop in it: whoever is in the network may read it.
 */
import bwipjs from 'bwip-js';

export const authorityPath = '/till-authority.crt';

/**
 * @param {{ authority: string, secureAddress: string, joinAddress: string }} of
 *   `authority`: PEM; `secureAddress`: Till by https; `joinAddress`: this page, for the code that a tablet scans
 * @returns {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void}
 */
export function joinHandler({ authority, secureAddress, joinAddress }) {
  const page = joinPage({ secureAddress, joinAddress });
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://till');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (pathname === authorityPath) {
      response.writeHead(200, {
        'content-type': 'application/x-x509-ca-cert',
        'content-disposition': 'attachment; filename="till-authority.crt"',
        'cache-control': 'no-store'
      });
      response.end(authority);
    } else {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store'
      });
      response.end(page);
    }
  };
}

/** @param {{ secureAddress: string, joinAddress: string }} addresses */
function joinPage({ secureAddress, joinAddress }) {
  const code = bwipjs.toSVG({ bcid: 'qrcode', text: joinAddress, scale: 4 });
  const ways = [
    [
      'iPad, iPhone',
      [
        'Tap the button above, then Allow.',
        'Settings: Profile Downloaded, Install.',
        'Settings, General, About, Certificate Trust Settings: switch Till on.'
      ]
    ],
    [
      'Android',
      [
        'Tap the button above.',
        'Settings: search for “CA certificate”, Install anyway, and choose till-authority.crt.'
      ]
    ],
    [
      'Windows',
      [
        'Open the file, Install Certificate, Current User.',
        'Place it in “Trusted Root Certification Authorities”.'
      ]
    ],
    ['Mac', ['Open the file: Keychain Access takes it.', 'Double-click it there, Trust, Always Trust.']],
    [
      'Chromebook',
      ['Settings: search for “certificates”, Authorities, Import.', 'Tick “Trust for identifying websites”.']
    ]
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bring this tablet to Till</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Bring this tablet to Till</h1>
<p class="lead">Scanners and the camera work on safe pages only, so this tablet must learn once to trust your shop’s Till.</p>
<ol class="steps">
<li><h2>Get the shop’s certificate</h2>
<p><a class="button" href="${authorityPath}" download>Get the certificate</a></p>
<p class="quiet">It vouches for addresses inside of your network only, never for any other site.</p></li>
<li><h2>Trust it</h2>
${ways
  .map(
    ([name, steps], at) =>
      `<details${at === 0 ? ' open' : ''} name="way"><summary>${name}</summary><ol>${steps.map((step) => `<li>${step}</li>`).join('')}</ol></details>`
  )
  .join('\n')}</li>
<li><h2>Open Till</h2>
<p><a class="button" href="${secureAddress}">Open ${new URL(secureAddress).host}</a></p>
<p class="quiet">If the browser warns, step 2 is not done yet. Do not press past the warning: the scanner would not work.</p></li>
</ol>
<section class="other"><div class="code" role="img" aria-label="A code for this page">${code}</div>
<p>Another tablet? Scan this code with its camera.<br><span class="quiet">${joinAddress}</span></p></section>
</main>
</body>
</html>
`;
}

/** The house's ink on paper, light and dark. */
const style = `
:root{color-scheme:light dark;--canvas:#f5f4f0;--surface:#fff;--line:#dddad2;--ink:#1b1a17;--ink2:#55524a;--on-ink:#fff}
@media (prefers-color-scheme:dark){:root{--canvas:#141311;--surface:#1e1d1a;--line:#38352f;--ink:#f5f3ec;--ink2:#c2bdb1;--on-ink:#1b1a17}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--ink);font:16px/24px Inter,system-ui,sans-serif}
main{max-width:640px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:28px;line-height:36px;letter-spacing:-.02em;margin:0 0 8px}
h2{font-size:18px;line-height:24px;margin:0 0 8px}
p{margin:0 0 12px}
.lead,.quiet{color:var(--ink2)}
.quiet{font-size:14px;line-height:20px}
.steps{list-style:none;counter-reset:step;padding:0;margin:24px 0}
.steps>li{counter-increment:step;background:var(--surface);border:1px solid var(--line);border-radius:18px;padding:20px 20px 8px 64px;margin:0 0 12px;position:relative}
.steps>li::before{content:counter(step);position:absolute;left:20px;top:18px;width:28px;height:28px;border-radius:14px;background:var(--ink);color:var(--on-ink);text-align:center;line-height:28px;font-weight:600}
.button{display:inline-flex;align-items:center;min-height:64px;padding:0 24px;border-radius:16px;background:var(--ink);color:var(--on-ink);font-size:18px;font-weight:600;text-decoration:none;overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
details{border-top:1px solid var(--line)}
summary{min-height:44px;padding:10px 0;font-weight:500;cursor:pointer}
details ol{margin:0 0 12px;padding-left:20px}
.other{display:flex;gap:20px;align-items:center}
.code{flex:none;width:132px;height:132px;padding:10px;background:#fff;border-radius:14px}
.code svg{width:112px;height:112px;display:block}
@media (max-width:480px){.steps>li{padding:64px 16px 8px}.steps>li::before{left:16px}.button{width:100%;justify-content:center}}
`;
