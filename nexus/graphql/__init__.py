"""GraphQL over HTTP: the schema's public content fields, limits before any SQL, and GraphiQL."""
