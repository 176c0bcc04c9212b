import { chromium } from '@playwright/test';
import { startTill } from '../support/till-server.ts';
import { typeAsWedge } from '../support/wedge.ts';
import { giveDevices, devicesOf } from '../support/fake-devices.ts';
import { products, paymentCode } from '../support/codes.ts';
const till = await startTill({ timeScale: 20 });
const browser = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const cal='0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._/:?=&%+#,;()[]@$*!0123456789';
for (const [w,h] of [[1280,800],[1024,768],[390,844]]) for (const scheme of ['light','dark']) {
 const context = await browser.newContext({ baseURL: till.baseURL, viewport:{width:w,height:h}, colorScheme: scheme });
 await context.request.post('/api/auth/sign-in/username',{headers:{origin:till.baseURL},data:{username:'admin',password:'training'}});
 const page=await context.newPage(); const name=(n)=>`/tmp/shots/${n}-${w}-${scheme}.png`;
 await giveDevices(page, [{id:'front',road:'hid',name:'Front reader',vendorId:0x5e0,productId:0x1200,keepsGrant:false}]);
 await page.goto('/devices'); await page.getByRole('heading',{name:'Try a scan'}).waitFor();
 await typeAsWedge(page, products.cola.code); await page.getByRole('article').first().waitFor();
 await typeAsWedge(page,'SHELF-17',{gapMs:80}); await page.getByText('your gap is').waitFor();
 await page.screenshot({path:name('devices')});
 await page.getByRole('button',{name:'Connect: Camera'}).click(); await page.getByRole('button',{name:/^Settings of .*camera/i}).click(); await page.getByLabel('What the camera sees').waitFor(); await page.waitForTimeout(400);
 await page.getByLabel('What the camera sees').scrollIntoViewIfNeeded(); await page.screenshot({path:name('camera')});
 await page.getByRole('button',{name:'Calibrate',exact:true}).first().click(); await page.getByRole('dialog').waitFor(); await page.waitForTimeout(300);
 await page.screenshot({path:name('calibrate')});
 await typeAsWedge(page, cal,{gapMs:10}); await page.getByText('Save for this till').waitFor(); await page.screenshot({path:name('calibrated')});
 await page.goto('/settings'); await page.getByRole('button',{name:'Add a weight'}).click(); await page.getByRole('button',{name:'Add a price'}).click(); await page.getByLabel('Pattern, 13 characters').first().scrollIntoViewIfNeeded(); await page.evaluate(()=>{[...document.querySelectorAll('h2')].find(x=>/Weight and price/.test(x.textContent))?.scrollIntoView()}); await page.screenshot({path:name('patterns')});
 await page.goto('/refunds'); await page.getByRole('button',{name:'Scan with the camera'}).click(); await page.getByLabel('What the camera sees').waitFor(); await typeAsWedge(page, products.cola.code); await page.getByText('That is a product').waitFor(); await page.screenshot({path:name('refunds')});
 await context.close(); console.log(w,scheme);
}
await browser.close(); await till.stop();
