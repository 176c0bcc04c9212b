/** The shop's settings, and whether it and its gateway understand each other. */
import type { Endpoint } from './endpoint';

export const settingsEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/api/shop',
    group: 'The shop',
    title: 'The shop’s settings',
    description: 'With what can’t be changed any more, and who changed what.',
    answers: [{ status: 200, description: 'The settings.', schema: 'ShopSettings' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/shop',
    group: 'The shop',
    title: 'Change settings of the shop',
    description:
      'What is left out stays. The currency is fixed once there are prices or orders, the tax once there are orders. Registers hear of it. To raise the limit of refunds by PIN needs the own password (`ownPassword`), unless it was typed in this session in the last five minutes.',
    body: 'SaveShop',
    answers: [{ status: 200, description: 'The settings as they are now.', schema: 'ShopSettings' }],
    problems: ['wrong_password', 'proof_needed', 'too_many_tries', 'not_found', 'setting_fixed']
  },
  {
    method: 'POST',
    path: '/api/connection-check',
    group: 'Gateway',
    title: 'Check the connection to the gateway',
    description:
      'One signed question about a number that no payment has. Moves no money. In training it asks the training gateway.',
    answers: [{ status: 200, description: 'What was found, and what to do.', schema: 'ConnectionCheck' }]
  },
  {
    method: 'GET',
    path: '/api/opening',
    group: 'The shop',
    title: 'What the opening check of a register asks',
    description:
      'The server’s clock, and whether the gateway understands this shop: asked at most every 15 seconds, as the connection check does. Moves no money.',
    answers: [{ status: 200, description: 'Clock and gateway.', schema: 'Opening' }]
  }
];
