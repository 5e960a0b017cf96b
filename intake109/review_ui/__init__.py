"""The web application an inspector looks at: server-rendered pages, live by SSE. `bootstrap` builds its `Parts`."""
