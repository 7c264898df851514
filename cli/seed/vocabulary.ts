/** What the generated marketplace is made of. Names are invented. */

export interface City {
  readonly name: string;
  readonly region: string;
}

export const cities: readonly City[] = [
  { name: 'Austin', region: 'US' },
  { name: 'Chicago', region: 'US' },
  { name: 'Portland', region: 'US' },
  { name: 'Bristol', region: 'GB' },
  { name: 'Edinburgh', region: 'GB' },
  { name: 'London', region: 'GB' },
  { name: 'Bordeaux', region: 'FR' },
  { name: 'Lyon', region: 'FR' },
  { name: 'Paris', region: 'FR' },
  { name: 'Berlin', region: 'DE' },
  { name: 'Hamburg', region: 'DE' },
  { name: 'Munich', region: 'DE' },
];

export interface Craft {
  /** The category's slug. */
  readonly category: string;
  /** Ends a vendor's name. */
  readonly trade: readonly string[];
  /** What a piece shows; the title puts a style before it. */
  readonly subjects: readonly string[];
  readonly sentences: readonly string[];
  readonly tags: readonly string[];
}

export const crafts: readonly Craft[] = [
  {
    category: 'photography',
    trade: ['Photography', 'Studio', 'Pictures'],
    subjects: [
      'wedding portraits',
      'engagement session',
      'first-look photographs',
      'getting-ready album',
      'reception photographs',
    ],
    sentences: [
      'Natural light, two cameras and no stiff poses.',
      'Delivered as an online gallery and a linen album.',
      'We stayed until the last dance.',
    ],
    tags: ['portraits', 'documentary', 'film', 'golden-hour', 'black-and-white'],
  },
  {
    category: 'floristry',
    trade: ['Flowers', 'Floral Design', 'Blooms'],
    subjects: [
      'bridal bouquet',
      'ceremony arch',
      'table centrepieces',
      'hanging installation',
      'flower crowns',
    ],
    sentences: [
      'Stems came from growers within an hour of the venue.',
      'Everything was composted or given away afterwards.',
      'Built on site in one morning, without floral foam.',
    ],
    tags: ['roses', 'peonies', 'dried-flowers', 'greenery', 'wild-flowers'],
  },
  {
    category: 'venues',
    trade: ['House', 'Barn', 'Gardens'],
    subjects: ['courtyard dinner', 'ballroom reception', 'garden ceremony', 'rooftop party', 'barn wedding'],
    sentences: [
      'Seats 120 inside, with room for the band.',
      'The garden is yours from noon to midnight.',
      'A wet-weather plan is part of every booking.',
    ],
    tags: ['outdoor', 'ballroom', 'garden', 'rooftop', 'barn'],
  },
  {
    category: 'planning',
    trade: ['Events', 'Planning', 'Celebrations'],
    subjects: ['weekend wedding', 'elopement', 'anniversary party', 'engagement dinner', 'civil ceremony'],
    sentences: [
      'Planned in five months with one shared list.',
      'The timeline had an hour to spare, and needed it.',
      'Forty suppliers, one telephone number.',
    ],
    tags: ['timeline', 'budget', 'elopement', 'full-service', 'day-of'],
  },
  {
    category: 'catering',
    trade: ['Kitchen', 'Catering', 'Table'],
    subjects: [
      'harvest supper',
      'canapé reception',
      'family-style feast',
      'tasting menu',
      'late-night street food',
    ],
    sentences: [
      'The menu follows the market of the week.',
      'Half of the dishes are vegan, and nobody noticed.',
      'Served on long tables, to pass around.',
    ],
    tags: ['vegan', 'family-style', 'canapes', 'street-food', 'local-produce'],
  },
  {
    category: 'cakes',
    trade: ['Cakes', 'Patisserie', 'Bakery'],
    subjects: ['tiered wedding cake', 'dessert table', 'naked cake', 'croquembouche', 'macaron tower'],
    sentences: [
      'Three tiers of lemon, elderflower and almond.',
      'Decorated with pressed flowers that one can eat.',
      'A gluten-free tier hides at the top.',
    ],
    tags: ['buttercream', 'gluten-free', 'chocolate', 'sugar-flowers', 'dessert-table'],
  },
  {
    category: 'music',
    trade: ['Quartet', 'Band', 'Sound'],
    subjects: [
      'string quartet set',
      'jazz hour',
      'first-dance arrangement',
      'vinyl dance floor',
      'acoustic ceremony',
    ],
    sentences: [
      'The set list was agreed with both families.',
      'Ninety minutes live, then records until two.',
      'We bring our own light and sound.',
    ],
    tags: ['strings', 'jazz', 'live-band', 'dj', 'acoustic'],
  },
  {
    category: 'stationery',
    trade: ['Press', 'Paper', 'Letters'],
    subjects: [
      'letterpress invitations',
      'save-the-date cards',
      'menu and place cards',
      'hand-drawn map',
      'seating chart',
    ],
    sentences: [
      'Printed by hand on cotton paper.',
      'Envelopes were addressed with a dip pen.',
      'The map shows every place that matters to them.',
    ],
    tags: ['letterpress', 'calligraphy', 'watercolour', 'cotton-paper', 'wax-seal'],
  },
  {
    category: 'decor',
    trade: ['Interiors', 'Atelier', 'Props'],
    subjects: ['table setting', 'lounge corner', 'candle-lit aisle', 'draped ceiling', 'ceremony backdrop'],
    sentences: [
      'Linen, brass and four hundred candles.',
      'All furniture is for hire, and fits in one van.',
      'Set up in three hours, gone before breakfast.',
    ],
    tags: ['candles', 'linen', 'lighting', 'drapery', 'tableware'],
  },
  {
    category: 'beauty',
    trade: ['Beauty', 'Hair and Make-up', 'Salon'],
    subjects: [
      'soft bridal make-up',
      'braided updo',
      'bridal party styling',
      'groom grooming session',
      'trial and skin plan',
    ],
    sentences: [
      'A trial six weeks before takes the worry out of the morning.',
      'Made to last through tears and dancing.',
      'Two artists, seven faces, three hours.',
    ],
    tags: ['updo', 'natural-look', 'braids', 'trial', 'grooming'],
  },
];

/** What people's tastes are made of, beside the crafts. */
export const styles = [
  'rustic',
  'modern',
  'bohemian',
  'classic',
  'romantic',
  'minimalist',
  'vintage',
  'coastal',
  'woodland',
  'industrial',
] as const;

export const palettes = [
  'blush',
  'ivory',
  'sage',
  'terracotta',
  'navy',
  'burgundy',
  'lavender',
  'gold',
] as const;

export const seasons = ['spring', 'summer', 'autumn', 'winter'] as const;

/** A vendor is called after two of these. */
export const names: readonly string[] = [
  'Alder',
  'Amber',
  'Anise',
  'Ash',
  'Aster',
  'Birch',
  'Briar',
  'Calla',
  'Cedar',
  'Clover',
  'Coral',
  'Dahlia',
  'Elm',
  'Fern',
  'Fig',
  'Finch',
  'Flint',
  'Hazel',
  'Heron',
  'Iris',
  'Ivory',
  'Ivy',
  'Juniper',
  'Lark',
  'Laurel',
  'Linden',
  'Lumen',
  'Magnolia',
  'Maple',
  'Marlow',
  'Mason',
  'Meadow',
  'Mint',
  'Myrtle',
  'Oak',
  'Olive',
  'Opal',
  'Orchard',
  'Pearl',
  'Pine',
  'Plum',
  'Poppy',
  'Quill',
  'Quince',
  'Rosewood',
  'Rowan',
  'Rue',
  'Sable',
  'Saffron',
  'Sage',
  'Sorrel',
  'Swift',
  'Tansy',
  'Thistle',
  'Thyme',
  'Velvet',
  'Vesper',
  'Willow',
  'Wren',
  'Yarrow',
];
