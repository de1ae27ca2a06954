// Collections to begin with. They only fill the editor: each is shown, and changed at will, before
// it is made. A function gets the names that those before it were made under.

const OWN = {
  list: 'ownerId == auth.id',
  view: 'ownerId == auth.id',
  create: 'ownerId == auth.id',
  update: 'previous.ownerId == auth.id && ownerId == auth.id',
  delete: 'ownerId == auth.id',
};

const notes = () => ({
  name: 'notes',
  fields: [
    { name: 'owner_id', type: 'relation', collection: 'users', onDelete: 'cascade', required: true },
    { name: 'title', type: 'text', required: true, max: 200, searchable: true },
    { name: 'text', type: 'text', max: 20_000, searchable: true },
    { name: 'is_done', type: 'boolean', default: false },
  ],
  rules: OWN,
});

const posts = () => ({
  name: 'posts',
  history: true,
  fields: [
    { name: 'author_id', type: 'relation', collection: 'users', onDelete: 'restrict', required: true },
    { name: 'title', type: 'text', required: true, max: 200, searchable: true },
    { name: 'body', type: 'text', max: 50_000, searchable: true },
    { name: 'status', type: 'select', options: ['draft', 'published'], default: 'draft' },
    { name: 'published_at', type: 'datetime' },
  ],
  indexes: [{ fields: ['status', '-created_at'] }],
  rules: {
    list: 'status == "published" || authorId == auth.id',
    view: 'status == "published" || authorId == auth.id',
    create: 'authorId == auth.id',
    update: 'previous.authorId == auth.id && authorId == auth.id',
    delete: 'authorId == auth.id',
  },
});

const comments = ([parent = 'posts']) => ({
  name: 'comments',
  fields: [
    { name: 'post_id', type: 'relation', collection: parent, onDelete: 'cascade', required: true },
    { name: 'author_id', type: 'relation', collection: 'users', onDelete: 'restrict', required: true },
    { name: 'text', type: 'text', required: true, max: 2_000 },
  ],
  rules: {
    list: 'post.status == "published"',
    view: 'post.status == "published"',
    create: 'authorId == auth.id && post.status == "published"',
    delete: 'authorId == auth.id',
  },
});

const orders = () => ({
  name: 'orders',
  fields: [
    { name: 'customer_id', type: 'relation', collection: 'users', onDelete: 'restrict', required: true },
    { name: 'number', type: 'text', required: true, unique: true, max: 32 },
    { name: 'total', type: 'decimal', scale: 2, min: '0.00', required: true },
    { name: 'status', type: 'select', options: ['pending', 'paid', 'shipped'], default: 'pending' },
    { name: 'paid_at', type: 'datetime' },
  ],
  indexes: [{ fields: ['status', '-created_at'] }],
  rules: {
    list: 'customerId == auth.id || auth.can("orders:read")',
    view: 'customerId == auth.id || auth.can("orders:read")',
  },
});

const items = ([parent = 'orders']) => ({
  name: 'order_items',
  fields: [
    { name: 'order_id', type: 'relation', collection: parent, onDelete: 'cascade', required: true },
    { name: 'product', type: 'text', required: true, max: 200 },
    { name: 'quantity', type: 'integer', min: 1, default: 1 },
    { name: 'price', type: 'decimal', scale: 2, min: '0.00', required: true },
  ],
  rules: {
    list: 'order.customerId == auth.id || auth.can("order_items:read")',
    view: 'order.customerId == auth.id || auth.can("order_items:read")',
  },
});

/** By their keys, which name their words: the collections in the order in which they are made. */
export const TEMPLATES = {
  notes: [notes],
  blog: [posts, comments],
  shop: [orders, items],
};
