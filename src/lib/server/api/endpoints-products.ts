/** Keeping the catalogue: products, categories, tax rates. */
import { productShows, productSorts } from '$lib/wire/products';
import { idParameter, type Endpoint } from './endpoint';

const group = 'Products';

export const productEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/api/products',
    group,
    title: 'Find products',
    description:
      'A page of at most fifty. Every word of the text must begin a word of the name; four digits or more also find barcodes by either end.',
    parameters: [
      {
        name: 'text',
        in: 'query',
        description: 'A part of the name, or a barcode.',
        schema: { type: 'string', maxLength: 100 },
        example: 'croiss'
      },
      {
        name: 'show',
        in: 'query',
        description: 'What is sold, what waits to be tidied, or what is no longer sold.',
        schema: { type: 'string', enum: productShows, default: 'sold' }
      },
      {
        name: 'category',
        in: 'query',
        description: 'Only products of this category.',
        schema: { type: 'string' }
      },
      {
        name: 'sort',
        in: 'query',
        description: '`position` is the order of the tiles.',
        schema: { type: 'string', enum: productSorts, default: 'position' }
      },
      {
        name: 'descending',
        in: 'query',
        description: '1: the other way round.',
        schema: { type: 'string', enum: ['0', '1'], default: '0' }
      },
      {
        name: 'page',
        in: 'query',
        description: 'From 1; a page after the last one is the last one.',
        schema: { type: 'integer', minimum: 1, default: 1 }
      }
    ],
    answers: [{ status: 200, description: 'The page.', schema: 'Products' }],
    problems: ['bad_request']
  },
  {
    method: 'POST',
    path: '/api/products',
    group,
    title: 'Add a product',
    description:
      'The caller makes the id: the same request sent again adds nothing. Barcodes are kept as 14 digits; a wrong check digit is refused, and so is a code that another product has.',
    body: 'NewProduct',
    answers: [
      { status: 201, description: 'Added.', schema: 'Product' },
      { status: 200, description: 'It was there already.', schema: 'Product' }
    ],
    problems: ['not_found', 'barcode_wrong', 'barcode_taken']
  },
  {
    method: 'POST',
    path: '/api/products/import',
    group,
    title: 'Import a list of products',
    description:
      'CSV as text, its columns named by their places. One bad row, and nothing is imported: the report says of each what is wrong. A row belongs to the product with its id, else its barcode, else its name; an empty cell changes nothing, and no barcode is taken away. The body may have 8 MB.',
    body: 'ImportProducts',
    answers: [{ status: 200, description: 'What was done, or would be.', schema: 'ImportReport' }],
    problems: ['not_found', 'too_large']
  },
  {
    method: 'GET',
    path: '/api/products/export',
    group,
    title: 'All products as a list',
    description: 'A CSV file that the import takes back.',
    answers: [{ status: 200, description: 'The file.', mediaType: 'text/csv' }],
    problems: ['not_found']
  },
  {
    method: 'GET',
    path: '/api/products/{id}',
    group,
    title: 'A product and the history of its price',
    description: 'Prices are versions: none is ever rewritten.',
    parameters: [idParameter('The product.')],
    answers: [{ status: 200, description: 'The product.', schema: 'Product' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/products/{id}',
    group,
    title: 'Change a product',
    description:
      'Only what the body names changes. Another price is a new version with who and why. Registers hear of it at once.',
    parameters: [idParameter('The product.')],
    body: 'ChangeProduct',
    answers: [{ status: 200, description: 'As it is now.', schema: 'Product' }],
    problems: ['not_found', 'barcode_wrong', 'barcode_taken']
  },
  {
    method: 'POST',
    path: '/api/catalogue/products',
    group,
    title: 'Add what was scanned and nobody knew',
    description:
      '“Add it now” at the counter. The product waits to be tidied. Where the code has a product by now, that one is the answer, with its own price.',
    body: 'AddNow',
    answers: [
      { status: 201, description: 'Added.', schema: 'AddedNow' },
      { status: 200, description: 'The product that has the code already.', schema: 'AddedNow' }
    ],
    problems: ['not_found', 'barcode_wrong', 'barcode_taken']
  },
  {
    method: 'GET',
    path: '/api/categories',
    group,
    title: 'Categories and tax rates',
    description: 'With how many products each has.',
    answers: [{ status: 200, description: 'Both lists.', schema: 'Groups' }]
  },
  {
    method: 'POST',
    path: '/api/categories',
    group,
    title: 'Save a category',
    description: 'A new one, or another name and colour for the one with this id.',
    body: 'SaveCategory',
    answers: [{ status: 200, description: 'Both lists as they are now.', schema: 'Groups' }],
    problems: ['name_taken']
  },
  {
    method: 'POST',
    path: '/api/categories/{id}/remove',
    group,
    title: 'Remove a category',
    description: 'Only one that no product has.',
    parameters: [idParameter('The category.')],
    answers: [{ status: 200, description: 'Both lists as they are now.', schema: 'Groups' }],
    problems: ['still_used']
  },
  {
    method: 'POST',
    path: '/api/tax-rates',
    group,
    title: 'Save a tax rate',
    description: 'A new one, or another name and rate for the one with this id. Paid orders keep theirs.',
    body: 'SaveTaxRate',
    answers: [{ status: 200, description: 'Both lists as they are now.', schema: 'Groups' }],
    problems: ['name_taken']
  },
  {
    method: 'POST',
    path: '/api/tax-rates/{id}/remove',
    group,
    title: 'Remove a tax rate',
    description: 'Only one that no product has, and never the last one.',
    parameters: [idParameter('The tax rate.')],
    answers: [{ status: 200, description: 'Both lists as they are now.', schema: 'Groups' }],
    problems: ['still_used']
  }
];
