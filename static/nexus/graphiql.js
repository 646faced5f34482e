// Starts GraphiQL on the address that it was loaded from.
const EXAMPLE = `# Products with their prices and what is there of them. Ctrl-Space completes, Ctrl-Enter runs.
{
  products(first: 5, sort: NEWEST) {
    totalCount
    edges {
      node {
        title
        url
        priceFrom { amount currency }
        variants {
          sku
          stock { status available }
        }
      }
    }
  }
}
`;

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: window.location.pathname }),
    defaultQuery: EXAMPLE,
    isHeadersEditorEnabled: false,
  }),
);
